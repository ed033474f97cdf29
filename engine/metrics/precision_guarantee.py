"""promised: the lowest threshold at which a precision can be promised, not only seen; and how many rows that takes.

"The true precision at the threshold is at least p, with confidence 1 - a", over the draw of the validation rows. It is
multiple testing in the frame of Learn then Test (Angelopoulos 2021): each candidate threshold has the null hypothesis
"precision here is below p", its p-value is the binomial tail P(Bin(chosen, p) >= hits) (so that it is rejected where
the lower bound of Clopper & Pearson 1934 is at least p), and the chance that any true one is rejected is held under a.

Candidates are chosen by the scores alone: the thresholds that let pass k rows, for numbers k that grow by 8 % from one
to all rows. A threshold lies just above the score of row k + 1 and counts the m <= k rows with a greater score: given
that score they are drawn independently from all texts above it, so that the binomial is exact, with ties as well. The
least threshold (all rows) is fixed beforehand.

They are tested from the highest threshold down by the fallback procedure (Wiens & Dmitrienko 2005): a share of `a`
lies at each of up to five starts, about one for every fourfold of the rows that score .5 or more (of several starts
the first one bears a wrong row or two); a rejection hands its level on to the next candidate, which adds its own
share; else the level is lost and the next start begins with its share. Where precision falls through p only once as
the threshold falls, the promise is exact: given how many rows lie above the true crossing, every row that a false
rejection would count there is right with chance p at most. Each single p-value is always exact.

Measured by simulation (p .948, a .05; nine curves of precision, with rare labels, noise at the top, plateaus and a
second crossing among them; 300 to 12,500 rows, 100 to 300 draws each): broken in 0 to 2 % of the draws, and in 2 to 3 %
where precision is a hair too low at every threshold; the lowest threshold whose seen precision is p in 42 to 55 %. Of
the share of rows that the true threshold lets pass it kept, where precision crosses p once, .67 to .93 at 2,500 rows
(Bonferroni over steps of 25 %: .35 to .84; Holm is 0 to 2 points above it) and .90 to .96 at 12,500 (.78 to .96). With
700 rows it promised something in 22 to 94 % of those draws, Bonferroni in 0 to 69 %. Steps of 2 % keep 1 to 4 points
more and leave no slack; a single start found next to nothing where the highest scores are noisy.

Validation rows by which the best checkpoint was chosen, and rows that are related (reviews of one film), promise a
little more than is so: whoever has test rows checks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, betainc, betaincinv

_GROWTH = 1.08
_ROWS_A_START, _MOST_STARTS, _MOST_BORNE = 4.0, 5, 2
_LIKELY, _FARTHEST = 0.5, 0.7
_LEAST_SEEN = 10
"""So many rows show a precision that is worth extrapolating."""
_STEP, _MOST_TIMES = 1.05, 10_000.0

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Promised:
    """`threshold` is None where nothing can be promised, and then `rows_needed` rows would do, if they are like these
    (None: no number would, or more than ten thousand times as many). At the threshold `num_chosen` rows are chosen,
    `num_hits` of them rightly; the true precision is at least `lower_bound`, with the confidence asked for."""

    threshold: float | None
    num_chosen: int = 0
    num_hits: int = 0
    lower_bound: float = 0.0
    rows_needed: int | None = None


def promised(
    scores: ArrayLike, truths: ArrayLike, precision: float, confidence: float = 0.95, least: float = 0.0
) -> Promised:
    """The lowest threshold of at least `least` at which `precision` can be promised with a `confidence` of .5 or more.

    `scores` [N] as `decision_rules.label_scores` gives them (rows of score 0 never pass), `truths` [N] True
    where the label is right; `precision` and `confidence` are below 1.
    """
    assert 0 < precision < 1 and 0.5 <= confidence < 1
    ladder = _Ladder.of(np.asarray(scores, dtype=np.float64), np.asarray(truths, dtype=bool), least)
    error = 1 - confidence
    levels = ladder.levels(precision, error)
    passed = _tested(_p_values(ladder.hits, ladder.chosen, precision), levels)
    if not passed:
        return Promised(None, rows_needed=_rows_needed(ladder, precision, error))
    place, level = passed[-1]
    chosen, hits = int(ladder.chosen[place]), int(ladder.hits[place])
    bound = float(betaincinv(hits, chosen - hits + 1, level))
    return Promised(float(ladder.thresholds[place]), chosen, hits, bound)


@dataclass(frozen=True)
class _Ladder:
    """Candidates, the highest threshold first; `asked` are the numbers of rows that they were chosen by, of which ties
    take some away. `num_rows` rows in all, `num_eligible` can pass, `num_likely` of them score .5 or more."""

    thresholds: Floats
    chosen: Counts
    hits: Counts
    asked: Counts
    num_rows: int
    num_eligible: int
    num_likely: int

    @staticmethod
    def of(scores: Floats, truths: NDArray[np.bool_], least: float) -> _Ladder:
        eligible = (scores > 0) & (scores >= least)
        order = np.argsort(-scores[eligible], kind="stable")
        ordered, hits = scores[eligible][order], np.cumsum(truths[eligible][order], dtype=np.int64)
        asked = _numbers(len(ordered))
        above = asked[:-1]
        limits = ordered[above]
        chosen = np.searchsorted(-ordered, -limits, side="left").astype(np.int64)
        chosen = np.append(chosen, np.full(len(asked[-1:]), len(ordered), np.int64))
        thresholds = np.append(np.nextafter(limits, np.inf), np.full(len(asked[-1:]), least))
        _, first = np.unique(chosen, return_index=True)
        kept = first[chosen[first] > 0]
        counted = np.concatenate([np.zeros(1, np.int64), hits])[chosen[kept]]
        sizes = len(scores), len(ordered), int((ordered >= _LIKELY).sum())
        return _Ladder(thresholds[kept], chosen[kept], counted, asked[kept], *sizes)

    def seen(self, least: int) -> _Ladder:
        """Only the candidates that let pass so many rows."""
        kept = self.chosen >= least
        counts = (self.thresholds[kept], self.chosen[kept], self.hits[kept], self.asked[kept])
        return _Ladder(*counts, self.num_rows, self.num_eligible, self.num_likely)

    def levels(self, precision: float, error: float, times: float = 1.0) -> Floats:
        """The share of the error that each candidate brings of its own; of the same rows so many times over."""
        shares = np.zeros(len(self.asked))
        starts = _starts(times * self.num_likely, times * self.num_eligible, precision, error)
        for start in starts if len(shares) else []:
            place = min(int(np.searchsorted(times * self.asked, start)), len(shares) - 1)
            shares[place] += error / len(starts)
        return shares


def _numbers(num_rows: int) -> Counts:
    """1, 2, 3, ..., then 8 % more each time, and `num_rows` at the end; empty for no rows."""
    count = 1 + int(math.log(max(num_rows, 1)) / math.log(_GROWTH))
    grown = np.unique(np.floor(_GROWTH ** np.arange(count)).astype(np.int64))
    return np.append(grown[grown < num_rows], np.full(min(num_rows, 1), num_rows, np.int64))


def _starts(num_likely: float, num_rows: float, precision: float, error: float) -> list[int]:
    """Numbers of rows at which a share of the error lies: evenly on a scale of ratios, from the fewest that could
    suffice to most of the likely ones; the more starts, the more wrong rows among the first ones are borne. Empty
    where even all rows, all of them right, are too few."""
    reach = num_likely / _fewest(0, precision, error)
    most = 1 if reach < _ROWS_A_START else min(1 + round(math.log(reach) / math.log(_ROWS_A_START)), _MOST_STARTS)
    for count in range(most, 0, -1):
        first = _fewest(min(count - 1, _MOST_BORNE), precision, error / count)
        if first <= num_rows:
            ratio = max(_FARTHEST * num_likely, first) / first
            return [math.ceil(first * ratio ** (place / max(1, count - 1)) - 1e-9) for place in range(count)]
    return []


@lru_cache(maxsize=256)
def _fewest(num_wrong: int, precision: float, level: float) -> int:
    """Rows that reject at this level although so many of them are wrong."""
    lower, upper = num_wrong, num_wrong + 1
    while bdtr(num_wrong, upper, 1 - precision) > level:
        lower, upper = upper, 2 * upper
    while upper - lower > 1:
        middle = (lower + upper) // 2
        is_enough = bdtr(num_wrong, middle, 1 - precision) <= level
        lower, upper = (lower, middle) if is_enough else (middle, upper)
    return upper


def _tested(p_values: Floats, levels: Floats) -> list[tuple[int, float]]:
    """(place, level) of each rejected hypothesis."""
    passed: list[tuple[int, float]] = []
    carried = 0.0
    for place, (p_value, own) in enumerate(zip(p_values.tolist(), levels.tolist(), strict=True)):
        level = carried + own
        is_rejected = level > 0 and p_value <= level
        carried = level if is_rejected else 0.0
        if is_rejected:
            passed.append((place, level))
    return passed


def _p_values(hits: ArrayLike, chosen: ArrayLike, precision: float) -> Floats:
    """P(Bin(chosen, precision) >= hits), also between whole numbers."""
    right, total = np.asarray(hits, dtype=np.float64), np.asarray(chosen, dtype=np.float64)
    found: Floats = np.where(right > 0, betainc(np.maximum(right, 1e-9), total - right + 1, precision), 1.0)
    return found


def _rows_needed(ladder: _Ladder, precision: float, error: float) -> int | None:
    """The same rows so many times over that the whole procedure lets a threshold pass."""
    if not ladder.num_eligible:
        return None
    seen = ladder.seen(min(_LEAST_SEEN, ladder.num_eligible))
    if not (seen.hits > precision * seen.chosen).any():
        return None
    times = 1.0
    while times < _MOST_TIMES:
        times *= _STEP
        p_values = _p_values(times * seen.hits, times * seen.chosen, precision)
        if p_values.min() > error:
            continue
        if _tested(p_values, seen.levels(precision, error, times)):
            return max(math.ceil(times * seen.num_rows), seen.num_rows + 1)
    return None
