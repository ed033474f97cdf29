"""Parts of the rows, and whether a model does worse there than elsewhere: which rows, how well, how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.confidence_intervals import wilson_figure
from engine.metrics.registry import metric_of
from engine.metrics.resampling import STREAM, Floats, bootstrapped, draws, num_draws, once
from engine.records import Figure

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Outcome:
    """What a slice is judged by: `metric` is the mean of `values` [N] over those of its rows that are `counted` [N]. A
    share has values 0 and 1; of errors (mae) more is worse."""

    metric: str
    values: Floats
    counted: Mask

    @property
    def is_share(self) -> bool:
        return metric_of(self.metric).is_share


def share_figures(outcome: Outcome, masks: Sequence[Mask]) -> list[tuple[Figure, Figure, float]]:
    """(in the slice, in all other rows, p of the difference) for each mask [N]. Intervals by Wilson; p, two-sided, by
    Fisher's exact test."""
    from scipy.stats import fisher_exact

    right = outcome.counted & (outcome.values > 0.5)
    num_right, num_counted = int(right.sum()), int(outcome.counted.sum())
    found = []
    for mask in masks:
        hits, total = int((right & mask).sum()), int((outcome.counted & mask).sum())
        rest_hits, rest_total = num_right - hits, num_counted - total
        table = [[hits, total - hits], [rest_hits, rest_total - rest_hits]]
        p_value = float(fisher_exact(table).pvalue) if total and rest_total else 1.0
        found.append((_share(hits, total), _share(rest_hits, rest_total), p_value))
    return found


def mean_figures(outcome: Outcome, masks: Sequence[Mask], seed: int = 0) -> list[tuple[Figure, Figure, float]]:
    """The same for means: intervals by a bootstrap over rows, p by Welch's t-test, two-sided."""
    from scipy.stats import ttest_ind

    if not masks:
        return []
    inside = np.column_stack(masks) & outcome.counted[:, None]
    columns = np.column_stack([inside, ~inside & outcome.counted[:, None]]).astype(np.float64)
    values = _means(once(len(inside)), columns, outcome.values)
    drawing = draws(len(inside), num_draws(len(inside)), [seed, STREAM])
    parts = [_means(weights, columns, outcome.values) for weights in drawing]
    drawn = np.concatenate(parts)
    figures = [bootstrapped(outcome.metric, float(value), drawn[:, place]) for place, value in enumerate(values[0])]
    found = []
    for place in range(len(masks)):
        one, other = (outcome.values[columns[:, column] > 0] for column in (place, len(masks) + place))
        is_known = len(one) > 1 and len(other) > 1 and (np.ptp(one) > 0 or np.ptp(other) > 0)
        p_value = float(ttest_ind(one, other, equal_var=False).pvalue) if is_known else 1.0
        found.append((figures[place], figures[len(masks) + place], p_value))
    return found


def quantile_bins(values: ArrayLike, num_bins: int = 4) -> list[tuple[float, float]]:
    """(least, largest) of the `values` [N] in each of up to `num_bins` parts of about as many rows; equal values stay
    together, so that there may be fewer parts."""
    given = np.sort(np.asarray(values, dtype=np.float64))
    if not len(given):
        return []
    edges = np.unique(given[[len(given) * part // num_bins for part in range(num_bins)]])
    firsts = np.searchsorted(given, edges, side="left")
    lasts = np.append(firsts[1:], len(given)) - 1
    return [(float(given[first]), float(given[last])) for first, last in zip(firsts, lasts, strict=True)]


def _share(hits: int, total: int) -> Figure:
    return wilson_figure(hits, total) if total else Figure(float("nan"))


def _means(weights: NDArray[np.float32], columns: Floats, values: Floats) -> Floats:
    """[S, columns]: means of `values` over each column's rows; nan where a draw holds none of them."""
    totals = weights @ columns
    sums = weights @ (columns * values[:, None])
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = sums / totals
    return found
