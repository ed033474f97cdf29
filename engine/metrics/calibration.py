"""How far probabilities can be believed, and the temperature that puts them right (Guo 2017).

Where each text has one label the question is whether the likeliest label is right, and its probability is what was
said; of several labels a text each label of each text is a question. numpy alone: a window may ask for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.confidence_intervals import wilson
from engine.metrics.probabilities import probabilities
from engine.records import Kind, Reliability

NUM_BINS = 15
"""As in the paper."""

_LEAST, _MOST = 0.05, 20.0
"""Temperatures tried."""

_SMALLEST = float(np.finfo(np.float64).eps)
Floats = NDArray[np.float64]


def confidences(found: ArrayLike, truths: ArrayLike, kind: Kind) -> tuple[Floats, NDArray[np.bool_]]:
    """(what was said, whether it came true), one entry a question. `found` [N, L] are probabilities; `truths` label ids
    [N], for several labels bool [N, L]."""
    given, true = np.asarray(found, dtype=np.float64), np.asarray(truths)
    if kind == "several":
        return given.ravel(), true.astype(bool).ravel()
    likeliest = given.argmax(axis=1) if len(given) else np.empty(0, np.int64)
    return given[np.arange(len(given)), likeliest], likeliest == true


def bins_of(said: ArrayLike, num_bins: int = NUM_BINS) -> tuple[NDArray[np.int64], int]:
    """(the bin of each probability, bins): of equal width, each with its upper edge."""
    places = np.ceil(np.asarray(said, dtype=np.float64) * num_bins).astype(np.int64) - 1
    return np.clip(places, 0, num_bins - 1), num_bins


def reliability(said: ArrayLike, true: ArrayLike, num_bins: int = NUM_BINS) -> Reliability:
    """`said` are probabilities, `true` whether each came true. Bins without an entry are left out."""
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


def reliability_of(found: ArrayLike, truths: ArrayLike, kind: Kind) -> Reliability:
    """Of probabilities [N, L]."""
    return reliability(*confidences(found, truths, kind))


def log_loss(found: ArrayLike, truths: ArrayLike, kind: Kind) -> float:
    """The mean of -log of what was said of the truth; of several labels over texts and labels."""
    given, true = np.asarray(found, dtype=np.float64), np.asarray(truths)
    if kind == "several":
        of_truth = np.where(true.astype(bool), given, 1 - given)
    else:
        of_truth = given[np.arange(len(given)), true.astype(np.int64)]
    return float(-np.log(np.clip(of_truth, _SMALLEST, 1.0)).mean()) if of_truth.size else 0.0


def fitted_temperature(logits: ArrayLike, truths: ArrayLike, kind: Kind, loss: str) -> float:
    """The temperature of the least log loss. 1 where there is none to find: every answer is right, so that colder is
    always better, or there are no rows."""
    from scipy.optimize import minimize_scalar

    given, true = np.asarray(logits, dtype=np.float64), np.asarray(truths)
    _, came_true = _decisions(probabilities(given, kind, loss), true, kind)
    if not len(given) or came_true.all():
        return 1.0

    def loss_at(log_temperature: float) -> float:
        return log_loss(probabilities(given, kind, loss, float(np.exp(log_temperature))), true, kind)

    found = minimize_scalar(loss_at, bounds=(np.log(_LEAST), np.log(_MOST)), method="bounded", options={"xatol": 1e-4})
    temperature = float(np.exp(found.x))
    return temperature if loss_at(float(found.x)) < loss_at(0.0) else 1.0


def _decisions(found: Floats, truths: NDArray[np.generic], kind: Kind) -> tuple[Floats, NDArray[np.bool_]]:
    """(what was said, whether the answer is right): of several labels the answer is yes from .5 upwards."""
    said, came_true = confidences(found, truths, kind)
    return (said, (said >= 0.5) == came_true) if kind == "several" else (said, came_true)
