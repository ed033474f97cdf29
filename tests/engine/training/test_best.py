"""The best checkpoint is not won by saying little."""

from __future__ import annotations

import math

import pytest

from engine.config.best_checkpoint import BestCheckpoint
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


@pytest.mark.parametrize("metric", ["f1", "precision", "recall", "accuracy"])
def test_among_equal_values_the_lower_loss_is_best(metric: str) -> None:
    best = BestSoFar(BestCheckpoint(metric=metric, recall_floor=0.0, patience=2))
    losses = (0.5, 0.3, math.nan, 0.4, 0.2)
    taken = [
        best.take(step, dict.fromkeys(("f1", "precision", "recall", "accuracy"), 0.0) | {"loss": loss})
        for step, loss in enumerate(losses)
    ]
    assert taken == [True, True, False, False, True] and best.step == 4
    assert not best.is_over  # a lower loss is progress: patience begins anew
    assert best.take(5, dict.fromkeys(("f1", "precision", "recall", "accuracy"), 0.1) | {"loss": 9.0})


def test_equal_values_of_a_generator_are_told_apart_too() -> None:
    best = BestSoFar(BestCheckpoint(), metric="reverse_perplexity")
    found = [{"reverse_perplexity": 90.0, "loss": loss} for loss in (4.0, 3.0, 3.0)]
    assert [best.take(step, one) for step, one in enumerate(found)] == [True, True, False]
    assert best.take(9, {"reverse_perplexity": 80.0, "loss": 5.0})


def test_a_resumed_run_knows_the_loss_and_an_old_state_opens() -> None:
    best = BestSoFar(BestCheckpoint())
    best.take(1, scores(0.5, 0.5, 0.5, loss=0.3))
    again = BestSoFar(BestCheckpoint())
    again.restore(best.state())
    assert not again.take(2, scores(0.5, 0.5, 0.5, loss=0.31)) and again.take(3, scores(0.5, 0.5, 0.5, loss=0.29))
    old = BestSoFar(BestCheckpoint())
    old.restore({"step": 1, "value": 0.5, "num_worse": 0})
    assert old.take(2, scores(0.5, 0.5, 0.5, loss=0.3)) and not old.take(3, scores(0.4, 0.5, 0.5, loss=0.1))


def test_a_first_value_with_a_loss_that_is_none_gives_way() -> None:
    best = BestSoFar(BestCheckpoint())
    assert best.take(1, scores(0.5, 0.5, 0.5, loss=math.nan)) and best.take(2, scores(0.5, 0.5, 0.5, loss=7.0))
    assert best.state() == {"step": 2, "value": 0.5, "loss": 7.0, "num_worse": 0}


@pytest.mark.parametrize(("metric", "values", "best_step"), [("mae", (3.0, 1.0, 2.0), 1), ("r2", (0.1, 0.7, 0.4), 1)])
def test_the_registry_says_which_way_is_better(metric: str, values: tuple[float, ...], best_step: int) -> None:
    best = BestSoFar(BestCheckpoint(metric=metric))
    for step, value in enumerate(values):
        best.take(step, {metric: value, "loss": 0.0})
    assert best.step == best_step


def test_what_could_not_be_measured_is_no_best() -> None:
    best = BestSoFar(BestCheckpoint(metric="auc"))
    assert not best.take(1, {"f1": 0.0}) and best.take(2, {"f1": 0.0, "auc": 0.4})
