"""The paired bootstrap: known cases, bounds, and figures that equal those of the whole set."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.classification import classification_metrics, regression_metrics
from engine.metrics.paired import PairedBootstrap

LABELS = ("bad", "good")


def sure(predictions: list[int] | np.ndarray, num_labels: int = 2) -> np.ndarray:
    return np.eye(num_labels)[np.asarray(predictions)]


def test_figures_are_those_of_the_rows() -> None:
    rng = np.random.default_rng(0)
    for num_labels in (2, 5):
        names = tuple(str(index) for index in range(num_labels))
        truths = rng.integers(0, num_labels, 60)
        before, after = rng.dirichlet(np.ones(num_labels), 60), rng.dirichlet(np.ones(num_labels), 60)
        found = PairedBootstrap(before, truths, names, None).compare(after)
        for measured, answers in ((found.before, before), (found.after, after)):
            expected = classification_metrics(answers, truths, names, None)
            for name in ("accuracy", "precision", "recall", "f1"):
                assert measured[name] == pytest.approx(expected[name], abs=1e-12), name
            assert measured["probability"] == pytest.approx(answers[np.arange(60), truths].mean())
        assert found.change == pytest.approx({name: found.after[name] - found.before[name] for name in found.after})


def test_the_positive_label_is_asked_about() -> None:
    truths, answers = np.array([0, 0, 0, 1]), sure([0, 0, 1, 1])
    assert PairedBootstrap(answers, truths, LABELS, "bad").before["precision"] == 1
    assert PairedBootstrap(answers, truths, LABELS, "good").before["precision"] == 0.5


def test_no_change_has_no_width() -> None:
    truths = np.array([0, 1] * 20)
    found = PairedBootstrap(sure(truths), truths, LABELS, None).compare(sure(truths))
    assert set(found.change.values()) == {0.0} == set(found.intervals.values())


def test_the_width_of_a_share_is_the_known_one() -> None:
    """Of 400 rows, 100 turn wrong: the change is a mean of -1 and 0, whose error is known."""
    truths = np.zeros(400, dtype=int)
    after = np.where(np.arange(400) < 100, 1, 0)
    found = PairedBootstrap(sure(truths), truths, LABELS, None, num_draws=4000).compare(sure(after))
    assert found.change["accuracy"] == -0.25
    assert found.intervals["accuracy"] == pytest.approx(1.96 * np.sqrt(0.25 * 0.75 / 400), rel=0.06)


def test_pairing_takes_the_rows_own_difficulty_away() -> None:
    """The probability is all over the place, its change hardly: the width is that of the change."""
    rng = np.random.default_rng(1)
    truth = rng.uniform(0.05, 0.95, 300)
    moved = truth - 0.02 + rng.normal(0, 0.001, 300)
    before, after = np.stack([truth, 1 - truth], axis=1), np.stack([moved, 1 - moved], axis=1)
    found = PairedBootstrap(before, np.zeros(300, dtype=int), LABELS, None).compare(after)
    assert found.change["probability"] == pytest.approx(-0.02, abs=3e-4)
    assert found.intervals["probability"] == pytest.approx(1.96 * 0.001 / np.sqrt(300), rel=0.15)


def test_it_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(120):
        truths = np.zeros(150, dtype=int)
        before = (rng.random(150) < 0.2).astype(int)
        after = np.where(rng.random(150) < 0.15, 1 - before, before)
        found = PairedBootstrap(sure(before), truths, LABELS, None, num_draws=300).compare(sure(after))
        expected = -(0.8 * 0.15 - 0.2 * 0.15)
        hits += abs(found.change["accuracy"] - expected) <= found.intervals["accuracy"]
    assert hits >= 105, "95 % of 120 are 114"


def test_numbers() -> None:
    rng = np.random.default_rng(3)
    truths = rng.normal(1e6, 3, 80)
    before, after = truths + rng.normal(0, 1, 80), truths + rng.normal(0, 2, 80)
    found = PairedBootstrap(before[:, None], truths, (), None).compare(after[:, None])
    assert found.before == pytest.approx(regression_metrics(before, truths))
    assert found.after == pytest.approx(regression_metrics(after, truths))
    assert found.change["mse"] > 0 > found.change["r2"] and 0 < found.intervals["mse"] < found.change["mse"]
    alike = PairedBootstrap(before, np.full(80, 5.0), (), None).compare(after)
    assert alike.before["r2"] == 0 == alike.intervals["r2"]


def test_seeded_and_independent_of_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    truths, before, after = rng.integers(0, 2, 50), rng.dirichlet([1, 1], 50), rng.dirichlet([1, 1], 50)

    def widths(seed: int) -> dict[str, float]:
        return PairedBootstrap(before, truths, LABELS, None, seed=seed).compare(after).intervals

    first = widths(0)
    assert first == widths(0) != widths(1)
    monkeypatch.setattr("engine.metrics.paired._MOST_KEPT", 7 * 50)
    assert widths(0) == pytest.approx(first), "in parts of seven draws"


@given(
    answers=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40),
    seed=st.integers(0, 99),
)
@settings(max_examples=80, deadline=None)
def test_bounds(answers: list[tuple[int, int, int]], seed: int) -> None:
    truths, before, after = (np.array(column) for column in zip(*answers, strict=True))
    names = ("a", "b", "c")
    bootstrap = PairedBootstrap(sure(before, 3), truths, names, None, seed=seed, num_draws=200)
    found = bootstrap.compare(sure(after, 3))
    for name, change in found.change.items():
        assert -1 <= change <= 1 and 0 <= found.intervals[name] <= 1
        assert 0 <= found.before[name] <= 1 and 0 <= found.after[name] <= 1
    assert found.after["accuracy"] == found.after["probability"]
    back = PairedBootstrap(sure(after, 3), truths, names, None, seed=seed, num_draws=200).compare(sure(before, 3))
    for name in found.change:
        assert back.change[name] == pytest.approx(-found.change[name])
        assert back.intervals[name] == pytest.approx(found.intervals[name], abs=1e-12)
