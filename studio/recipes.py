"""The recipes that come with Attune, small to large, as configs ready to start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from engine.config.run import RunConfig, from_yaml
from engine.messages import Message
from studio.resources import resource
from studio.translation import words

QUICK_LOOK = "quick-look"
_SMALL_TO_LARGE = (QUICK_LOOK, "lstm-baseline", "attention", "transformer", "fusion")


@dataclass(frozen=True)
class Recipe:
    """A config under its file's name."""

    key: str
    config: RunConfig

    @property
    def title(self) -> str:
        return words(Message(self.config.title))  # words: a recipe's

    @property
    def description(self) -> str:
        return words(Message(self.config.description))  # words: a recipe's


@cache
def recipes() -> tuple[Recipe, ...]:
    """Every recipe in `resources/recipes`; those of a new name come last. Raises InputError for a damaged file."""
    found = {path.stem: path for path in sorted(resource("recipes").glob("*.yaml"))}
    order = [key for key in _SMALL_TO_LARGE if key in found]
    order += [key for key in found if key not in _SMALL_TO_LARGE]
    return tuple(Recipe(key, from_yaml(found[key])) for key in order)


def recipe(key: str) -> Recipe:
    """Raises KeyError for a name that is not shipped."""
    for one in recipes():
        if one.key == key:
            return one
    raise KeyError(key)
