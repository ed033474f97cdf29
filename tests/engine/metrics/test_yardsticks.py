"""What a figure is held against is what a plain reference says: scikit-learn's dummies, and counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error, mean_squared_error, r2_score

from engine.metrics.figures_with_intervals import point_figures
from engine.metrics.rank_correlation import share_among_best
from engine.records import TargetKind
from engine.targets import target_of

NOTHING = np.zeros((60, 1))


def simplest(truths: np.ndarray, kind: TargetKind, num_labels: int) -> np.ndarray:
    return target_of(kind).simplest(truths, num_labels)


def figures(found: np.ndarray, truths: np.ndarray, kind: TargetKind, positive: int | None) -> dict[str, float]:
    return point_figures(target_of(kind).row_figures(found, truths, positive), len(truths))


@pytest.mark.parametrize("shares", [(0.9, 0.1), (0.2, 0.5, 0.3), (0.05, 0.95)])
def test_the_most_frequent_label(shares: tuple[float, ...]) -> None:
    truths = np.random.default_rng(1).permutation(
        np.repeat(np.arange(len(shares)), [round(60 * one) for one in shares])
    )
    nothing = NOTHING[: len(truths)]
    dummy = DummyClassifier(strategy="most_frequent").fit(nothing, truths).predict(nothing)
    positive = 1 if len(shares) == 2 else None
    found = figures(simplest(truths, "one", len(shares)), truths, "one", positive)
    assert found["accuracy"] == pytest.approx(accuracy_score(truths, dummy))
    average = "binary" if len(shares) == 2 else "macro"
    assert found["f1"] == pytest.approx(f1_score(truths, dummy, average=average, zero_division=0))
    prior = DummyClassifier(strategy="prior").fit(nothing, truths).predict_proba(nothing)
    np.testing.assert_allclose(simplest(truths, "one", len(shares)), prior)


def test_the_most_frequent_answer_to_each_of_several_questions() -> None:
    truths = np.random.default_rng(2).random((61, 4)) < np.array([0.9, 0.1, 0.6, 0.3])
    dummy = DummyClassifier(strategy="most_frequent").fit(np.zeros((61, 1)), truths).predict(np.zeros((61, 1)))
    found = figures(simplest(truths, "several", 4), truths, "several", None)
    assert found["accuracy"] == pytest.approx(accuracy_score(truths, dummy))
    assert found["f1_micro"] == pytest.approx(f1_score(truths, dummy, average="micro"))


def test_the_mean_number() -> None:
    truths = np.random.default_rng(3).normal(5, 2, 60)
    dummy = DummyRegressor().fit(NOTHING, truths).predict(NOTHING)
    found = figures(simplest(truths, "number", 0), truths, "number", None)
    assert found["mse"] == pytest.approx(mean_squared_error(truths, dummy))
    assert found["mae"] == pytest.approx(mean_absolute_error(truths, dummy))
    assert found["r2"] == pytest.approx(r2_score(truths, dummy), abs=1e-9)


def test_scores_of_chance_find_as_many_words_as_chance_does() -> None:
    """Of 30 words 6 decide: a random order finds a fifth of them in the mean."""
    generator = np.random.default_rng(4)
    found = [share_among_best(generator.random(30), range(6)) for _ in range(600)]
    assert np.mean(found) == pytest.approx(6 / 30, abs=0.02)


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_scores_of_chance_rank_as_a_coin_does(share: float) -> None:
    generator = np.random.default_rng(5)
    truths = (generator.random(4000) < share).astype(np.int64)
    yes = generator.random(4000)
    found = figures(np.stack([1 - yes, yes], axis=1), truths, "one", 1)
    assert found["auc"] == pytest.approx(0.5, abs=0.04) and found["average_precision"] == pytest.approx(share, abs=0.03)
