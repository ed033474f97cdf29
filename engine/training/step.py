"""One update: draw micro-batches, add up their gradients, clip, step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from torch import optim

from engine.config.optimizer import Clipping
from engine.data.tokens.batches import Batch
from engine.data.tokens.encoding import Encoded
from engine.tasks.task import LearnsAtOnce
from engine.training.adversary import Adversary, Plain
from engine.training.adversary.plain import Learner, Lesson
from engine.training.device import Placement
from engine.training.gradient_meter import GradientMeter
from engine.training.optimizers import clip

PLAIN = Plain()


@dataclass(frozen=True)
class Turn:
    """What one player's update left behind. `loss`, `norm` and `adversary_loss` are scalars still on the device.

    `loss` is the mean of the texts as they are; `adversary_loss` that of the losses that an adversary added, before
    its weight; None without one.
    """

    player: str
    loss: torch.Tensor
    norm: torch.Tensor
    rate: float
    rows: tuple[np.ndarray, ...]
    num_tokens: int
    padding_share: float
    adversary_loss: torch.Tensor | None = None


class _Sums:
    """The losses of one update, each micro-batch's share divided by the weight of all of them."""

    def __init__(self, weight: float, added_weight: float, device: torch.device) -> None:
        self.loss = torch.zeros((), device=device)
        self.added: torch.Tensor | None = None
        self._weight = weight
        self._added_weight = added_weight

    def take(self, place: int, lesson: Lesson) -> torch.Tensor:
        """What the gradient of a micro-batch's loss number `place` is to be computed of."""
        total, counts = lesson
        weight = self._added_weight if place else self._weight
        mean = total.detach() / weight
        if place:
            self.added = mean if self.added is None else self.added + mean
        else:
            self.loss += mean
        return total / (weight / counts)


def take_turn(
    task: Learner,
    player: str,
    batches: list[Batch],
    optimizer: optim.Optimizer,
    rate: float,
    clipping: Clipping,
    placement: Placement,
    scaler: torch.amp.GradScaler,
    *,
    adversary: Adversary = PLAIN,
    gradients: GradientMeter | None = None,
) -> Turn:
    """Update `player` once on the mean loss over all rows of all `batches`.

    The weight of the whole step is known before the first backward, so each micro-batch adds exactly its share:
    gradient = sum over batches of d(sum of row losses)/dw / (sum of row weights). Splitting a batch changes nothing.
    `gradients` sees each micro-batch's own gradient and that of all.
    """
    weights = list(task.player(player).parameters())
    shares = [task.weight(player, batch) for batch in batches]
    weight = sum(shares)
    sums = _Sums(weight, sum(adversary.weight(task, player, batch) for batch in batches), placement.device)
    optimizer.zero_grad(set_to_none=True)
    for batch, share in zip(batches, shares, strict=True):
        with gradients.watch(weights, len(batch), share / weight) if gradients else nullcontext():
            losses = adversary.losses(task, player, batch)
            for place, lesson in enumerate(_computed(losses, placement)):
                scaler.scale(sums.take(place, lesson)).backward()
    scale = scaler.scale(torch.ones((), device=placement.device)) if gradients else None
    scaler.unscale_(optimizer)
    norm = clip(clipping, weights)
    if gradients is not None and scale is not None:
        gradients.finish(norm, scale)
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("rate_scale", 1.0)  # a checkpoint of old has no scale
    scaler.step(optimizer)
    scaler.update()
    return Turn(
        player,
        sums.loss,
        norm.detach(),
        rate,
        tuple(batch.rows for batch in batches),
        sum(int(batch.attention_mask.sum()) for batch in batches),
        float(np.mean([batch.padding_share for batch in batches])),
        sums.added,
    )


def fitted_turn(task: LearnsAtOnce, player: str, encoded: Encoded) -> Turn:
    """A turn without a gradient: the player takes in all of `encoded` at once."""
    total, weight = task.fit(player, encoded)
    loss = total / weight
    rows, num_tokens = (encoded.rows,), int(encoded.lengths.sum())
    return Turn(player, loss, torch.zeros_like(loss), 0.0, rows, num_tokens, padding_share=0.0)


def _computed(losses: Iterator[Lesson], placement: Placement) -> Iterator[Lesson]:
    """The losses, each computed in the run's number format; what is done with one in between is not."""
    while True:
        with placement.autocast():
            lesson = next(losses, None)
        if lesson is None:
            return
        yield lesson
