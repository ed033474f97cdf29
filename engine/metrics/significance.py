"""Whether a difference is luck: exact and t tests of paired answers, their correction, and how many rows it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, ndtri, stdtr, stdtrit

from engine.metrics.confidence_intervals import mean_half_width

LEVEL = 0.05
_POWER = 0.8
_MOST_TIMES = 100
"""More rows than so many times those at hand are no advice."""


@dataclass(frozen=True)
class Difference:
    """A mean difference, the half-width of its 95 % interval (nan for a single value), and how often luck alone makes
    one so large (1 for a single value)."""

    mean: float
    half_width: float
    p_value: float


def exact_p(better: int, worse: int) -> float:
    """McNemar's exact test (McNemar 1947; two-sided binomial): how often luck alone divides the rows on which two
    answers differ so unevenly. 1 where there is none."""
    count = better + worse
    return min(1.0, 2.0 * float(bdtr(min(better, worse), count, 0.5))) if count else 1.0


def mean_difference(differences: ArrayLike) -> Difference:
    """Of the differences [N] of paired values, by Student's t. At least one value."""
    given = np.asarray(differences, dtype=np.float64)
    mean, count = float(given.mean()), len(given)
    if count < 2:
        return Difference(mean, math.nan, 1.0)
    error = float(given.std(ddof=1)) / math.sqrt(count)
    return Difference(mean, float(mean_half_width(given)), _t_p(mean, error, count - 1))


def welch_difference(before: Sequence[float], after: Sequence[float]) -> Difference:
    """Of the means of two lots of values that do not belong together (Welch 1947); at least one each."""
    mean = float(np.mean(after) - np.mean(before))
    if len(before) < 2 or len(after) < 2:
        return Difference(mean, math.nan, 1.0)
    parts = [float(np.var(one, ddof=1)) / len(one) for one in (before, after)]
    error = math.sqrt(sum(parts))
    weights = [part**2 / (len(one) - 1) for part, one in zip(parts, (before, after), strict=True)]
    freedom = sum(parts) ** 2 / sum(weights) if sum(weights) > 0 else len(before) + len(after) - 2.0
    half_width = float(stdtrit(freedom, 1 - LEVEL / 2)) * error
    return Difference(mean, half_width, _t_p(mean, error, freedom))


def rows_needed(better: int, worse: int, num_rows: int, num_comparisons: int = 1) -> int | None:
    """Rows with which McNemar's test finds the difference in four cases of five, if it is what it seems on these
    `num_rows` (Connor 1987, eq. 4). None where it seems to be nothing, or would take more than
    a hundred times as many."""
    differing, shift = (better + worse) / num_rows, abs(better - worse) / num_rows
    if not shift:
        return None
    level, power = -ndtri(LEVEL / num_comparisons / 2), ndtri(_POWER)
    needed = (level * math.sqrt(differing) + power * math.sqrt(max(0.0, differing - shift**2))) ** 2 / shift**2
    return max(num_rows + 1, math.ceil(needed)) if needed <= _MOST_TIMES * num_rows else None


def _t_p(mean: float, error: float, freedom: float) -> float:
    if error <= 1e-12 * max(1.0, abs(mean)):
        return 1.0 if abs(mean) <= 1e-12 else 0.0
    return 2.0 * float(stdtr(freedom, -abs(mean) / error))
