"""Rows drawn with replacement a few hundred times: how far a figure could have come out otherwise.

The 95 % interval is that between the 2.5 % and 97.5 % points of the figure over draws (percentile bootstrap, Efron &
Tibshirani 1993, ch. 13), moved by the distance of their mean from the figure: draws hold rows twice, which makes the
calibration error and average precision look larger than they are. N rows, S draws.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.registry import metric_of
from engine.records import Figure

Floats = NDArray[np.float64]
Weights = NDArray[np.float32]
"""How often each draw holds each row, [S, N]; whole numbers, exact in float32."""

NUM_DRAWS = 1000
LEAST_DRAWS = 200
"""Of very many rows fewer draws are taken: there the width hardly changes from draw to draw."""

_MOST_WORK = 1_000_000_000
_WORK_A_ROW = 30
_ROWS_A_PART = 200_000
_EDGES = (0.025, 0.975)


def num_draws(num_rows: int, num_columns: int = 0) -> int:
    """How many draws fit into a few seconds where rows are looked through anew for each of `num_columns` columns."""
    work = max(1, num_rows) * (_WORK_A_ROW + num_columns)
    return max(LEAST_DRAWS, min(NUM_DRAWS, _MOST_WORK // work))


def draws(num_rows: int, count: int, seed: int = 0) -> Iterator[Weights]:
    """`count` draws of as many rows as there are, in parts of a few milliseconds; the same ones for the same seed."""
    generator = np.random.default_rng([seed, 5])
    a_time = max(1, _ROWS_A_PART // max(1, num_rows))
    for first in range(0, count, a_time):
        part = np.empty((min(a_time, count - first), num_rows), dtype=np.float32)
        for row in part:
            row[:] = np.bincount(generator.integers(0, num_rows, num_rows), minlength=num_rows)
        yield part


def once(num_rows: int) -> Weights:
    """Every row counted once: the figure itself."""
    return np.ones((1, num_rows), dtype=np.float32)


def bootstrapped(name: str, value: float, drawn: ArrayLike) -> Figure:
    """The figure `name`; `drawn` [S] is what it came to in each draw, nan in one that has none."""
    found = np.asarray(drawn, dtype=np.float64)
    found = found[~np.isnan(found)]
    if not len(found) or np.isnan(value):
        return Figure(value)
    least, most = metric_of(name).bounds
    low, high = np.clip(np.quantile(found, _EDGES) + value - found.mean(), least, most)
    return Figure(value, min(float(low), value), max(float(high), value), "bootstrap")
