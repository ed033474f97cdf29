"""How many labels it takes to be right so often: a learning curve that falls short by a power of the number of labels.

accuracy(n) = a - b n^-c, as learning curves mostly go (Hestness et al. 2017; Figueroa et al. 2012). Which curve it is,
is uncertain as the check texts are few: they are drawn again and again, and each draw has a curve of its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
POWERS = np.array([0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.2, 1.6])
_DRAWS = 400
_EDGES = (0.025, 0.975)


class PowerLaw(NamedTuple):
    """accuracy(n) = top - fall n^-power, each float64 [curves]."""

    top: Floats
    fall: Floats
    power: Floats

    def at(self, labels: ArrayLike) -> Floats:
        """[curves, points] of `labels` [points]."""
        counts = np.asarray(labels, dtype=np.float64)
        found: Floats = self.top[:, None] - self.fall[:, None] * counts[None, :] ** -self.power[:, None]
        return found

    def labels_for(self, target: float) -> Floats:
        """[curves]: where each reaches the target; infinite where it never does."""
        short = self.top - target
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            needed = (self.fall / short) ** (1.0 / self.power)
        found: Floats = np.where(short > 1e-9, np.where(self.fall <= 1e-12, 1.0, needed), np.inf)
        return found


def fit_power_law(labels: ArrayLike, accuracy: ArrayLike) -> PowerLaw:
    """The curves that fit best, of `accuracy` [curves, points] at `labels` [points]; none rises above 1 or falls."""
    counts = np.asarray(labels, dtype=np.float64)
    seen = np.atleast_2d(np.asarray(accuracy, dtype=np.float64))
    best = np.full(len(seen), np.inf)
    top, fall, power = np.ones(len(seen)), np.zeros(len(seen)), np.full(len(seen), POWERS[0])
    for one in POWERS:
        x = counts**-one
        spread = x - x.mean()
        slope = np.maximum(0.0, -(seen @ spread) / (spread @ spread))
        peak = seen.mean(axis=1) + slope * x.mean()
        is_over = peak > 1.0  # through 1 then: the least squares of what falls short
        slope = np.where(is_over, np.maximum(0.0, ((1.0 - seen) @ x) / (x @ x)), slope)
        peak = np.where(is_over, 1.0, peak)
        error = np.sum((seen - (peak[:, None] - slope[:, None] * x[None, :])) ** 2, axis=1)
        better = error < best - 1e-15
        best = np.where(better, error, best)
        top, fall, power = np.where(better, peak, top), np.where(better, slope, fall), np.where(better, one, power)
    return PowerLaw(top, fall, power)


class Needed(NamedTuple):
    """Labels until the target: the fitted curve's own number and the 95 % interval of the draws', infinite where they
    never reach it."""

    labels: float
    low: float
    high: float


def labels_needed(labels: ArrayLike, right: ArrayLike, target: float, seed: int = 0) -> tuple[PowerLaw, Needed]:
    """(the fitted curve, how many labels the target needs): `right` [points, check texts] is whether (1 or 0) the model
    of so many `labels` [points] was right."""
    hits = np.asarray(right, dtype=np.float64)
    fitted = fit_power_law(labels, hits.mean(axis=1)[None, :])
    weights = np.random.default_rng(seed).multinomial(hits.shape[1], np.full(hits.shape[1], 1 / hits.shape[1]), _DRAWS)
    drawn = fit_power_law(labels, weights @ hits.T / hits.shape[1]).labels_for(target)
    low, high = np.quantile(drawn, _EDGES, method="higher")
    return fitted, Needed(float(fitted.labels_for(target)[0]), float(low), float(high))
