"""What dynamic accumulation goes by: the noise of the gradient, or the spread of the loss."""

from __future__ import annotations

import math
from typing import Any

import torch

from engine.config.accumulation import LossVarianceAccumulation, NoiseScaleAccumulation
from engine.training.gradient_meter import GradientNorms

_EVERY = 10
"""Updates between two decisions by noise; so often a single micro-batch makes way for two, to be measured."""
_WINDOW = 20
"""Updates between two decisions by the loss."""


class Smoothed:
    """A mean that forgets: of all values at first, later each new one counts `rate`. `spread` is their variance."""

    def __init__(self, rate: float) -> None:
        self.value = 0.0
        self.spread = 0.0
        self.num = 0
        self._rate = rate

    def take(self, value: float) -> None:
        self.num += 1
        rate = max(1 / self.num, self._rate)
        distance = value - self.value
        self.value += rate * distance
        self.spread = (1 - rate) * (self.spread + rate * distance**2)

    @property
    def error(self) -> float:
        """The standard error of `value`, were all values drawn alike."""
        return math.sqrt(self.spread * max(1 / max(self.num, 1), self._rate / (2 - self._rate)))

    def state(self) -> list[float]:
        return [self.value, self.spread, self.num]

    def restore(self, state: list[float]) -> None:
        self.value, self.spread, self.num = state[0], state[1], int(state[2])


class ByNoise:
    """As many texts an update as the simple noise scale says: B = tr(S) / |G|^2, S the gradients' covariance over texts
    and G their mean (McCandlish 2018, appendix A.1).

    Both are told apart by E|g of b texts|^2 = |G|^2 + tr(S) / b at two sizes b, and smoothed before the division. The
    number changes at every 10th update, at most by a factor of 2.
    """

    def __init__(self, spec: NoiseScaleAccumulation, micro_batch_size: int) -> None:
        self._maximum = spec.maximum
        self._micro_batch_size = micro_batch_size
        self._chosen = spec.first
        self._num_updates = 0
        self._slope = Smoothed(rate=0.05)
        self._noise = Smoothed(rate=0.05)
        self._waiting: list[GradientNorms] = []

    @property
    def num_next(self) -> int:
        """A single micro-batch shows no noise: so every 10th update takes two."""
        is_look = self._num_updates % _EVERY == _EVERY - 1
        return max(self._chosen, 2) if is_look else self._chosen

    @property
    def noise_scale(self) -> float | None:
        if self._noise.num == 0 or self._slope.value <= 0:
            return None
        return max(0.0, self._noise.value / self._slope.value)

    def observe(self, loss: torch.Tensor, norms: GradientNorms | None) -> None:
        """Of one update: its loss, a scalar on the device, and its gradient's norms where they were measured."""
        self._num_updates += 1
        if norms is not None:
            self._waiting.append(norms)
        if self._num_updates % _EVERY == 0:
            self._read()
            self._decide()

    def state(self) -> dict[str, Any]:
        self._read()
        return {
            "chosen": self._chosen,
            "num_updates": self._num_updates,
            "slope": self._slope.state(),
            "noise": self._noise.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self._waiting.clear()
        self._chosen, self._num_updates = int(state["chosen"]), int(state["num_updates"])
        self._slope.restore(state["slope"])
        self._noise.restore(state["noise"])

    def _read(self) -> None:
        """The device is asked once for all that waits. An update whose gradient was not finite tells nothing."""
        if not self._waiting:
            return
        values = torch.stack([torch.stack([one.small, one.big]) for one in self._waiting]).tolist()
        for (small, big), norms in zip(values, self._waiting, strict=True):
            if math.isfinite(small) and math.isfinite(big):
                per_small, per_big = 1 / norms.small_size, 1 / norms.big_size
                self._slope.take((big * per_small - small * per_big) / (per_small - per_big))
                self._noise.take((small - big) / (per_small - per_big))
        self._waiting.clear()

    def _decide(self) -> None:
        if self._noise.num == 0:
            return
        scale = self.noise_scale
        # no gradient that stands out of its noise: as many as may be
        wanted = self._maximum if scale is None else round(min(scale / self._micro_batch_size, self._maximum))
        within = min(max(wanted, math.ceil(self._chosen / 2)), self._chosen * 2)
        self._chosen = min(max(within, 1), self._maximum)


class BySpread:
    """Twice as many micro-batches once the mean loss falls by less than its own standard error over 20 updates."""

    def __init__(self, spec: LossVarianceAccumulation) -> None:
        self._maximum = spec.maximum
        self._chosen = spec.first
        self._num_updates = 0
        self._loss = Smoothed(rate=0.1)
        self._before: float | None = None
        self._waiting: list[torch.Tensor] = []

    @property
    def num_next(self) -> int:
        return self._chosen

    def observe(self, loss: torch.Tensor, norms: GradientNorms | None) -> None:
        """Of one update: its loss, a scalar on the device, and its gradient's norms where they were measured."""
        self._num_updates += 1
        self._waiting.append(loss.detach())
        if self._num_updates % _WINDOW == 0:
            self._read()
            self._decide()

    def state(self) -> dict[str, Any]:
        self._read()
        return {
            "chosen": self._chosen,
            "num_updates": self._num_updates,
            "loss": self._loss.state(),
            "before": self._before,
        }

    def restore(self, state: dict[str, Any]) -> None:
        self._waiting.clear()
        self._chosen, self._num_updates = int(state["chosen"]), int(state["num_updates"])
        self._loss.restore(state["loss"])
        self._before = state["before"]

    def _read(self) -> None:
        if self._waiting:
            for value in torch.stack(self._waiting).tolist():
                self._loss.take(value)
        self._waiting.clear()

    def _decide(self) -> None:
        before, self._before = self._before, self._loss.value
        # each of the two means has that error
        if before is None or before - self._loss.value >= math.sqrt(2) * self._loss.error:
            return
        if self._chosen < self._maximum:
            self._chosen = min(self._chosen * 2, self._maximum)
            self._loss = Smoothed(rate=0.1)  # larger batches spread less
            self._before = None
