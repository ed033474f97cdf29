"""The fitted curve is scipy's least squares; the interval of the labels that are needed holds what is true."""

from __future__ import annotations

import numpy as np
from scipy.optimize import curve_fit

from engine.metrics.label_projection import POWERS, fit_power_law, labels_needed

LABELS = np.array([20, 40, 70, 110, 160, 220])


def _curve(labels: np.ndarray, top: float, fall: float, power: float) -> np.ndarray:
    return top - fall * labels**-power


def test_finds_the_curve_that_the_points_lie_on() -> None:
    found = fit_power_law(LABELS, _curve(LABELS, 0.97, 2.0, 0.7))
    np.testing.assert_allclose([found.top[0], found.fall[0], found.power[0]], [0.97, 2.0, 0.7], rtol=1e-6)
    np.testing.assert_allclose(found.labels_for(0.9), (2.0 / 0.07) ** (1 / 0.7), rtol=1e-6)
    assert np.isinf(found.labels_for(0.98)).all()


def test_fits_as_well_as_scipy_with_the_same_power() -> None:
    noisy = _curve(LABELS, 0.95, 1.5, 0.5) + np.random.default_rng(0).normal(0, 0.02, len(LABELS))
    found = fit_power_law(LABELS, noisy)
    ours = float(np.sum((found.at(LABELS)[0] - noisy) ** 2))
    best = np.inf
    for power in POWERS:
        fitted, _ = curve_fit(
            lambda n, top, fall, power=power: _curve(n, top, fall, power),
            LABELS, noisy, p0=(0.9, 1.0), bounds=((0.0, 0.0), (1.0, np.inf)),
        )  # fmt: skip
        best = min(best, float(np.sum((_curve(LABELS, *fitted, power) - noisy) ** 2)))
    assert ours <= best * 1.02 + 1e-9


def test_never_above_one_and_never_falling() -> None:
    rising = fit_power_law(LABELS, np.linspace(0.5, 0.99, len(LABELS)))
    assert rising.top[0] <= 1.0
    falling = fit_power_law(LABELS, np.linspace(0.9, 0.5, len(LABELS)))
    assert falling.fall[0] == 0.0


def test_the_interval_mostly_holds_the_truth() -> None:
    random, hits = np.random.default_rng(1), 0
    truth = (2.0 / (0.97 - 0.93)) ** (1 / 0.7)
    for trial in range(20):
        skill = random.uniform(size=300)
        right = (skill[None, :] < _curve(LABELS, 0.97, 2.0, 0.7)[:, None]).astype(float)
        _, needed = labels_needed(LABELS, right, 0.93, seed=trial)
        assert needed.low <= needed.high
        hits += needed.low <= truth <= needed.high
    assert hits >= 15, "of 20 at 95 %"
