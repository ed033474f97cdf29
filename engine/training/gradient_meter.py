"""GradientMeter: how long the gradient of an update is, and those of its micro-batches: what its noise is told from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import Tensor, nn


class GradientNorms(NamedTuple):
    """Squared norms of mean gradients, scalars on the device: `small` is the mean over the micro-batches, `big` that of
    all rows; and the number of texts behind each (for unequal micro-batches what their noise amounts to)."""

    small: Tensor
    big: Tensor
    small_size: float
    big_size: float


class GradientMeter:
    """One update's. While a micro-batch is watched the gradient so far lies aside, so that a second copy of the
    gradient, and no third, is held; sums come out as they would without it."""

    def __init__(self) -> None:
        self._squares: list[Tensor] = []
        self._sizes: list[int] = []
        self._shares: list[float] = []
        self._big: Tensor | None = None

    @contextmanager
    def watch(self, weights: list[nn.Parameter], num_texts: int, share: float) -> Iterator[None]:
        """Inside, a micro-batch adds its gradient to `weights`; it is `share` of the update."""
        before = [weight.grad for weight in weights]
        for weight in weights:
            weight.grad = None
        yield
        own = [weight.grad for weight in weights if weight.grad is not None]
        if share > 0:
            self._squares.append((nn.utils.get_total_norm(own) / share).square())
            self._sizes.append(num_texts)
            self._shares.append(share)
        _add_back(weights, before)

    def finish(self, norm: Tensor, scale: Tensor) -> None:
        """The norm of the whole gradient, and what micro-batches' were multiplied by while they were watched:
        scalars."""
        self._big = norm.detach().square()
        self._squares = [square / scale.square() for square in self._squares]

    def norms(self) -> GradientNorms | None:
        """None for a single micro-batch: nothing differs from it."""
        if len(self._squares) < 2 or self._big is None:
            return None
        pairs = list(zip(self._shares, self._sizes, strict=True))
        return GradientNorms(
            torch.stack(self._squares).mean(),
            self._big,
            len(pairs) / sum(1 / size for _, size in pairs),
            1 / sum(share**2 / size for share, size in pairs),
        )


def _add_back(weights: list[nn.Parameter], before: list[Tensor | None]) -> None:
    """The gradient so far, added to the new one in place."""
    new: list[Tensor] = []
    old: list[Tensor] = []
    for weight, gradient in zip(weights, before, strict=True):
        if gradient is None:
            continue
        if weight.grad is None:
            weight.grad = gradient
        else:
            new.append(weight.grad)
            old.append(gradient)
    if new:
        torch._foreach_add_(new, old)
