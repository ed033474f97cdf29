"""BestSoFar: which checkpoint counts as the best, and when waiting for a better one is over."""

from __future__ import annotations

import math
from typing import Any

from engine.config.best_checkpoint import BestCheckpoint
from engine.metrics.registry import metric_of
from engine.training.checkpoint import CheckpointScore


class BestSoFar:
    """A checkpoint counts by `spec.metric`; with precision only if its recall reaches the floor, as precision alone is
    won by a model that hardly ever says yes. `metric` is what the task makes of the choice (numbers have no F1). A
    metric that an evaluation could not measure, as AUC where one label alone occurs, is no best. Among equal values the
    lower loss is best: F1 stays 0 for long on rare labels, while the model learns to rank them."""

    def __init__(self, spec: BestCheckpoint, *, metric: str | None = None) -> None:
        self._spec = spec
        self.metric = metric or spec.metric
        self.step: int | None = None
        self._value: float | None = None
        self._loss = math.inf
        self._num_worse = 0

    @property
    def is_over(self) -> bool:
        return self._spec.patience is not None and self._num_worse >= self._spec.patience

    @property
    def score(self) -> CheckpointScore:
        return CheckpointScore(self.metric, self._value)

    def take(self, step: int, metrics: dict[str, float]) -> bool:
        """True when this evaluation is the best so far."""
        value, loss = metrics.get(self.metric, math.nan), metrics.get("loss", math.inf)
        if not self._counts(value, metrics) or not self._is_better(value, loss):
            self._num_worse += 1
            return False
        self.step, self._value, self._num_worse = step, value, 0
        self._loss = loss if math.isfinite(loss) else math.inf
        return True

    def state(self) -> dict[str, Any]:
        loss = self._loss if math.isfinite(self._loss) else None
        return {"step": self.step, "value": self._value, "loss": loss, "num_worse": self._num_worse}

    def restore(self, state: dict[str, Any]) -> None:
        """Where a checkpoint of an older version does not say the loss, the next equal value takes the place."""
        self.step, self._value, self._num_worse = state["step"], state["value"], state["num_worse"]
        loss = state.get("loss")
        self._loss = math.inf if loss is None else loss

    def to_json(self) -> dict[str, Any] | None:
        if self.step is None:
            return None
        return {"step": self.step, "metric": self.metric, "value": self._value}

    def _counts(self, value: float, metrics: dict[str, float]) -> bool:
        if not math.isfinite(value):
            return False
        return self.metric != "precision" or metrics["recall"] >= self._spec.recall_floor

    def _is_better(self, value: float, loss: float) -> bool:
        if self._value is None:
            return True
        if value == self._value:
            return loss < self._loss
        return value < self._value if metric_of(self.metric).lower_is_better else value > self._value
