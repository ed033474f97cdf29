"""How far probabilities can be believed, and the temperature that puts them right (Guo 2017).

Where each text has one label the question is whether the likeliest label is right, and its probability is what was
said; of several labels a text each label of each text is a question. numpy alone: a window may ask for it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.confidence_intervals import wilson
from engine.records import Reliability

NUM_BINS = 15
"""As in the paper."""

_LEAST, _MOST = 0.05, 20.0
"""Temperatures tried."""

_SMALLEST = float(np.finfo(np.float64).eps)
Floats = NDArray[np.float64]


def confidences_of_likeliest(probabilities: ArrayLike, truths: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    """(what was said of the likeliest label, whether it is the true one) [N]. `probabilities`
    [N, L], `truths` ids [N]."""
    given, true = np.asarray(probabilities, dtype=np.float64), np.asarray(truths)
    likeliest = given.argmax(axis=1) if len(given) else np.empty(0, np.int64)
    return given[np.arange(len(given)), likeliest], likeliest == true


def confidences_of_each(probabilities: ArrayLike, truths: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    """(what was said, whether it came true) [N * L], of each label of each row. Both arguments are [N, L]."""
    return np.asarray(probabilities, dtype=np.float64).ravel(), np.asarray(truths).astype(bool).ravel()


def bins_of(said: ArrayLike, num_bins: int = NUM_BINS) -> tuple[NDArray[np.int64], int]:
    """(the bin [N] of each probability [N], bins): of equal width, each with its upper edge."""
    places = np.ceil(np.asarray(said, dtype=np.float64) * num_bins).astype(np.int64) - 1
    return np.clip(places, 0, num_bins - 1), num_bins


def reliability(said: ArrayLike, true: ArrayLike, num_bins: int = NUM_BINS) -> Reliability:
    """`said` [N] are probabilities, `true` [N] whether each came true. Bins without an entry are left out."""
    given, right = np.asarray(said, dtype=np.float64), np.asarray(true, dtype=bool)
    bins, _ = bins_of(given, num_bins)
    count = np.bincount(bins, minlength=num_bins)
    held = count > 0
    hits = np.bincount(bins, right, minlength=num_bins)[held]
    sums = np.bincount(bins, given, minlength=num_bins)[held]
    low, high = wilson(hits.astype(np.int64), count[held])
    return Reliability(
        said=sums / count[held],
        true=hits / count[held],
        low=low,
        high=high,
        count=count[held].astype(np.float64),
        error=float(np.abs(sums - hits).sum() / max(1, len(given))),
    )


def log_loss_of_ids(probabilities: ArrayLike, truths: ArrayLike) -> float:
    """The mean of -log of what was said of the truth. `probabilities` [N, L], `truths` ids [N]."""
    given, true = np.asarray(probabilities, dtype=np.float64), np.asarray(truths)
    return _mean_log_loss(given[np.arange(len(given)), true.astype(np.int64)])


def log_loss_of_each(probabilities: ArrayLike, truths: ArrayLike) -> float:
    """The same over rows and labels, each a question. Both arguments are [N, L]."""
    given = np.asarray(probabilities, dtype=np.float64)
    return _mean_log_loss(np.where(np.asarray(truths).astype(bool), given, 1 - given))


def fitted_temperature(log_loss_at: Callable[[float], float]) -> float:
    """The temperature of the least log loss; 1 where none is better."""
    from scipy.optimize import minimize_scalar

    def loss_at(log_temperature: float) -> float:
        return log_loss_at(float(np.exp(log_temperature)))

    found = minimize_scalar(loss_at, bounds=(np.log(_LEAST), np.log(_MOST)), method="bounded", options={"xatol": 1e-4})
    return float(np.exp(found.x)) if loss_at(float(found.x)) < loss_at(0.0) else 1.0


def _mean_log_loss(of_truth: Floats) -> float:
    return float(-np.log(np.clip(of_truth, _SMALLEST, 1.0)).mean()) if of_truth.size else 0.0
