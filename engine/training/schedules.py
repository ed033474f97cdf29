"""RateSchedule: the learning rate of each step, changeable while it runs, exact after a resume."""

from __future__ import annotations

import math
from typing import Any, assert_never

from engine.config.optimizer import Constant, Noam, OneCycle, ReduceOnPlateau, Schedule, WarmupCosine, WarmupLinear


class RateSchedule:
    """`rate(step)` for steps from 1 to `total_steps`: base rate x shape of the spec x the person's own factor.

    Sources: linear and cosine with warm-up as in Vaswani 2017 and Loshchilov 2017; one-cycle with cosine halves as in
    Smith 2018; Noam as in Vaswani 2017, 5.3, whose highest rate is the base rate; plateau multiplies by
    `factor` after more than `patience` evaluations without a better loss.
    """

    def __init__(self, spec: Schedule, base_rate: float, total_steps: int) -> None:
        self._spec = spec
        self._base = base_rate
        self._total = total_steps
        self._by_hand = 1.0
        self._plateau = 1.0
        self._best_loss = math.inf
        self._num_worse = 0

    def rate(self, step: int) -> float:
        return self._base * self._shape(step) * self._plateau * self._by_hand

    def set_rate(self, step: int, rate: float) -> None:
        """The rate at `step` becomes `rate`; the shape goes on from there."""
        self._by_hand *= rate / max(self.rate(step), 1e-30)

    def observe(self, loss: float) -> None:
        """Tell the validation loss; only a plateau schedule listens."""
        if not isinstance(self._spec, ReduceOnPlateau):
            return
        if loss < self._best_loss:
            self._best_loss, self._num_worse = loss, 0
            return
        self._num_worse += 1
        if self._num_worse > self._spec.patience:
            self._plateau *= self._spec.factor
            self._num_worse = 0

    def state(self) -> dict[str, Any]:
        best = self._best_loss if math.isfinite(self._best_loss) else None
        return {"by_hand": self._by_hand, "plateau": self._plateau, "best_loss": best, "num_worse": self._num_worse}

    def restore(self, state: dict[str, Any]) -> None:
        self._by_hand, self._plateau = state["by_hand"], state["plateau"]
        self._best_loss = math.inf if state["best_loss"] is None else state["best_loss"]
        self._num_worse = state["num_worse"]

    def _shape(self, step: int) -> float:
        spec = self._spec
        match spec:
            case Constant() | ReduceOnPlateau():
                return self._warmup(step, spec.warmup_share)
            case WarmupLinear():
                left = 1.0 - self._past_warmup(step, spec.warmup_share)
                return self._warmup(step, spec.warmup_share) * (spec.final_share + (1.0 - spec.final_share) * left)
            case WarmupCosine():
                left = _cosine(self._past_warmup(step, spec.warmup_share))
                return self._warmup(step, spec.warmup_share) * (spec.final_share + (1.0 - spec.final_share) * left)
            case OneCycle():
                return self._one_cycle(step, spec)
            case Noam():
                peak = max(1, self._num_warmup(spec.warmup_share))
                return min(step / peak, math.sqrt(peak / step))
            case _:
                assert_never(spec)

    def _num_warmup(self, share: float) -> int:
        return round(share * self._total)

    def _warmup(self, step: int, share: float) -> float:
        num_warmup = self._num_warmup(share)
        return min(1.0, step / num_warmup) if num_warmup else 1.0

    def _past_warmup(self, step: int, share: float) -> float:
        """0 up to the end of the warm-up, 1 after the last step: the last update still moves a little."""
        num_warmup = self._num_warmup(share)
        rest = self._total - num_warmup
        return min(1.0, max(0.0, (step - 1 - num_warmup) / rest)) if rest > 0 else 0.0

    def _one_cycle(self, step: int, spec: OneCycle) -> float:
        done = (step - 1) / max(1, self._total - 1)
        low = 1.0 / spec.start_divisor
        if done < spec.rise_share:
            return 1.0 + (low - 1.0) * _cosine(done / spec.rise_share)
        end = low / spec.end_divisor
        return end + (1.0 - end) * _cosine((done - spec.rise_share) / (1.0 - spec.rise_share))


def _cosine(done: float) -> float:
    """1 at 0, 0 at 1, along half a cosine."""
    return 0.5 * (1.0 + math.cos(math.pi * min(1.0, max(0.0, done))))
