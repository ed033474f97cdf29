"""Adversary: which losses of a batch are learned, one after the other. Without one it is the plain loss alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import torch
from torch import nn
from transformers import PreTrainedModel

from engine.data.tokens.batches import Batch

Lesson = tuple[torch.Tensor, float]
"""The sum of the rows' losses, and how much its gradient counts."""


class Learner(Protocol):
    """What one update asks of a task."""

    def player(self, name: str) -> nn.Module: ...
    def weight(self, player: str, batch: Batch) -> float: ...
    def loss(self, player: str, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]: ...


@runtime_checkable
class Sorter(Learner, Protocol):
    """What an adversary asks of a task beyond that: its model, and the loss in two halves."""

    @property
    def model(self) -> PreTrainedModel: ...
    def logits(self, batch: Batch) -> torch.Tensor: ...
    def loss_of_logits(self, logits: torch.Tensor, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]: ...


class Adversary(Protocol):
    """The losses of one micro-batch. Between two of them the caller computes the gradient of the first, which is what
    an adversary moves along."""

    def weight(self, task: Learner, player: str, batch: Batch) -> float:
        """What the losses after the first are divided by, over a whole update: their sum is then one mean."""

    def losses(self, task: Learner, player: str, batch: Batch) -> Iterator[Lesson]:
        """The first is that of the texts as they are (FreeLB: nearly so); it is divided by the task's own weight."""


class Plain:
    """Texts are learned as they are."""

    def weight(self, task: Learner, player: str, batch: Batch) -> float:
        return 0.0

    def losses(self, task: Learner, player: str, batch: Batch) -> Iterator[Lesson]:
        total, _ = task.loss(player, batch)
        yield total, 1.0


class AgainstModel:
    """`inner` acts on the player "model" alone; others, such as the one that guesses words, learn plainly."""

    def __init__(self, inner: Adversary) -> None:
        self._inner = inner
        self._plain = Plain()

    def weight(self, task: Learner, player: str, batch: Batch) -> float:
        return self._for(player).weight(task, player, batch)

    def losses(self, task: Learner, player: str, batch: Batch) -> Iterator[Lesson]:
        return self._for(player).losses(task, player, batch)

    def _for(self, player: str) -> Adversary:
        return self._inner if player == "model" else self._plain
