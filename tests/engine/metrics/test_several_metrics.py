"""Figures of several labels a text agree with scikit-learn's; errors of numbers have intervals that hold."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from engine.metrics.classification import intervals_of_several, metrics_of_several, regression_intervals
from engine.metrics.paired import PairedBootstrap


@pytest.fixture
def answers() -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(0)
    truths = (chance.random((300, 4)) < (0.5, 0.3, 0.1, 0.02)).astype(np.float32)
    return np.clip(truths * 0.5 + chance.random(truths.shape) * 0.6, 0, 1), truths


def test_figures_agree_with_scikit_learn(answers: tuple[np.ndarray, np.ndarray]) -> None:
    scores, truths = answers
    found, said = metrics_of_several(scores, truths), scores >= 0.5
    for average, suffix in (("macro", ""), ("micro", "_micro")):
        precision, recall, f1, _ = precision_recall_fscore_support(truths, said, average=average, zero_division=0)
        assert found[f"f1{suffix}"] == pytest.approx(f1)
        if not suffix:
            assert (found["precision"], found["recall"]) == (pytest.approx(precision), pytest.approx(recall))
    assert found["accuracy"] == pytest.approx(accuracy_score(truths, said))


def test_nothing_said_and_nothing_true_is_no_error() -> None:
    found = metrics_of_several(np.zeros((4, 2)), np.zeros((4, 2)))
    assert found == {"accuracy": 1.0, "precision": 0.0, "recall": 0.0, "f1": 0.0, "f1_micro": 0.0}


def test_intervals_narrow_with_rows(answers: tuple[np.ndarray, np.ndarray]) -> None:
    scores, truths = answers
    few, many = intervals_of_several(scores[:60], truths[:60]), intervals_of_several(scores, truths)
    assert set(many) == {"accuracy", "precision", "recall", "f1"}
    assert all(0 < many[name] < few[name] < 0.5 for name in many)


def test_what_a_change_costs_is_measured_on_sets(answers: tuple[np.ndarray, np.ndarray]) -> None:
    scores, truths = answers
    labels = ("a", "b", "c", "d")
    compared = PairedBootstrap(scores, truths, labels, None).compare(np.where(scores > 0.7, 0.4, scores))
    plain = metrics_of_several(scores, truths)
    assert {name: compared.before[name] for name in ("accuracy", "precision", "recall", "f1")} == pytest.approx(
        {name: plain[name] for name in ("accuracy", "precision", "recall", "f1")}
    )
    assert compared.change["recall"] < 0 < compared.intervals["recall"]


def test_intervals_of_errors_hold_19_times_of_20() -> None:
    chance = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        errors = chance.normal(size=200)
        width = regression_intervals(errors, np.zeros(200))["mae"]
        held += abs(np.abs(errors).mean() - np.sqrt(2 / np.pi)) <= width
    assert 0.92 <= held / 400 <= 0.98
    assert regression_intervals([1.0], [2.0]) == {}
