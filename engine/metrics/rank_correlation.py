"""Do two rankings of the same things agree, do the best of one hold what is looked for; means with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import kendalltau

from engine.metrics.classification import wilson_half_width

_Z = 1.959963984540054
"""Of a two-sided 95 % interval."""


def kendall_tau(first: ArrayLike, second: ArrayLike) -> float | None:
    """Kendall's tau-b, -1 (reversed) to 1 (the same order), ties counted as such; None where one ranks nothing."""
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if not ranks_anything(one) or not ranks_anything(other):
        return None
    return float(kendalltau(one, other).statistic)


def ranks_anything(scores: ArrayLike) -> bool:
    """Whether there are two different scores."""
    return np.unique(np.asarray(scores)).size > 1


def share_among_best(scores: ArrayLike, wanted: Sequence[int]) -> float:
    """The share of the places in `wanted` among as many places of the highest scores."""
    best = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")[: len(wanted)]
    return len(set(best.tolist()) & set(wanted)) / len(wanted)


def mean_half_width(values: ArrayLike) -> float:
    """Half the width of the 95 % interval of a mean: z times the standard error; 0 for a single value."""
    sample = np.asarray(values, dtype=np.float64)
    return float(_Z * sample.std(ddof=1) / np.sqrt(sample.size)) if sample.size > 1 else 0.0


def share_half_width(hits: ArrayLike) -> float:
    """Half the width of the 95 % interval of a share of rows, each 0 or 1 (Wilson 1927)."""
    counted: NDArray[np.float64] = np.asarray(hits, dtype=np.float64)
    return float(wilson_half_width(np.array([counted.sum()]), np.array([float(counted.size)]))[0])
