"""Temperature scaling finds the temperature that was put in; reliability as counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.metrics.calibration import reliability
from engine.metrics.figures_with_intervals import point_figures
from engine.metrics.probabilities import shared_probabilities
from engine.targets import target_of

ONE, SEVERAL = target_of("one"), target_of("several")


def drawn_truths(logits: np.ndarray, seed: int = 0) -> np.ndarray:
    """Labels that come true as often as the logits say."""
    rng = np.random.default_rng(seed)
    cumulated = shared_probabilities(logits, "cross-entropy").cumsum(axis=1)
    return (rng.random((len(logits), 1)) > cumulated).sum(axis=1)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
@pytest.mark.parametrize("loss", ["cross-entropy", "focal"])
def test_the_temperature_that_was_put_in(temperature: float, loss: str) -> None:
    logits = np.random.default_rng(1).normal(0, 2, (20_000, 3))
    found = ONE.fitted_temperature(logits * temperature, drawn_truths(logits), loss)
    assert found == pytest.approx(temperature, rel=0.05)


def test_of_several_labels() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 2, (8000, 3))
    truths = rng.random(logits.shape) < 1 / (1 + np.exp(-logits))
    found = SEVERAL.fitted_temperature(logits * 2, truths, "binary-cross-entropy")
    assert found == pytest.approx(2, rel=0.05)


def test_no_temperature_where_all_is_right() -> None:
    logits, truths = np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([0, 1])
    assert ONE.fitted_temperature(logits, truths, "cross-entropy") == 1
    assert ONE.fitted_temperature(np.empty((0, 2)), np.empty(0, int), "cross-entropy") == 1
    assert SEVERAL.fitted_temperature(logits, np.eye(2, dtype=bool), "binary-cross-entropy") != 0


def test_one_error_among_sure_answers_makes_it_humble() -> None:
    logits = np.tile([9.0, 0.0], (100, 1))
    truths = np.zeros(100, int)
    truths[0] = 1
    found = ONE.fitted_temperature(logits, truths, "cross-entropy")
    assert shared_probabilities(logits, "cross-entropy", found)[0, 0] == pytest.approx(0.99, abs=1e-3)


def test_reliability_by_hand() -> None:
    found = reliability([0.1, 0.2, 0.95, 1.0, 1.0], [False, True, True, True, False], num_bins=10)
    assert found.said.tolist() == pytest.approx([0.1, 0.2, 2.95 / 3])
    assert found.true.tolist() == pytest.approx([0, 1, 2 / 3])
    assert found.count.tolist() == [1, 1, 3]
    assert found.error == pytest.approx((0.1 + 0.8 + 0.95) / 5)
    assert (found.low <= found.true).all() and (found.true <= found.high).all()
    assert found.low[2] == pytest.approx(0.2077, abs=1e-4)  # Wilson of 2 in 3


def test_nothing_said_nothing_wrong() -> None:
    found = reliability([], [])
    assert found.error == 0 and len(found.said) == 0


def test_the_error_is_the_figure() -> None:
    rng = np.random.default_rng(3)
    found, truths = rng.dirichlet(np.ones(4), 200), rng.integers(0, 4, 200)
    expected = point_figures(ONE.row_figures(found, truths, None), 200)
    assert reliability(*ONE.confidences(found, truths)).error == pytest.approx(expected["ece"])
    assert ONE.log_loss(found, truths) == pytest.approx(expected["log_loss"])
    said, true = ONE.confidences(found, truths)
    assert (said == found.max(axis=1)).all() and true.mean() == pytest.approx(expected["accuracy"])
    several = truths[:, None] == np.arange(4)
    expected = point_figures(SEVERAL.row_figures(found, several, None), 200)
    assert reliability(*SEVERAL.confidences(found, several)).error == pytest.approx(expected["ece"])
    assert SEVERAL.log_loss(found, several) == pytest.approx(expected["log_loss"])
