"""A study's table as people read it: cells, the best of each column, and the same as CSV."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from pathlib import Path

from engine.metrics.registry import metric_of
from engine.records import Spread, StudyReport, VariantResult
from engine.records.studies import QUALITIES
from engine.runs.spreadsheets import Sheet, digits
from studio.numbers import NOTHING, duration, file_size, percent
from studio.plots.charts.seed_dots import DotRow, SeedValue
from studio.translation import capitalized, language, tr, words

COSTS = ("seconds", "memory_bytes")
DRAWN = ("precision", "recall", "f1")


def title_of(figure: str) -> str:
    """Of a metric, or of what a run costs."""
    costs = {"seconds": tr("Time"), "memory_bytes": tr("Peak memory")}
    return costs[figure] if figure in costs else capitalized(metric_of(figure).title)


def cell(row: VariantResult, figure: str) -> str:
    """Mean and spread; a dash before the first run is done."""
    spread = row.figures.get(figure)
    if spread is None:
        return NOTHING
    if figure == "seconds":
        return duration(spread.mean)
    if figure == "memory_bytes":
        return file_size(spread.mean)
    unit = "%" if language() == "zh" else " %"
    if len(spread.values) == 1 and not math.isnan(spread.half_width):
        return f"{100 * spread.mean:.1f} ± {100 * spread.half_width:.1f}{unit}"
    if len(spread.values) == 1:
        return percent(spread.mean)
    return f"{100 * spread.mean:.1f} ± {100 * spread.deviation:.1f}{unit}"


def with_running(report: StudyReport, running: Path | None) -> StudyReport:
    """The table is told when a run ends; which one trains meanwhile is put in here, so that it can be opened."""
    if running is None:
        return report
    rows = [
        replace(row, states=tuple(_state_now(*one, running.name) for one in zip(row.runs, row.states, strict=True)))
        for row in report.rows
    ]
    return replace(report, rows=tuple(rows))


def _state_now(run: str, state: str, running: str) -> str:
    return "running" if run == running and state not in ("finished", "failed") else state


def best_rows(report: StudyReport, figure: str) -> set[str]:
    """The names of the variants with the best mean, once all have done as many runs; none where they are all alike."""
    if len({len(row.seeds) for row in report.rows}) != 1 or any(figure not in row.figures for row in report.rows):
        return set()
    means = {row.name: row.figures[figure].mean for row in report.rows}
    best = (min if metric_of(figure).lower_is_better else max)(means.values())
    found = {name for name, mean in means.items() if abs(best - mean) < 1e-9}
    return found if len(found) < len(means) else set()


def csv_of(report: StudyReport) -> str:
    """One line a variant and seed, so that a spreadsheet can work with it; shares from 0 to 1."""
    figures = (*QUALITIES, *COSTS, "texts")
    out = io.StringIO()
    sheet = Sheet(out, "\n")
    sheet.write(["variant", "seed", "run", "split", *figures])
    for row in report.rows:
        runs = dict(zip(report.seeds, row.runs, strict=True))
        for place, seed in enumerate(row.seeds):
            values = [_value(row.figures.get(figure), place) for figure in figures]
            sheet.write([row.name, seed, runs[seed], report.split, *values])
    return out.getvalue()


def dot_rows(report: StudyReport) -> list[DotRow]:
    return [
        DotRow(words(row.title), tuple(_dots(row, report.seeds, figure) for figure in DRAWN)) for row in report.rows
    ]


def _dots(row: VariantResult, seeds: tuple[int, ...], figure: str) -> tuple[SeedValue, ...]:
    spread = row.figures.get(figure)
    if spread is None:
        return ()
    runs = dict(zip(seeds, row.runs, strict=True))
    return tuple(
        SeedValue(
            value,
            tr("{variant}, seed {seed}: {value}", variant=words(row.title), seed=seed, value=percent(value)),
            runs[seed],
        )
        for seed, value in zip(row.seeds, spread.values, strict=True)
    )


def _value(spread: Spread | None, place: int) -> str:
    return "" if spread is None else digits(spread.values[place], ".6g")
