"""Figures of classification and regression against scikit-learn, by hand, and where they would divide by zero."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from engine.metrics.classification import (
    classification_metrics,
    confusion,
    intervals,
    regression_metrics,
)

PAIR = ("fraud", "normal")


def answers(predictions: list[int], num_labels: int = 2) -> np.ndarray:
    """Probabilities that make these predictions."""
    return np.where(np.arange(num_labels) == np.array(predictions)[:, None], 0.8, 0.2 / max(num_labels - 1, 1))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40),
    num_labels=st.integers(2, 4),
)
def test_figures_are_scikit_learns(rows: list[tuple[int, int]], num_labels: int) -> None:
    truths, predictions = ([pair[side] % num_labels for pair in rows] for side in (0, 1))
    labels = tuple("abcd"[:num_labels])
    found = classification_metrics(answers(predictions, num_labels), truths, labels, "a")
    average, positive = ("binary", 0) if num_labels == 2 else ("macro", 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("precision", "recall", "f1"):
            score = getattr(sklearn_metrics, f"{name}_score")
            expected = score(truths, predictions, average=average, pos_label=positive, zero_division=0.0)
            assert found[name] == pytest.approx(expected), name
    assert found["accuracy"] == pytest.approx(sklearn_metrics.accuracy_score(truths, predictions))
    table = sklearn_metrics.confusion_matrix(truths, predictions, labels=range(num_labels))
    assert np.array_equal(confusion(answers(predictions, num_labels), truths, num_labels), table)
    widths = intervals(answers(predictions, num_labels), truths, labels, "a")
    assert set(widths) == {"accuracy", "precision", "recall", "f1"} and all(0 < w <= 0.5 for w in widths.values())


def test_the_positive_label_is_the_one_that_counts() -> None:
    truths, predictions = [0, 0, 0, 1, 1], [0, 0, 1, 1, 0]
    fraud = classification_metrics(answers(predictions), truths, PAIR, "fraud")
    normal = classification_metrics(answers(predictions), truths, PAIR, "normal")
    assert (fraud["precision"], fraud["recall"]) == pytest.approx((2 / 3, 2 / 3))
    assert (normal["precision"], normal["recall"]) == pytest.approx((1 / 2, 1 / 2))
    assert classification_metrics(answers(predictions), truths, PAIR, None) == normal


def test_ranking_of_two_labels() -> None:
    scores = np.array([[0.9, 0.1], [0.6, 0.4], [0.7, 0.3], [0.2, 0.8]])
    found = classification_metrics(scores, [0, 1, 0, 1], PAIR, "fraud")
    assert found["auc"] == 1.0 and found["average_precision"] == 1.0
    flipped = classification_metrics(scores, [1, 0, 1, 0], PAIR, "fraud")
    assert flipped["auc"] == 0.0


def test_one_class_only_has_no_ranking_and_no_warning() -> None:
    found = classification_metrics(answers([0, 0, 1]), [1, 1, 1], PAIR, "fraud")
    assert found == {"accuracy": pytest.approx(1 / 3), "precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_no_rows_at_all() -> None:
    nothing = np.zeros((0, 2))
    assert set(classification_metrics(nothing, [], PAIR, "fraud").values()) == {0.0}
    assert intervals(nothing, np.array([], dtype=int), PAIR, "fraud")["accuracy"] == 0.5
    assert classification_metrics(np.zeros((0, 3)), np.array([], dtype=int), tuple("abc"), None)["f1"] == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["accuracy", "precision", "recall", "f1"])
def test_intervals_cover_the_truth_nineteen_times_of_twenty(name: str) -> None:
    """Draw many samples from a known classifier: the interval round each sample's figure holds the true one."""
    draw = np.random.default_rng(0)
    population = draw.random(200_000) < 0.35
    said = np.where(population, draw.random(200_000) < 0.8, draw.random(200_000) < 0.15)
    probabilities, truths = answers((~said).astype(int).tolist()), (~population).astype(int)
    true = classification_metrics(probabilities, truths, PAIR, "fraud")[name]
    covered = 0
    for _ in range(400):
        rows = draw.integers(0, 200_000, 300)
        found = classification_metrics(probabilities[rows], truths[rows], PAIR, "fraud")[name]
        covered += abs(found - true) <= intervals(probabilities[rows], truths[rows], PAIR, "fraud")[name]
    assert 0.92 <= covered / 400 <= 0.99


def test_numbers() -> None:
    truths = np.array([1.0, 2.0, 3.0, 4.0])
    said = np.array([[1.5], [2.0], [2.0], [5.0]])
    found = regression_metrics(said, truths)
    assert found["mse"] == pytest.approx(sklearn_metrics.mean_squared_error(truths, said))
    assert found["mae"] == pytest.approx(sklearn_metrics.mean_absolute_error(truths, said))
    assert found["r2"] == pytest.approx(sklearn_metrics.r2_score(truths, said))
    assert regression_metrics([1.0, 2.0], [3.0, 3.0])["r2"] == 0.0
    assert regression_metrics([], []) == {"mse": 0.0, "mae": 0.0, "r2": 0.0}
