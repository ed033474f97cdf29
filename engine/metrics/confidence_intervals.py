"""95 % intervals of shares and means, and p-values corrected for their number.

Wilson's interval and Holm's correction are worked out here and not by statsmodels: the window asks for the intervals of
all thresholds while one is dragged, and statsmodels takes more than half a second to load; its Holm collects Python's
garbage in the thread that asks, which stops everything for up to a second and ends the window's cycles in a worker.
Tests hold both against statsmodels and scipy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.records import Figure

Z = 1.959963984540054
"""Of a two-sided 95 % interval."""
EDGES = (0.025, 0.975)

Floats = NDArray[np.float64]


def wilson(hits: ArrayLike, totals: ArrayLike) -> tuple[Floats, Floats]:
    """(low, high) [...] of each share hits / totals [...] (Wilson 1927); 0 and 1 where nothing was counted."""
    counts, wholes = np.asarray(hits, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    counted = np.maximum(wholes, 1.0)
    share, z2 = counts / counted, Z**2
    centre = (share + z2 / (2 * counted)) / (1 + z2 / counted)
    half = Z * np.sqrt(share * (1 - share) / counted + z2 / (4 * counted**2)) / (1 + z2 / counted)
    low, high = np.clip(centre - half, 0.0, share), np.clip(centre + half, share, 1.0)  # a rounding would pass 0 or 1
    return np.where(wholes > 0, low, 0.0), np.where(wholes > 0, high, 1.0)


def wilson_half_width(hits: ArrayLike, totals: ArrayLike) -> Floats:
    """[...]: half the width of `wilson`'s intervals; 0.5 where nothing was counted."""
    low, high = wilson(hits, totals)
    return (high - low) / 2


def wilson_figure(hits: int, total: int) -> Figure:
    """The share with its interval; 0 of nothing."""
    low, high = wilson(hits, total)
    return Figure(hits / max(1, total), float(low), float(high), "wilson")


def mean_half_width(values: ArrayLike) -> Floats:
    """Half the interval of a mean over few values [n, ...], of seeds or texts, by Student's t: [...]; nan for one."""
    from scipy.special import stdtrit  # slow to load

    sample = np.asarray(values, dtype=np.float64)
    if len(sample) < 2:
        return np.full(sample.shape[1:], np.nan)
    found: Floats = float(stdtrit(len(sample) - 1, EDGES[1])) * (sample.std(axis=0, ddof=1) / np.sqrt(len(sample)))
    return found


def half_width_of_draws(drawn: ArrayLike) -> Floats:
    """Half the distance of the 2.5 % and 97.5 % points of what a figure came to in draws [..., S]: [...]."""
    low, high = np.quantile(np.asarray(drawn, dtype=np.float64), EDGES, axis=-1)
    found: Floats = (high - low) / 2
    return found


def holm(p_values: ArrayLike) -> Floats:
    """[n], corrected for their number (Holm 1979): each may then be held against the level by itself, and the chance of
    one false alarm among all stays as small."""
    given = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(given)
    corrected = np.empty_like(given)
    corrected[order] = np.minimum(np.maximum.accumulate(given[order] * np.arange(len(given), 0, -1)), 1.0)
    return corrected
