"""text_slices: where a model that answers in words does worse: on long texts, long answers, one kind of question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.breath import mapped
from engine.config.roles import ROLES
from engine.inspection.evaluation.column_parts import parts_by_column
from engine.messages import Message, message
from engine.metrics.confidence_intervals import holm
from engine.metrics.grouped_figures import drawn_by_group, regrouped_p_values
from engine.metrics.registry import metric_of
from engine.metrics.resampling import bootstrapped
from engine.metrics.slices import quantile_bins
from engine.metrics.summed_figures import VALUE_OF
from engine.records import Figure, Progress, ScoredRows, TextSlice

LEAST_ROWS = 20
"""Of fewer rows nothing can be said."""

_WORSE = 0.05
_MOST_OPENINGS = 10
_WORD = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿]|\w+(?:['’]\w+)*")
"""A word, or one character of a script without spaces."""


@dataclass(frozen=True)
class _Part:
    title: Message
    places: NDArray[np.int64]


def text_slices(scored: ScoredRows, seed: int = 0) -> Generator[Progress, None, tuple[TextSlice, ...]]:
    """By length of each text that was read, length of the right answer, whether there is one, what further columns of
    the source say, and the word that the first text begins with. The figure is the leading one."""
    num_rows = len(scored)
    parts = [one for one in (yield from _parts(scored)) if LEAST_ROWS <= len(one.places) <= num_rows - LEAST_ROWS]
    if not parts:
        return ()
    value_of, table = VALUE_OF[scored.leading], np.asarray(scored.statistics[scored.leading], dtype=np.float64)
    whole = table.sum(axis=0)
    sums = np.stack([table[one.places].sum(axis=0) for one in parts])
    inside, outside = value_of(sums), value_of(whole - sums)
    drawing = drawn_by_group(table, [one.places for one in parts], value_of, seed)
    drawn_inside, drawn_outside = yield from mapped(drawing, lambda share: _progress(1 + share))
    sizes = [len(one.places) for one in parts]
    regrouping = regrouped_p_values(table, sizes, inside - outside, value_of, seed)
    p_values = yield from mapped(regrouping, lambda share: _progress(2 + 2 * share))
    found = []
    for place, (one, p_value) in enumerate(zip(parts, holm(p_values), strict=True)):
        figure = bootstrapped(scored.leading, float(inside[place]), drawn_inside[:, place])
        rest = bootstrapped(scored.leading, float(outside[place]), drawn_outside[:, place])
        found.append(_judged(one, scored.leading, figure, rest, float(p_value)))
    return tuple(found)


def _progress(quarters: float) -> Progress:
    return Progress(round(25 * quarters), 100)


def _judged(part: _Part, metric: str, figure: Figure, rest: Figure, p_value: float) -> TextSlice:
    is_below = figure.value < rest.value
    is_worse = p_value < _WORSE and is_below != metric_of(metric).lower_is_better
    return TextSlice(part.title, part.places, metric, figure, rest, p_value, is_worse)


# -- which rows --------------------------------------------------------------------------------------------------------


def _parts(scored: ScoredRows) -> Generator[Progress, None, list[_Part]]:
    lengths = np.zeros((len(scored), len(scored.roles) + 1), dtype=np.int64)
    openings: list[str] = []
    for place, row in enumerate(scored.rows):
        for column, text in enumerate((*row.read, row.wanted[0] if row.wanted else "")):
            lengths[place, column] = sum(1 for _ in _WORD.finditer(text))
        opening = _WORD.search(row.read[0]) if row.read else None
        openings.append(opening[0].lower() if opening is not None else "")
        if place % 500 == 0:
            yield _progress(place / len(scored))
    found: list[_Part] = []
    for column, role in enumerate(scored.roles):
        title = ROLES[role].title if role in ROLES else message("{name}", name=role)
        found += _by_length(lengths[:, column], title)
    has_answer = lengths[:, -1] > 0
    if has_answer.any():
        if not has_answer.all():
            found.append(_Part(message("has a right answer"), np.flatnonzero(has_answer)))
            found.append(_Part(message("no answer is right"), np.flatnonzero(~has_answer)))
        found += _by_length(lengths[:, -1], message("Right answer"), has_answer)
    found += [_Part(title, np.flatnonzero(mask)) for title, mask in parts_by_column(scored.columns)]
    return [*found, *_by_opening(openings)]


def _by_length(lengths: NDArray[np.int64], title: Message, among: NDArray[np.bool_] | None = None) -> Iterator[_Part]:
    """Up to four parts of about as many rows; `lengths` [N] in words, `among` [N] the rows that count."""
    counted = np.ones(len(lengths), dtype=np.bool_) if among is None else among
    bins = quantile_bins(lengths[counted])
    for number, (low, high) in enumerate(bins if len(bins) > 1 else ()):
        named = message("{text}: {low} to {high} words", text=title, low=int(low), high=int(high))
        if number == len(bins) - 1:
            named = message("{text}: {low} words and more", text=title, low=int(low))
        elif low == high:
            named = message("{text}: {count:plural:word:words}", text=title, count=int(low))
        yield _Part(named, np.flatnonzero(counted & (lengths >= low) & (lengths <= high)))


def _by_opening(openings: Sequence[str]) -> Iterator[_Part]:
    words = np.array(openings, dtype=object)
    for word, count in Counter(openings).most_common(_MOST_OPENINGS):
        if word and count >= LEAST_ROWS:
            yield _Part(message("begins with “{word}”", word=word), np.flatnonzero(words == word))
