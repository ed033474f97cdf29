"""What the results table says of a group in words, in cells, and as text to copy."""

from __future__ import annotations

import io
import math
from typing import Literal

from engine.metrics.registry import metric_of
from engine.records import Comparison, Pair
from engine.records.comparison import ComparedFigure, ComparedGroup
from engine.runs.spreadsheets import Sheet, digits
from studio.numbers import NOTHING, number, share_interval
from studio.translation import capitalized, language, tr, words

Tone = Literal["", "second", "ok", "warn", "bad"]


def title_of(figure: str) -> str:
    return capitalized(metric_of(figure).title)


def figures_of(comparison: Comparison) -> list[str]:
    """Those that all groups have, in their usual order."""
    first = comparison.groups[0].figures
    return [name for name in first if all(name in one.figures for one in comparison.groups)]


def called(group: ComparedGroup) -> str:
    """A group's title, and how many seeds stand behind it."""
    if len(group.runs) == 1:
        return words(group.title)
    return tr("{name} × {count:plural:seed:seeds}", name=words(group.title), count=len(group.runs))


def value_cell(figure: ComparedFigure, name: str) -> str:
    """`94.1`, in points where it is a share."""
    if not metric_of(name).is_share:
        return number(float(f"{figure.value:.4g}"))
    return f"{100 * figure.value:.1f}" if math.isfinite(figure.value) else NOTHING


def width_cell(figure: ComparedFigure, name: str) -> str:
    """`± 0.3`; nothing where there is no interval."""
    if not math.isfinite(figure.half_width):
        return ""
    if not metric_of(name).is_share:
        return f"± {figure.half_width:.2g}"
    return share_interval(figure.value, figure.half_width)


def change_cell(pair: Pair, name: str) -> str:
    """`−4.2`; a dash where nothing can be compared."""
    change = pair.change.get(name)
    if change is None:
        return NOTHING
    value = f"{100 * change.value:+.1f}" if metric_of(name).is_share else f"{change.value:+.3g}"
    return value.replace("-", "−")


def in_words(pair: Pair) -> tuple[str, Tone]:
    """What is said of a group against the base, and the colour it is said in."""
    if pair.outcome == "apart":
        return tr("measured on other texts: not to be compared"), "second"
    first = _outcome_words(pair)
    kinds: dict[str, Tone] = {"better": "ok", "worse": "bad", "open": "second"}
    between = "" if language() == "zh" else " "
    return between.join([first, *_further(pair)]), kinds[pair.outcome]


def _outcome_words(pair: Pair) -> str:
    """How it stands to the base."""
    if pair.is_about_recipes:
        return {
            "better": tr("Better, beyond the luck of seeds and texts."),
            "worse": tr("Worse, beyond the luck of seeds and texts."),
        }.get(pair.outcome, tr("No difference shown."))
    values = {"more": pair.only_b, "less": pair.only_a}
    if pair.p_values:
        return {
            "better": tr("Better: {more:plural:row:rows} answered better, {less} worse.", **values),
            "worse": tr("Worse: {more:plural:row:rows} answered better, {less} worse.", **values),
        }.get(pair.outcome, tr("No difference shown: {more:plural:row:rows} answered better, {less} worse.", **values))
    if pair.mcnemar_p is None and pair.outcome == "better":
        return tr("Better: nearer to the truth on {more}, farther off on {less}.", **values)
    if pair.mcnemar_p is None and pair.outcome == "worse":
        return tr("Worse: nearer to the truth on {more}, farther off on {less}.", **values)
    if pair.mcnemar_p is None:
        return tr("No difference shown.")
    if pair.outcome == "better":
        return tr("Better: alone right on {more}, alone wrong on {less}.", **values)
    if pair.outcome == "worse":
        return tr("Worse: alone right on {more}, alone wrong on {less}.", **values)
    return tr("No difference shown: alone right on {more}, alone wrong on {less}.", **values)


def _further(pair: Pair) -> list[str]:
    """Precision and recall that moved beyond chance, and what it would take to know more."""
    told = []
    for name in ("precision", "recall"):
        change = pair.change.get(name)
        if change is not None and change.is_beyond_chance:
            told.append(_points(name, change.value))
    if pair.rows_needed is not None:
        told.append(tr("About {count} texts might tell.", count=_rounded(pair.rows_needed)))
    return told


def _points(name: str, change: float) -> str:
    points = f"{100 * abs(change):.1f}"
    if name == "precision":
        more = tr("{points} points more precision.", points=points)
        return more if change > 0 else tr("{points} points less precision.", points=points)
    more = tr("{points} points more recall.", points=points)
    return more if change > 0 else tr("{points} points less recall.", points=points)


def _rounded(count: int) -> int:
    power = 10 ** max(0, len(str(count)) - 2)
    return int(-(-count // power) * power)


def table_text(comparison: Comparison) -> str:
    """The results as CSV: a line a run with its group; shares from 0 to 1."""
    out = io.StringIO()
    sheet = Sheet(out, "\n")
    names = figures_of(comparison)
    sheet.write(["group", "run", "seed", "split", "texts", *names, "outcome", "p", "verdict"])
    pairs = {pair.b: pair for pair in comparison.pairs}
    for place, group in enumerate(comparison.groups):
        pair = pairs.get(place)
        told = ["", "", ""] if pair is None else [pair.outcome, _or_empty(pair.p_value), words(pair.verdict)]
        for at, (run, seed) in enumerate(zip(group.names, group.seeds, strict=True)):
            values = [digits(group.figures[name].values[at], ".6g") for name in names]
            sheet.write([words(group.title), run, seed, group.split, group.num_rows or "", *values, *told])
    return out.getvalue()


def _or_empty(value: float | None) -> str:
    return "" if value is None else digits(value, ".4g")
