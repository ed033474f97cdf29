"""The recipes that come with Attune, small to large, ready to start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from engine.messages import Message
from engine.resources import resource
from studio.translation import words

if TYPE_CHECKING:  # the choices load after the first paint
    from engine.config.run import RunConfig

QUICK_LOOK = "quick-look"
COUNTING = "word-counting"
"""What all else is held against."""
_SMALL_TO_LARGE = (
    QUICK_LOOK,
    "word-counting",
    "lstm-baseline",
    "attention",
    "three-in-one",
    "fraud-adversarial",
    "several-labels",
    "stars",
    "convolutional",
    "transformer",
    "fusion",
    "wide-and-deep",
    "bert-finetune",
    "text-gan",
    "text-gan-transformer",
    "text-gan-collapse",
    "squad-reader",
    "squad-reader-no-attention",
    "squad-bert",
    "translate-attention",
    "translate-no-attention",
    "translate-transformer",
    "summarise",
    "ngram",
    "lstm-lm",
    "transformer-lm",
    "chat",
)


_WAYS = frozenset(("three-in-one", "fraud-adversarial", "several-labels", "stars"))
"""Recipes whose point is the training or the data: their models are others' as well."""


@dataclass(frozen=True)
class Recipe:
    """A file of choices. Its title and description need only be read; `config` checks all of it when first asked for,
    and raises InputError for a damaged file."""

    path: Path

    @property
    def key(self) -> str:
        return self.path.stem

    @property
    def is_model(self) -> bool:
        """Whether it stands for its model, where models are chosen."""
        return self.key not in _WAYS

    @cached_property
    def tree(self) -> dict[str, Any]:
        """As it stands in the file, without the choices that it leaves as they are."""
        tree: dict[str, Any] = yaml.load(
            self.path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
        return tree

    @cached_property
    def config(self) -> RunConfig:
        from engine.config.run import from_yaml

        return from_yaml(self.path)

    @property
    def title(self) -> str:
        return words(Message(self.tree["title"]))  # words: a recipe's

    @property
    def description(self) -> str:
        return words(Message(self.tree["description"]))  # words: a recipe's


@cache
def recipes() -> tuple[Recipe, ...]:
    """Every recipe in `resources/recipes`; those of a new name come last."""
    found = {path.stem: path for path in sorted(resource("recipes").glob("*.yaml"))}
    order = [key for key in _SMALL_TO_LARGE if key in found]
    order += [key for key in found if key not in _SMALL_TO_LARGE]
    return tuple(Recipe(found[key]) for key in order)


def recipe(key: str) -> Recipe:
    """Raises KeyError for a name that is not shipped."""
    for one in recipes():
        if one.key == key:
            return one
    raise KeyError(key)
