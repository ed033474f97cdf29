"""Figures that are functions of sums over rows: exact match, F1 of shared words, BLEU, chrF, ROUGE, perplexity.

Each row adds some columns to every figure, so one matrix product gives a figure of any rows: of all of them, of a
slice, of a thousand draws (percentile bootstrap, `metrics.resampling`), and of two runs on the same draws (paired
bootstrap, Koehn 2004). N rows, S draws, C columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics.confidence_intervals import EDGES
from engine.metrics.resampling import bootstrapped, draws, num_paired_draws
from engine.records import Figure

Floats = NDArray[np.float64]
Statistics = Mapping[str, Floats]
"""By figure: [N, C]."""


def mean(sums: Floats) -> Floats:
    """[...] of sums [..., 2]: a row's value (times its weight), and its weight; nan where nothing has weight."""
    weight = sums[..., 1]
    found: Floats = np.divide(sums[..., 0], weight, out=np.full(weight.shape, np.nan), where=weight > 0)
    return found


def perplexity(sums: Floats) -> Floats:
    """[...] of sums [..., 2]: -log p in nats, and tokens."""
    found: Floats = np.exp(mean(sums))
    return found


def bits(sums: Floats) -> Floats:
    """[...] of sums [..., 2]: -log p in nats, and what it is shared by (characters)."""
    found: Floats = mean(sums) / np.log(2.0)
    return found


def _bleu(sums: Floats) -> Floats:
    """[...] of sums [..., 10]: length said, length wanted, four counts of shared n-grams, four of all (Papineni 2002);
    0 to 100, smoothed as sacrebleu does ("exp")."""
    said, wanted = sums[..., 0], sums[..., 1]
    right, total = sums[..., 2:6], sums[..., 6:10]
    halvings = np.cumsum((right == 0) & (total > 0), axis=-1)
    smoothed = np.where(right > 0, right, 1.0 / 2.0**halvings)
    has_all = (total > 0).all(axis=-1) & (right[..., 0] > 0)
    shares = np.log(np.where(total > 0, smoothed / np.maximum(total, 1e-12), 1.0))
    brevity = np.where(said > 0, np.exp(np.minimum(0.0, 1.0 - wanted / np.maximum(said, 1e-12))), 0.0)
    found: Floats = np.where(has_all, 100.0 * brevity * np.exp(shares.mean(axis=-1)), 0.0)
    return found


def _chrf(sums: Floats) -> Floats:
    """[...] of sums [..., 18]: of each of six orders of character n-grams those said (0 in a row that wants none),
    those wanted and those shared (Popović 2015, beta 2); 0 to 100, with sacrebleu's mean over orders that occur."""
    said, wanted, shared = (sums[..., start::3] for start in range(3))
    is_there = (said > 0) & (wanted > 0)
    orders = np.maximum(is_there.sum(axis=-1), 1)
    precision = np.where(is_there, shared / np.maximum(said, 1e-12), 0.0).sum(axis=-1) / orders
    recall = np.where(is_there, shared / np.maximum(wanted, 1e-12), 0.0).sum(axis=-1) / orders
    factor = 4.0
    whole = np.maximum(factor * precision + recall, 1e-12)
    found: Floats = 100.0 * (1.0 + factor) * precision * recall / whole
    return found


VALUE_OF: Mapping[str, Callable[[Floats], Floats]] = {
    "loss": mean,
    "em": mean,
    "f1": mean,
    "bleu": _bleu,
    "chrf": _chrf,
    "rouge_1": mean,
    "rouge_2": mean,
    "rouge_l": mean,
    "perplexity": perplexity,
    "bits_per_character": bits,
}
"""What a figure makes of sums [..., C]."""


def values(statistics: Statistics, places: NDArray[np.int64] | None = None) -> dict[str, float]:
    """Every figure of the rows at `places` [rows] (all, without any)."""
    chosen = {key: found if places is None else found[places] for key, found in statistics.items()}
    return {key: float(VALUE_OF[key](found.sum(axis=0))) for key, found in chosen.items()}


def figures(statistics: Statistics, seed: int = 0, places: NDArray[np.int64] | None = None) -> dict[str, Figure]:
    """The same of the rows at `places` [rows], with 95 % intervals (bootstrap over rows); without one where there are
    fewer than two."""
    found = values(statistics, places)
    drawn = _drawn(statistics, seed, places)
    return {
        key: bootstrapped(key, value, drawn[key]) if key in drawn else Figure(value) for key, value in found.items()
    }


def half_widths(statistics: Statistics, seed: int = 0) -> dict[str, float]:
    """Half the width of every interval, as a curve draws it; figures without one are left out."""
    found = figures(statistics, seed)
    return {key: (one.high - one.low) / 2 for key, one in found.items() if one.method}


@dataclass(frozen=True)
class Difference:
    """`after` - `before` of one figure on the same rows, its 95 % interval, and the p-value of a two-sided paired
    bootstrap: `two_sided_p`."""

    before: float
    after: float
    change: Figure
    p_value: float


def differences(before: Statistics, after: Statistics, seed: int = 0) -> dict[str, Difference]:
    """Of figures that both have, of the same N rows in the same order, drawn alike for both."""
    shared = [key for key in before if key in after]
    one, other = _drawn(before, seed, None), _drawn(after, seed, None)
    first, second = values(before), values(after)
    found = {}
    for key in shared:
        assert len(before[key]) == len(after[key]), "two runs are compared on the same rows"
        change = second[key] - first[key]
        drawn = other[key] - one[key] if key in one else np.empty(0)
        drawn = drawn[np.isfinite(drawn)]
        low, high = np.quantile(drawn, EDGES) if len(drawn) else (np.nan, np.nan)
        figure = Figure(change, float(low), float(high), "bootstrap" if len(drawn) else "")
        found[key] = Difference(first[key], second[key], figure, two_sided_p(drawn))
    return found


def two_sided_p(drawn: Floats) -> float:
    """Of a difference's draws [S]: the share of those whose sign is the other one, doubled. The figure itself counts as
    one more draw on either side, so that it is never 0 (Davison & Hinkley 1997, ch. 4). 1 without draws."""
    if not len(drawn):
        return 1.0
    fewer = min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))
    return min(1.0, 2.0 * (1 + fewer) / (1 + len(drawn)))


def _drawn(statistics: Statistics, seed: int, places: NDArray[np.int64] | None) -> dict[str, Floats]:
    """[S] of every figure; {} of fewer than two rows."""
    chosen = {key: found if places is None else found[places] for key, found in statistics.items()}
    num_rows = len(next(iter(chosen.values()))) if chosen else 0
    if num_rows < 2:
        return {}
    sums: dict[str, list[Floats]] = {key: [] for key in chosen}
    for weights in draws(num_rows, num_paired_draws(num_rows), seed):
        for key, columns in chosen.items():
            sums[key].append(weights.astype(np.float64) @ columns)
    return {key: VALUE_OF[key](np.concatenate(parts)) for key, parts in sums.items()}
