"""VAT: the answer must not change in the direction in which it would change most."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from engine.config.adversary import VAT
from engine.config.losses import BinaryCrossEntropy, Loss, MeanSquaredError
from engine.data.tokens.batches import Batch
from engine.errors import InputError
from engine.messages import message
from engine.models.answering import loss_choice_of
from engine.training.adversary.chance import Chance
from engine.training.adversary.moves import against, moved, real_tokens, unmoved
from engine.training.adversary.plain import Learner, Lesson, Sorter

_LIFT = 2.0**10
"""A trial step changes little: its gradient is lifted above what fp16 can still show. Its direction alone counts."""


class VirtualAdversary:
    """KL(p(text) || p(text + r)) with r the direction of the steepest change (Miyato 2017, eq. 5-6; Miyato 2018,
    algorithm 1), as a mean over all rows, labelled or not.

    The loss of the labels and the answer that must not change come from one pass. The passes of a batch share their
    dropout: the power iteration needs a divergence that is zero where nothing has moved.
    """

    def __init__(self, spec: VAT, task: Sorter) -> None:
        self._loss = loss_choice_of(task.model)
        if isinstance(self._loss, MeanSquaredError):
            raise InputError(
                message("The virtual adversary needs labels to choose from; this target is a number."),
                "training.adversary",
                message("Choose FGM or FreeLB."),
            )
        self._spec = spec
        self._task = task

    def weight(self, task: Learner, player: str, batch: Batch) -> float:
        """Rows, labelled and unlabelled ones alike."""
        return float(len(batch) + (0 if batch.unlabelled is None else len(batch.unlabelled)))

    def losses(self, task: Learner, player: str, batch: Batch) -> Iterator[Lesson]:
        chance = Chance(self._task.model.device)
        logits = self._task.logits(batch)
        total, _ = self._task.loss_of_logits(logits, batch)
        yield total, 1.0
        yield self._change(batch, logits.detach(), chance), self._spec.weight
        if batch.unlabelled is not None:
            chance = Chance(self._task.model.device)
            with torch.no_grad():
                logits = self._task.logits(batch.unlabelled)
            yield self._change(batch.unlabelled, logits, chance), self._spec.weight

    def _change(self, batch: Batch, clean: Tensor, chance: Chance) -> Tensor:
        """The divergence after the worst move of the length `norm`, a sum over rows."""
        is_real = real_tokens(batch, clean.device)
        direction = against(torch.randn_like(unmoved(self._task.model, batch)), is_real, 1.0)
        for _ in range(self._spec.power_iterations):
            trial = (self._spec.xi * direction).requires_grad_()
            change = divergence(clean, self._moved(batch, trial, chance), self._loss)
            with torch.autocast(clean.device.type, enabled=False):
                (slope,) = torch.autograd.grad(change * _LIFT, trial)  # of the move alone: no weight learns from it
            direction = against(slope, is_real, 1.0)
        return divergence(clean, self._moved(batch, self._spec.norm * direction, chance), self._loss)

    def _moved(self, batch: Batch, move: Tensor, chance: Chance) -> Tensor:
        with chance.again(), moved(self._task.model, move):
            return self._task.logits(batch)


def divergence(clean: Tensor, other: Tensor, loss: Loss) -> Tensor:
    """KL(p(clean) || p(other)) of logits [B, labels], summed over rows; float32.

    One distribution over the labels, or for binary cross-entropy one a label, of which the mean is taken as in its
    loss.
    """
    clean, other = clean.float(), other.float()
    if not isinstance(loss, BinaryCrossEntropy):
        return functional.kl_div(other.log_softmax(-1), clean.log_softmax(-1), reduction="sum", log_target=True)
    yes = clean.sigmoid() * (functional.logsigmoid(clean) - functional.logsigmoid(other))
    no = (-clean).sigmoid() * (functional.logsigmoid(-clean) - functional.logsigmoid(-other))
    return (yes + no).mean(dim=-1).sum()
