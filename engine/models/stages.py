"""Stages: the layers of a model in their order, so that a pass which changes only a late one begins there.

Switching off a head of layer 9 leaves layers 0 to 8 as they were: what they gave for a batch is kept once and handed
out again. The values are the same ones, so the result is the same, bit for bit, and switching off every head in turn
costs about half. Other threads that use the model meanwhile notice nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary

from torch import nn
from transformers import PreTrainedModel

from engine.models.classifier import TextClassifier
from engine.models.fusion import FusionClassifier
from engine.models.lens import SELF_ATTENTION
from engine.models.mechanisms import num_attention_layers
from engine.models.recurrent import RecurrentClassifier
from engine.models.transformer import TransformerClassifier

_STAGES: WeakKeyDictionary[nn.Module, int] = WeakKeyDictionary()


class Course:
    """What every stage gave for one batch in a pass `recorded`; in one that is `shortened` the stages before `first`
    give it again."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._given: dict[int, Any] = {}

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """This thread's pass inside is computed whole, and kept."""
        with self._followed(None):
            yield

    @contextmanager
    def shortened(self, first: int) -> Iterator[None]:
        """This thread's pass inside begins at the stage `first`."""
        with self._followed(first):
            yield

    def give(self, number: int, compute: Callable[[], Any]) -> Any:
        """What a stage gives now: `compute` it, or hand it out."""
        if self._first is not None:
            return self._given[number] if number < self._first else compute()
        self._given[number] = compute()
        return self._given[number]

    @contextmanager
    def _followed(self, first: int | None) -> Iterator[None]:
        self._first = first
        token = _COURSE.set(self)
        try:
            yield
        finally:
            _COURSE.reset(token)


_COURSE: ContextVar[Course | None] = ContextVar("course", default=None)


def divide(model: PreTrainedModel) -> int:
    """How many stages the model is divided into; 0 for one whose layers are not known. Done once a model."""
    if model not in _STAGES:
        stages = _stages_of(model)
        for number, stage in enumerate(stages):
            _watch(stage, number)
        _STAGES[model] = len(stages)
    return _STAGES[model]


def first_changed(model: PreTrainedModel, name: str, layer: int) -> tuple[int, int]:
    """The first stage that the heads of a map's layer have a part in, and how many maps are computed before it."""
    if name == SELF_ATTENTION:
        return layer, layer
    assert isinstance(model, TextClassifier), "only our models have a pooling's map"
    return divide(model), model.attention_names.count(SELF_ATTENTION)


def _stages_of(model: PreTrainedModel) -> list[nn.Module]:
    """Our blocks, and what reads their states; of other models the list of as many modules as there are maps."""
    if isinstance(model, TextClassifier):
        found: list[nn.Module] = []
        if isinstance(model, TransformerClassifier | FusionClassifier):
            found += model.blocks.blocks
        if isinstance(model, RecurrentClassifier | FusionClassifier):
            found.append(model.layers)
        return found
    count = num_attention_layers(model)
    lists = [module for module in model.modules() if isinstance(module, nn.ModuleList) and len(module) == count]
    return list(lists[0]) if len(lists) == 1 else []


def _watch(stage: nn.Module, number: int) -> None:
    compute = stage.forward

    def forward(*values: Any, **options: Any) -> Any:
        course = _COURSE.get()
        if course is None:
            return compute(*values, **options)
        return course.give(number, lambda: compute(*values, **options))

    stage.forward = forward
