"""One update: draw micro-batches, add up their gradients, clip, step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import nn, optim

from engine.config.optimizer import Clipping
from engine.data.batches import Batch
from engine.training.device import Placement
from engine.training.optimizers import clip


class Learner(Protocol):
    """What the step asks of a task."""

    def player(self, name: str) -> nn.Module: ...
    def weight(self, player: str, batch: Batch) -> float: ...
    def loss(self, player: str, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]: ...


@dataclass(frozen=True)
class Turn:
    """What one player's update left behind. `loss` and `norm` are scalars still on the device."""

    player: str
    loss: torch.Tensor
    norm: torch.Tensor
    rate: float
    rows: tuple[np.ndarray, ...]
    num_tokens: int
    padding_share: float


def take_turn(
    task: Learner,
    player: str,
    batches: list[Batch],
    optimizer: optim.Optimizer,
    rate: float,
    clipping: Clipping,
    placement: Placement,
    scaler: torch.amp.GradScaler,
) -> Turn:
    """Update `player` once on the mean loss over all rows of all `batches`.

    The weight of the whole step is known before the first backward, so each micro-batch adds exactly its share:
    gradient = sum over batches of d(sum of row losses)/dw / (sum of row weights). Splitting a batch changes nothing.
    """
    weight = sum(task.weight(player, batch) for batch in batches)
    optimizer.zero_grad(set_to_none=True)
    total = torch.zeros((), device=placement.device)
    for batch in batches:
        with placement.autocast():
            row_sum, _ = task.loss(player, batch)
            share = row_sum / weight
        scaler.scale(share).backward()
        total += share.detach()
    scaler.unscale_(optimizer)
    norm = clip(clipping, task.player(player).parameters())
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("rate_scale", 1.0)  # a checkpoint of old has no scale
    scaler.step(optimizer)
    scaler.update()
    return Turn(
        player,
        total,
        norm.detach(),
        rate,
        tuple(batch.rows for batch in batches),
        sum(int(batch.attention_mask.sum()) for batch in batches),
        float(np.mean([batch.padding_share for batch in batches])),
    )
