"""The best checkpoint is not won by saying little."""

from __future__ import annotations

import math

from engine.config.training import BestCheckpoint
from engine.training.best import BestSoFar


def scores(f1: float, precision: float, recall: float, loss: float = 1.0) -> dict[str, float]:
    return {"f1": f1, "precision": precision, "recall": recall, "loss": loss}


def test_precision_counts_only_above_the_recall_floor() -> None:
    best = BestSoFar(BestCheckpoint(metric="precision", recall_floor=0.5))
    assert not best.take(80, scores(0.03, 1.0, 0.013))
    assert best.take(160, scores(0.8, 0.9, 0.7))
    assert not best.take(240, scores(0.6, 0.99, 0.49))
    assert best.to_json() == {"step": 160, "metric": "precision", "value": 0.9}


def test_patience_counts_evaluations_without_a_better_value() -> None:
    best = BestSoFar(BestCheckpoint(patience=2))
    for step, f1 in enumerate((0.5, 0.6, 0.6, 0.55)):
        best.take(step, scores(f1, f1, f1))
    assert best.is_over and best.step == 1


def test_numbers_are_judged_by_loss() -> None:
    best = BestSoFar(BestCheckpoint(), metric="loss")
    assert best.take(1, {"loss": 2.0}) and best.take(2, {"loss": 1.0}) and not best.take(3, {"loss": math.nan})
    again = BestSoFar(BestCheckpoint(), metric="loss")
    again.restore(best.state())
    assert again.to_json() == {"step": 2, "metric": "loss", "value": 1.0}
