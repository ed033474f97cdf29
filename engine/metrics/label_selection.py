"""Which texts teach most when they are labelled: those no label is sure of, and those unlike all that were labelled.

Margin: the two likeliest labels are nearly as likely (Scheffer 2001). Entropy: many are. Farthest first: each text is
the least like all that were taken before it (Gonzalez 1985; the greedy k-centre of core sets, Sener & Savarese 2018).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
SAME = 0.6
"""Above this cosine a text teaches hardly more than the one before it."""


def margins(probabilities: ArrayLike) -> Floats:
    """[rows]: how far the likeliest label is before the next one, of probabilities [rows, labels]."""
    chances = np.asarray(probabilities, dtype=np.float64)
    if chances.shape[1] < 2:
        return np.ones(len(chances))
    best = np.partition(chances, -2, axis=1)[:, -2:]
    found: Floats = best[:, 1] - best[:, 0]
    return found


def entropies(probabilities: ArrayLike) -> Floats:
    """[rows]: in nats, of probabilities [rows, labels]."""
    chances = np.asarray(probabilities, dtype=np.float64)
    found: Floats = -np.sum(chances * np.log(np.clip(chances, 1e-300, None)), axis=1)
    return found


def nearest_likeness(features: csr_matrix, taken: Sequence[int]) -> Floats:
    """[rows]: the largest cosine of each row with one of those `taken`; `features` [rows, words] have length 1. 0 where
    nothing was taken."""
    nearest = np.zeros(features.shape[0])
    for start in range(0, len(taken), 256):
        part = features[list(taken[start : start + 256])]
        nearest = np.maximum(nearest, np.asarray((features @ part.T).max(axis=1).todense(), dtype=np.float64).ravel())
    return nearest


def farthest_first(features: csr_matrix, nearest: Floats, num: int, weights: Floats | None = None) -> list[int]:
    """Places of `num` rows: each has the largest (1 - its cosine with what was taken) times its weight [rows];
    `nearest` [rows] is the largest cosine with what was taken before. `features` [rows, words] have length 1."""
    far = 1.0 - nearest
    scale = np.ones_like(far) if weights is None else weights
    found: list[int] = []
    for _ in range(min(num, len(far))):
        scores = far * scale
        scores[found] = -1.0
        place = int(np.argmax(scores))
        found.append(place)
        far = np.minimum(far, 1.0 - _likeness(features, place))
    return found


def most_uncertain(features: csr_matrix, doubt: Floats, num: int, without: Sequence[int] = ()) -> list[int]:
    """Places of `num` rows of the greatest `doubt` [rows], leaving out those nearly the same as one that was taken (or
    is in `without`) as long as there are others; `features` [rows, words] have length 1."""
    order = np.argsort(-doubt, kind="stable")
    nearest = np.zeros(len(doubt))
    for place in without:
        nearest = np.maximum(nearest, _likeness(features, place))
    taken = set(without)
    found: list[int] = []
    passed: list[int] = []
    for place in order.tolist():
        if len(found) == num:
            break
        if place in taken:
            continue
        if nearest[place] >= SAME:
            passed.append(place)
            continue
        found.append(place)
        nearest = np.maximum(nearest, _likeness(features, place))
    return found + passed[: num - len(found)]


def _likeness(features: csr_matrix, place: int) -> Floats:
    """[rows]: the cosine of each row with one of them."""
    row = features[[place]]
    dense = np.zeros(features.shape[1], dtype=features.dtype)
    dense[row.indices] = row.data
    found: Floats = np.asarray(features @ dense, dtype=np.float64)
    return found
