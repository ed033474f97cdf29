"""The verb that puts runs beside each other: compare. RUN may be the folder of a study too."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.leaving_out import add_label_arguments, rule_of, tell_left_out
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.metrics.registry import metric_of
from engine.records import ComparedFigure, ComparedGroup, Comparison
from engine.runs.run import Run
from engine.runs.study import Study, is_study

_GAP = 3
_ROWS_SHOWN, _CHARACTERS_SHOWN = 5, 200
"""Of each pair, and of each text; --json has all that was found."""


def add_comparing_verb(verbs: Any) -> None:
    """Put the verb of this file into the parser."""
    compare = add_verb(verbs, "compare", _compare, "which run is better, and whether that is luck")
    compare.add_argument(
        "runs", type=Path, nargs="+", metavar="RUN", help="a run's or a study's folder; the first is the base"
    )
    compare.add_argument("--data", metavar="FILE", default=None, help="a labelled file instead of the runs' own splits")
    compare.add_argument("--split", choices=("validation", "test"), default=None)
    add_label_arguments(compare)


def _compare(asked: argparse.Namespace) -> None:
    from engine import verbs

    runs = [Study.open(path) if is_study(path) else Run.open(path) for path in asked.runs]
    comparison = answered(verbs.compare(runs, asked.split, asked.data, rule_of(asked)))
    if asked.json:
        print_json(comparison.to_json())
    else:
        for line in comparison_lines(comparison):
            say(line)
    tell_left_out(comparison.left_out, comparison.strangers, is_json=asked.json)


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """The answer, the table, each verdict, the settings that differ."""
    yield comparison.headline.english()
    yield ""
    yield from _aligned(_table(comparison))
    if len(comparison.pairs) > 1:
        yield ""
        yield from (pair.verdict.english() for pair in comparison.pairs)
    if comparison.settings:
        yield ""
        heads = ["", *(group.title.english() for group in comparison.groups)]
        rows = [[one.title.english(), *(value.english() for value in one.values)] for one in comparison.settings]
        yield from _aligned([heads, *rows])
    yield ""
    yield f"{comparison.num_equal} settings are the same."
    yield from (note.english() for note in comparison.notes)
    if comparison.signature:
        yield f"Counted as {comparison.signature}."
    for number in range(1, len(comparison.groups)):
        yield from _differing_lines(comparison, number)


def _differing_lines(comparison: Comparison, number: int) -> Iterator[str]:
    """The rows that a group answers most differently from the first one."""
    rows = [one for one in comparison.rows if one.b == number]
    if not rows:
        return
    titles = [comparison.groups[place].title.english() for place in (0, number)]
    yield ""
    yield f"Where {titles[0]} and {titles[1]} differ most, by {metric_of(rows[0].metric).heading.english()}:"
    for one in rows[:_ROWS_SHOWN]:
        yield f"row {one.row:,}"
        told = [*zip(comparison.roles, one.read, strict=False), *(("wanted", text) for text in one.wanted[:1])]
        scored = zip(titles, (one.said_a, one.said_b), (one.score_a, one.score_b), strict=True)
        told += [(f"{title} ({metric_of(one.metric).written(score)})", said) for title, said, score in scored]
        yield from (f"  {name}: {' '.join(text.split())[:_CHARACTERS_SHOWN]}" for name, text in told)


def _table(comparison: Comparison) -> list[list[str]]:
    names = [name for name in comparison.groups[0].figures if all(name in one.figures for one in comparison.groups)]
    heads = ["", "runs", "texts", *(metric_of(name).symbol for name in names)]
    return [heads, *(_row(group, names) for group in comparison.groups)]


def _row(group: ComparedGroup, names: list[str]) -> list[str]:
    return [group.title.english(), str(len(group.runs)), _texts(group), *(_cell(group, name) for name in names)]


def _texts(group: ComparedGroup) -> str:
    return f"{group.num_rows:,} {group.split}" if group.num_rows else "–"


def _cell(group: ComparedGroup, name: str) -> str:
    figure: ComparedFigure = group.figures[name]
    scale, unit, digits = (100, " %", ".1f") if metric_of(name).is_share else (1, "", ".4g")
    if math.isnan(figure.low):
        width = ""
    elif math.isclose(figure.high - figure.low, 2 * figure.half_width, abs_tol=1e-12):
        width = f" ± {scale * figure.half_width:{digits}}"
    else:  # it would pass what can be
        width = f" ({scale * figure.low:{digits}} to {scale * figure.high:{digits}})"
    return f"{scale * figure.value:{digits}}{width}{unit}"


def _aligned(lines: list[list[str]]) -> Iterator[str]:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    for first, *rest in lines:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield (" " * _GAP).join([first.ljust(widths[0]), *cells])
