"""Runs on shared texts: figures as scikit-learn has them, changes as the paired bootstrap has them, missing texts."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from engine.metrics.classification import classification_metrics
from engine.metrics.paired import PairedBootstrap
from engine.metrics.paired_runs import PairedRuns
from engine.metrics.sufficient_statistics import SufficientStatistics


def drawn(runs: PairedRuns) -> PairedRuns:
    assert list(runs.draw())[-1] == runs.num_draws
    return runs


def test_figures_of_several_labels_are_those_of_sklearn() -> None:
    rng = np.random.default_rng(0)
    scores, truths = rng.random((80, 4)), rng.random((80, 4)) < 0.4
    sums = SufficientStatistics(4, several=True)
    found = sums.figures(sums.columns(scores, truths).sum(axis=0, keepdims=True), 80)
    said = scores >= 0.5
    precision, recall, f1, _ = precision_recall_fscore_support(truths, said, average="macro")
    expected = {"accuracy": accuracy_score(truths, said), "precision": precision, "recall": recall, "f1": f1}
    assert {name: float(found[name][0]) for name in expected} == pytest.approx(expected)


def test_the_older_bootstrap_takes_several_labels_too() -> None:
    rng = np.random.default_rng(1)
    truths = rng.random((50, 3)) < 0.5
    right = np.where(truths, 0.9, 0.1)
    found = PairedBootstrap(right, truths, ("a", "b", "c"), None).compare(1 - right)
    assert found.before["f1"] == 1.0 and found.after["accuracy"] == 0.0
    assert found.change["accuracy"] == -1.0 and found.intervals["accuracy"] == 0.0


def test_changes_are_those_of_the_paired_bootstrap() -> None:
    rng = np.random.default_rng(2)
    truths, labels = rng.integers(0, 2, 300), ("bad", "good")
    before, after = (rng.dirichlet((1, 1), 300) for _ in range(2))
    sums, places = SufficientStatistics(2, 1), np.arange(300)
    runs = PairedRuns(300, sums)
    for answers in (before, after):
        runs.add(places, sums.columns(answers, truths))
    drawn(runs)
    known = PairedBootstrap(before, truths, labels, None).compare(after)
    for name in ("accuracy", "precision", "recall", "f1"):
        assert runs.figures(1)[name] == pytest.approx(classification_metrics(after, truths, labels, None)[name])
        assert runs.change_half_width([0], [1], name) == pytest.approx(known.intervals[name], rel=0.1)
    assert runs.change_half_width([0, 1], [1, 0], "f1") == 0.0


def test_texts_that_a_run_was_not_asked_about_do_not_count() -> None:
    sums = SufficientStatistics(2, 1)
    answers, truths = np.eye(2)[[0, 1, 1, 0]], np.array([0, 1, 0, 1])
    runs = PairedRuns(10, sums)
    runs.add(np.array([9, 3, 5, 1]), sums.columns(answers, truths))
    assert runs.figures(0)["accuracy"] == 0.5
    drawn(runs)
    assert 0.2 < runs.mean_half_width([0], "accuracy") <= 0.5
