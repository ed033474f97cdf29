"""Rows drawn with replacement a few hundred times: how far a figure could have come out otherwise.

The 95 % interval is that between the 2.5 % and 97.5 % points of the figure over draws (percentile bootstrap, Efron &
Tibshirani 1993, ch. 13), moved by the distance of their mean from the figure: draws hold rows twice, which makes the
calibration error and average precision look larger than they are. `scipy.stats.bootstrap` asks a statistic for each
draw's rows; here it is a function of how often each row counts, so that hundreds of figures of a thousand draws are a
few matrix products, and a caller can breathe between them. N rows, S draws.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.confidence_intervals import EDGES
from engine.metrics.registry import metric_of
from engine.records import Figure, Measures

Floats = NDArray[np.float64]
Weights = NDArray[np.float32]
"""How often each draw holds each row, [S, N]; whole numbers, exact in float32."""

NUM_DRAWS = 1000
LEAST_DRAWS = 200
"""Of very many rows fewer draws are taken: there the width hardly changes from draw to draw."""

STREAM = 5
"""Draws of figures and of slices have a stream of chance of their own beside a seed's other ones."""

_MOST_WORK = 1_000_000_000
_WORK_A_ROW = 30
_MOST_CELLS = 20_000_000
_CELLS_AT_ONCE = 200_000
"""Those that are counted within a few milliseconds."""


@dataclass(frozen=True)
class Drawn:
    """`figures` by name, [S] each; `per_label` by name, [S, L] each. nan where a draw has none."""

    figures: Mapping[str, Floats]
    per_label: Mapping[str, Floats] = field(default_factory=dict)


class RowFigures(Protocol):
    """Every figure of answers to rows as a function of how often each row counts, so that one code gives the figure
    itself and those of a thousand draws."""

    num_ranked: int
    """Columns whose rows are looked through anew in each draw."""

    def of(self, weights: Weights) -> Generator[None, None, Drawn]:
        """Of rows weighed by `weights` [S, N]. Breathes."""

    def completed(self, measures: Measures, labels: Sequence[str]) -> Measures:
        """With what is known besides the figures: counts, and intervals of those that are shares of rows."""


def num_draws(num_rows: int, num_columns: int = 0) -> int:
    """How many draws fit into a few seconds where rows are looked through anew for each of `num_columns` columns."""
    work = max(1, num_rows) * (_WORK_A_ROW + num_columns)
    return max(LEAST_DRAWS, min(NUM_DRAWS, _MOST_WORK // work))


def num_paired_draws(num_rows: int, most: int = NUM_DRAWS) -> int:
    """How many draws are taken where a figure is a function of sums over rows."""
    return max(min(most, LEAST_DRAWS), min(most, _MOST_CELLS // max(1, num_rows)))


def draws(
    num_rows: int, count: int, seed: int | Sequence[int] = 0, cells_at_once: int = _CELLS_AT_ONCE
) -> Iterator[Weights]:
    """`count` draws of as many rows as there are, in parts of so many cells; the same ones for the same seed, whatever
    the parts are."""
    generator = np.random.default_rng(seed)
    at_once = max(1, cells_at_once // max(1, num_rows))
    for first in range(0, count, at_once):
        number = min(at_once, count - first)
        rows = generator.integers(0, num_rows, size=(number, num_rows))
        places = rows + num_rows * np.arange(number)[:, None]
        counts = np.bincount(places.ravel(), minlength=number * num_rows)
        yield counts.reshape(number, num_rows).astype(np.float32)


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
    low, high = np.clip(np.quantile(found, EDGES) + value - found.mean(), least, most)
    return Figure(value, min(float(low), value), max(float(high), value), "bootstrap")
