"""compared_in_words: runs that answer in words on the same rows; every figure's difference on the same draws of them.

Rows are the same where the same texts were read and the same answers wanted. A verdict is about the figure that leads
(its paired bootstrap, Koehn 2004); settings are judged only where each side has three seeds or more, and then the
difference must also be more than the luck of the seeds.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.breath import mapped, telling
from engine.config.data import Source
from engine.errors import InputError
from engine.inspection.comparison.compared_rows import ComparedRows, row_keys
from engine.inspection.comparison.comparison_table import (
    ToCompare,
    figure_of,
    headline_of,
    notes_of,
    sides_of,
    with_costs,
)
from engine.inspection.comparison.differing_rows import differing_rows
from engine.inspection.comparison.scored_runs import scored
from engine.inspection.comparison.significance_in_words import found_in_words, judged_in_words
from engine.inspection.comparison.significance_verdicts import apart, matched
from engine.inspection.comparison.verdict_words import Side
from engine.messages import message
from engine.metrics.confidence_intervals import holm
from engine.metrics.label_counts import Floats
from engine.metrics.paired_runs import PairedRuns, SummedColumns
from engine.metrics.registry import metric_of
from engine.metrics.summed_figures import VALUE_OF
from engine.records import Comparison, Pair, Progress, ScoredRows
from engine.runs.run import Run

_SHARE = 1000
"""Parts that each run's answers count for in the progress."""


def compared_in_words(
    asked: ToCompare, split: str | None, source: Source | None
) -> Generator[Progress, None, Comparison]:
    """The first group is the base. Breathes. Raises InputError for runs that read or measure different things."""
    runs = [run for group in asked.groups for run in group.runs]
    answers: list[ScoredRows] = []
    for run in runs:
        answers.append((yield from _asked(run, split, source, len(answers), len(runs))))
        _refuse_others(runs[0], answers[0], run, answers[-1])
    last = Progress(len(runs) * _SHARE, (len(runs) + 1) * _SHARE)
    rows = yield from telling(_matched_rows(answers), last)
    for done in rows.drawn.draw():
        yield Progress(last.done + _SHARE * done // rows.drawn.num_draws, last.total)
    sides = sides_of(asked.groups)
    leading = answers[0].leading
    pairs = _pairs(rows, sides, leading)
    own = [rows.drawn.figures(number) for number in range(len(runs))]
    table = tuple(
        with_costs(
            group,
            {name: figure_of([own[run][name] for run in side.runs], name, side, rows) for name in own[0]},
            asked.histories,
            answers[side.runs[0]].split,
            len(answers[side.runs[0]]),
        )
        for group, side in zip(asked.groups, sides, strict=True)
    )
    is_same = all(pair.outcome != "apart" for pair in pairs)
    return Comparison(
        groups=table,
        settings=asked.settings,
        num_equal=asked.num_equal,
        pairs=pairs,
        headline=headline_of(table, pairs),
        notes=notes_of(table, pairs),
        baseline=dict(answers[0].baseline) if is_same else {},
        left_out=answers[0].left_out,
        leading=leading,
        rows=differing_rows(rows, answers, sides, sort_key(answers[0])),
        roles=answers[0].roles,
        baseline_name=answers[0].baseline_name,
        signature=answers[0].signature,
    )


def sort_key(answers: ScoredRows) -> str:
    """The figure that tells a good row from a bad one."""
    return answers.sort_by if answers.sort_by in answers.statistics else answers.leading


def merits_of(answers: ScoredRows, key: str) -> Floats:
    """[N]: how good each row's answer is by a figure, higher is better."""
    given: Floats = VALUE_OF[key](answers.statistics[key])
    return -given if metric_of(key).lower_is_better else given


def _asked(
    run: Run, split: str | None, source: Source | None, number: int, count: int
) -> Generator[Progress, None, ScoredRows]:
    def told(progress: Progress) -> Progress:
        done = number * _SHARE + _SHARE * progress.done // max(1, progress.total)
        return Progress(done, (count + 1) * _SHARE, note=progress.note)

    return (yield from mapped(scored(run, split, source), told))


def _refuse_others(first: Run, wanted: ScoredRows, run: Run, given: ScoredRows) -> None:
    if wanted.roles == given.roles and set(wanted.statistics) == set(given.statistics):
        return
    raise InputError(
        message(
            "These runs are measured otherwise: {first} by {wanted}; {other} by {given}.",
            first=first.name,
            wanted=[metric_of(key).title for key in wanted.statistics],
            other=run.name,
            given=[metric_of(key).title for key in given.statistics],
        ),
        str(run.path),
        message("Choose runs of one goal that cut their texts alike."),
    )


def _matched_rows(answers: Sequence[ScoredRows]) -> Generator[None, None, ComparedRows]:
    keys: list[NDArray[np.uint64]] = []
    for one in answers:
        keys.append((yield from _keys(one)))
    texts, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    places = np.split(inverse.astype(np.int64), np.cumsum([len(one) for one in keys])[:-1])
    sums = SummedColumns(answers[0].statistics)
    drawn = PairedRuns(len(texts), sums)
    by = sort_key(answers[0])
    merits = []
    for place, one in zip(places, answers, strict=True):
        drawn.add(place, sums.columns(one.statistics))
        merit = np.full(len(texts), np.nan)
        merit[place] = merits_of(one, by)
        merits.append(merit)
        yield
    return ComparedRows(tuple(keys), tuple(places), tuple(merits), len(texts), drawn)


def _keys(answers: ScoredRows) -> Generator[None, None, NDArray[np.uint64]]:
    def mark(place: int) -> bytes:
        row = answers.rows[place]
        return "\0".join([*row.read, "\0", *row.wanted]).encode("utf-8", "surrogatepass")

    return (yield from row_keys(len(answers), mark))


def _pairs(rows: ComparedRows, sides: Sequence[Side], leading: str) -> tuple[Pair, ...]:
    """Each group against the first, corrected for their number."""
    base, *others = sides
    fits = [matched(rows, base, other) for other in others]
    findings = [
        None if fit is None else found_in_words(rows, fit[0], fit[1], leading, is_paired=fit[2]) for fit in fits
    ]
    corrected = iter(holm([one.p_value for one in findings if one is not None]))
    pairs = []
    for number, (finding, fit, other) in enumerate(zip(findings, fits, others, strict=True), start=1):
        if finding is None or fit is None:
            pairs.append(apart(0, number, base, other))
        else:
            pairs.append(judged_in_words(0, number, fit[0], fit[1], finding, next(corrected)))
    return tuple(pairs)
