"""Do two rankings of the same things agree, and do the best of one hold what is looked for?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import kendalltau


def kendall_tau(first: ArrayLike, second: ArrayLike) -> float | None:
    """Kendall's tau-b of scores [N] and [N], -1 (reversed) to 1 (the same order), ties counted as such; None where one
    ranks nothing."""
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if not ranks_anything(one) or not ranks_anything(other):
        return None
    return float(kendalltau(one, other).statistic)


def ranks_anything(scores: ArrayLike) -> bool:
    """Whether there are two different ones among `scores` [N]."""
    return np.unique(np.asarray(scores)).size > 1


def share_among_best(scores: ArrayLike, wanted: Sequence[int]) -> float:
    """The share of the places in `wanted` among as many places of the highest `scores` [N]."""
    best = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")[: len(wanted)]
    return len(set(best.tolist()) & set(wanted)) / len(wanted)
