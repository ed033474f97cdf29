"""The recipes that a run can start from, small to large."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

from engine.config.run import RunConfig, from_yaml

ORDER = ("quick-look", "lstm-baseline", "attention", "transformer", "fusion")


@dataclass(frozen=True)
class Recipe:
    """A ready config under its file's name."""

    key: str
    config: RunConfig


@cache
def recipes() -> tuple[Recipe, ...]:
    """Every recipe that is shipped, in the order of `ORDER`. Raises InputError if a file of ours is damaged."""
    with as_file(files("resources") / "recipes") as folder:
        return tuple(Recipe(key, from_yaml(folder / f"{key}.yaml")) for key in ORDER)


def recipe(key: str) -> Recipe:
    """The recipe of that name, or the first one for a name that is not shipped."""
    return next((one for one in recipes() if one.key == key), recipes()[0])
