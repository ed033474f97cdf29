"""How many micro-batches make one update: a fixed number, or one that is found while it trains."""

from __future__ import annotations

from typing import Any, Protocol, assert_never

import torch

from engine.config.accumulation import (
    Accumulation,
    FixedAccumulation,
    LossVarianceAccumulation,
    NoiseScaleAccumulation,
)
from engine.training.accumulation_rules import ByNoise, BySpread
from engine.training.gradient_meter import GradientMeter, GradientNorms


class AccumulationPlan:
    """`num_micro_batches` for the next update. A person can set it while the run goes on; then it stays."""

    def __init__(self, spec: Accumulation, micro_batch_size: int) -> None:
        self._rule = _make(spec, micro_batch_size)
        self._fixed = spec.first if self._rule is None else None

    @property
    def num_micro_batches(self) -> int:
        if self._fixed is not None or self._rule is None:
            return self._fixed or 1
        return self._rule.num_next

    @num_micro_batches.setter
    def num_micro_batches(self, count: int) -> None:
        self._fixed = count

    @property
    def noise_scale(self) -> float | None:
        """So many texts have as much noise in their mean gradient as it is long; None where that is not known."""
        return self._rule.noise_scale if isinstance(self._rule, ByNoise) else None

    def meter(self) -> GradientMeter | None:
        """What the next update's gradients are to be measured by; None where nobody asks for them."""
        wanted = self._fixed is None and isinstance(self._rule, ByNoise) and self.num_micro_batches > 1
        return GradientMeter() if wanted else None

    def observe(self, loss: torch.Tensor, meter: GradientMeter | None = None) -> None:
        """After an update: its mean loss (a scalar on the device) and what its meter saw."""
        if self._fixed is None and self._rule is not None:
            self._rule.observe(loss, None if meter is None else meter.norms())

    def state(self) -> dict[str, Any]:
        return {
            "num_micro_batches": self.num_micro_batches,
            "fixed": self._fixed,
            "rule": None if self._rule is None else self._rule.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """A checkpoint of old holds the number alone."""
        self._fixed = state.get("fixed", int(state["num_micro_batches"]))
        if self._rule is not None and state.get("rule") is not None:
            self._rule.restore(state["rule"])


class _Rule(Protocol):
    """Finds the number from what it observes."""

    @property
    def num_next(self) -> int: ...
    def observe(self, loss: torch.Tensor, norms: GradientNorms | None) -> None: ...
    def state(self) -> dict[str, Any]: ...
    def restore(self, state: dict[str, Any]) -> None: ...


def _make(spec: Accumulation, micro_batch_size: int) -> _Rule | None:
    match spec:
        case FixedAccumulation():
            return None
        case NoiseScaleAccumulation():
            return ByNoise(spec, micro_batch_size)
        case LossVarianceAccumulation():
            return BySpread(spec)
        case _:
            assert_never(spec)
