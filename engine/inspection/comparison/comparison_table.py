"""The table of a comparison: a line a group, and what is said of them all, whatever kind of answer it is."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.inspection.comparison.compared_rows import ComparedRows
from engine.inspection.comparison.verdict_words import Side
from engine.messages import Message, message
from engine.metrics.confidence_intervals import mean_half_width
from engine.metrics.registry import ends
from engine.records import ComparedFigure, ComparedGroup, Pair, Setting
from engine.records.comparison import OUTCOMES, Over
from engine.runs.history import History
from engine.runs.seed_groups import RunGroup


@dataclass(frozen=True)
class ToCompare:
    """What is known before anything is asked: `histories` by run, `settings` that differ, and how many do not."""

    groups: tuple[RunGroup, ...]
    histories: Mapping[Path, History]
    settings: tuple[Setting, ...]
    num_equal: int


def sides_of(groups: Sequence[RunGroup]) -> list[Side]:
    sides, first = [], 0
    for group in groups:
        numbers = tuple(range(first, first + len(group.runs)))
        sides.append(Side(group.title, numbers, group.seeds))
        first += len(group.runs)
    return sides


def figure_of(values: Sequence[float], name: str, side: Side, rows: ComparedRows) -> ComparedFigure:
    if len(values) > 1:
        return with_ends(name, values, float(mean_half_width(values)), "seeds")
    return with_ends(name, values, rows.drawn.mean_half_width(side.runs, name), "rows")


def with_ends(name: str, values: Sequence[float], half_width: float, over: Over) -> ComparedFigure:
    mean = statistics.fmean(values)
    low, high = ends(name, mean, half_width) or (math.nan, math.nan)
    return ComparedFigure(mean, half_width, tuple(values), over, low, high)


def with_costs(
    group: RunGroup,
    figures: dict[str, ComparedFigure],
    histories: Mapping[Path, History],
    split: str = "",
    num_rows: int = 0,
) -> ComparedGroup:
    own = [histories[run.path] for run in group.runs]
    return ComparedGroup(
        title=group.title,
        runs=tuple(run.path for run in group.runs),
        names=tuple(run.name for run in group.runs),
        seeds=group.seeds,
        figures=figures,
        split=split,
        num_rows=num_rows,
        num_parameters=_mean([one.started.num_parameters for one in own if one.started]),
        seconds=_mean([one.progress.seconds for one in own if one.progress]),
        memory_bytes=_mean([one.most_memory for one in own if one.most_memory]),
    )


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else float("nan")


def headline_of(groups: Sequence[ComparedGroup], pairs: Sequence[Pair]) -> Message:
    if len(pairs) == 1:
        only = pairs[0]
        return only.verdict if only.outcome == "apart" else _joined([only.verdict, only.scope])
    base = groups[0].title
    titles = {outcome: [groups[one.b].title for one in pairs if one.outcome == outcome] for outcome in OUTCOMES}
    parts = [
        (titles["better"], message("Better than {base}: {titles}.", base=base, titles=titles["better"])),
        (titles["worse"], message("Worse than {base}: {titles}.", base=base, titles=titles["worse"])),
        (titles["open"], message("Can't be told from {base}: {titles}.", base=base, titles=titles["open"])),
        (titles["apart"], message("Measured on other texts: {titles}.", titles=titles["apart"])),
    ]
    return _joined([part for named, part in parts if named])


def _joined(parts: Sequence[Message]) -> Message:
    told = parts[0]
    for part in parts[1:]:
        told = message("{before} {after}", before=told, after=part)
    return told


def notes_of(groups: Sequence[ComparedGroup], pairs: Sequence[Pair]) -> tuple[Message, ...]:
    """What else must be known to read the table."""
    notes = []
    if len(pairs) > 1:
        notes.append(
            message(
                "p-values are corrected for {count:plural:comparison:comparisons} (Holm).",
                count=sum(pair.p_value is not None for pair in pairs),
            )
        )
        notes += _scopes(groups, pairs)
    if any(one.split == "validation" for one in groups):
        notes.append(
            message(
                "Measured on validation texts, by which the best checkpoint was chosen: the figures are a little too "
                "good."
            )
        )
    return tuple(notes)


def _scopes(groups: Sequence[ComparedGroup], pairs: Sequence[Pair]) -> list[Message]:
    """What each verdict is about, said once for all that are about the same."""
    told = {pair.scope.id: pair.scope for pair in pairs if pair.outcome != "apart"}
    if len(told) < 2:
        return list(told.values())
    return [
        message("{titles}: {scope}", titles=[groups[one.b].title for one in pairs if one.scope == scope], scope=scope)
        for scope in told.values()
    ]
