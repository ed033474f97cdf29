"""Losses as a sum and its weight, so that any split of a batch adds up to the same mean; probabilities of logits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import torch
from torch import Tensor
from torch.nn import functional

from engine.config.losses import BinaryCrossEntropy, CrossEntropy, Focal, Loss, MeanSquaredError


def loss_of(logits: Tensor, labels: Tensor, loss: Loss, class_weights: Sequence[float] | None) -> tuple[Tensor, Tensor]:
    """(sum over the batch, its weight): over micro-batches, the loss is sum(sums) / sum(weights), exactly.

    `logits` [B, labels] ([B, 1] for mse); `labels` [B]: ids, or numbers for mse. The weight is the sum of the rows'
    class weights (the number of rows without them), as in torch's weighted means. Computed in float32.

    Label smoothing comes first, evenly among the labels, and the true label's weight afterwards: the labels that
    smoothing names are never weighed by their own rareness, or a rare one would be worth saying everywhere.

    Of several labels a text `labels` are [B, labels], 1 or 0: a row's loss is the mean over its yes-or-no questions,
    the class weights are those of each label's yes against its no, and every row weighs 1.
    """
    logits = logits.float()
    weights = _tensor_of(class_weights, logits)
    match loss:
        case CrossEntropy():
            total = _cross_entropy(logits, labels, weights, loss.label_smoothing)
        case BinaryCrossEntropy():
            ask = _several_questions if labels.ndim == 2 else _binary_cross_entropy
            total = ask(logits, labels, weights, loss.label_smoothing)
        case Focal():
            total = _focal(logits, labels, weights, loss.gamma)
        case MeanSquaredError():
            total = functional.mse_loss(logits.squeeze(-1), labels.float(), reduction="sum")
        case _:
            assert_never(loss)
    return total, weight_of(labels, loss, class_weights)


def weight_of(labels: Tensor, loss: Loss, class_weights: Sequence[float] | None) -> Tensor:
    """The weight of `loss_of` alone, known before any forward pass: a float32 scalar on the labels' device."""
    if class_weights is None or isinstance(loss, MeanSquaredError) or labels.ndim == 2:
        return torch.tensor(float(len(labels)), device=labels.device)
    return torch.tensor(class_weights, dtype=torch.float32, device=labels.device)[labels].sum()


def probabilities_of(logits: Tensor, loss: Loss, *, several: bool = False) -> Tensor:
    """[B, labels] that sum to 1: softmax, or each label's sigmoid over their sum for binary cross-entropy. Of `several`
    labels a text each has its own sigmoid.

    For mse the predicted number itself, [B, 1].
    """
    logits = logits.float()
    if several:
        return logits.sigmoid()
    match loss:
        case CrossEntropy() | Focal():
            return logits.softmax(dim=-1)
        case BinaryCrossEntropy():
            # softmax(log s) = s / sum(s), and stays right where every sigmoid is nearly 0
            return functional.logsigmoid(logits).softmax(dim=-1)
        case MeanSquaredError():
            return logits
        case _:
            assert_never(loss)


def _tensor_of(class_weights: Sequence[float] | None, logits: Tensor) -> Tensor | None:
    if class_weights is None:
        return None
    return torch.tensor(class_weights, dtype=logits.dtype, device=logits.device)


def _cross_entropy(logits: Tensor, labels: Tensor, weights: Tensor | None, smoothing: float) -> Tensor:
    """Each row's smoothed loss, times its true label's weight. (torch's own weighs the smoothed labels one by one.)"""
    rows = functional.cross_entropy(logits, labels, label_smoothing=smoothing, reduction="none")
    return (rows if weights is None else rows * weights[labels]).sum()


def _binary_cross_entropy(logits: Tensor, labels: Tensor, weights: Tensor | None, smoothing: float) -> Tensor:
    """One yes-or-no question a label; a row's loss is the mean over its labels, times its true label's weight."""
    num_labels = logits.shape[-1]
    targets = functional.one_hot(labels, num_labels).to(logits.dtype) * (1 - smoothing) + smoothing / num_labels
    rows = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none").mean(dim=-1)
    return (rows if weights is None else rows * weights[labels]).sum()


def _several_questions(logits: Tensor, labels: Tensor, weights: Tensor | None, smoothing: float) -> Tensor:
    """Any number of yeses a row; smoothing takes from each answer's certainty, half of it to either side. A true yes
    counts by its label's weight, a true no once."""
    true = labels.to(logits.dtype)
    targets = true * (1 - smoothing) + smoothing / 2
    answers = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    if weights is not None:
        answers = answers * (1 + (weights - 1) * true)
    return answers.mean(dim=-1).sum()


def _focal(logits: Tensor, labels: Tensor, weights: Tensor | None, gamma: float) -> Tensor:
    """(1 - p)^gamma * -log p of the true label (Lin 2017, eq. 4), with the class weight as alpha (eq. 5)."""
    negative_log = functional.cross_entropy(logits, labels, weights, reduction="none")
    log_p = -functional.cross_entropy(logits, labels, reduction="none")
    # 1 - p, held off 0: the slope of x^gamma there is infinite for gamma < 1
    doubt = (-torch.expm1(log_p)).clamp_min(1e-12)
    return (doubt**gamma * negative_log).sum()
