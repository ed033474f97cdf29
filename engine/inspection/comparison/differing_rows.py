"""differing_rows: the rows that two groups answer most differently, with what each said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.inspection.comparison.compared_rows import ComparedRows
from engine.inspection.comparison.significance_verdicts import matched, merit_of
from engine.inspection.comparison.verdict_words import Side
from engine.metrics.registry import metric_of
from engine.records import DifferingRow, ScoredRows

NUM_SHOWN = 20
"""Of each pair, the better and the worse ones in turn."""


def differing_rows(
    rows: ComparedRows, answers: Sequence[ScoredRows], sides: Sequence[Side], key: str
) -> tuple[DifferingRow, ...]:
    """Of each group against the first, where both were measured on the same rows: those whose values by the figure
    `key` are farthest apart, the farthest first, equal ones as they stand in the data; rows that both answer equally
    well are none of them."""
    base, *others = sides
    found: list[DifferingRow] = []
    for number, other in enumerate(others, start=1):
        fit = matched(rows, base, other)
        if fit is not None:
            found += _of_pair(rows, answers, number, fit[0], fit[1], key)
    return tuple(found)


def _of_pair(
    rows: ComparedRows, answers: Sequence[ScoredRows], number: int, a: Side, b: Side, key: str
) -> list[DifferingRow]:
    before, after = merit_of(rows, a.runs), merit_of(rows, b.runs)
    change = np.nan_to_num(after - before)
    place = np.full(rows.num_texts, len(rows.places[a.runs[0]]))
    place[rows.places[a.runs[0]]] = np.arange(len(rows.places[a.runs[0]]))
    order = np.lexsort((place, -np.abs(change)))
    sign = -1.0 if metric_of(key).lower_is_better else 1.0
    one, other = a.runs[0], b.runs[0]
    where = [_rows_of(rows, run) for run in (one, other)]
    found: list[DifferingRow] = []
    for text in order[: 4 * NUM_SHOWN]:
        if len(found) == NUM_SHOWN or abs(change[text]) <= 1e-9:
            break
        if int(text) not in where[0] or int(text) not in where[1]:
            continue  # another seed's row
        first, second = answers[one].rows[where[0][int(text)]], answers[other].rows[where[1][int(text)]]
        found.append(
            DifferingRow(
                a=0,
                b=number,
                row=first.row,
                read=first.read,
                wanted=first.wanted,
                said_a=first.said,
                said_b=second.said,
                score_a=sign * float(before[text]),
                score_b=sign * float(after[text]),
                metric=key,
                is_better=bool(change[text] > 0),
            )
        )
    return found


def _rows_of(rows: ComparedRows, run: int) -> dict[int, int]:
    """Which row of the run each text is."""
    return {int(text): place for place, text in enumerate(rows.places[run])}
