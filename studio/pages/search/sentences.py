"""What is said of a search under its title, and of what it found."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.metrics.registry import METRICS, metric_of
from engine.records.search import AgainstStart, SearchRecord
from studio.pages.search.drawn_trials import value_in_words
from studio.translation import language, tr, words

Sign = tuple[str, str]


@dataclass(frozen=True)
class Saying:
    """`sign` is an icon and the theme's name of its colour; `is_beaten`: nothing here is better than word counting."""

    text: str
    sign: Sign | None = None
    is_beaten: bool = False


def sentence_of(record: SearchRecord, state: str) -> Saying:
    """What is known so far; a defeat by word counting is said as one."""
    told = [words(record.headline)]
    beaten = is_beaten(record)
    if beaten:
        best = record.trial(record.winner if record.winner is not None else record.best)  # type: ignore[arg-type]
        counting, reached = (value_in_words(one, record.goals[0]) for one in (record.baseline, best.value))
        if state == "finished":
            told.append(
                tr(
                    "Word counting stays ahead: {counting} against {best}. Train that, or try another model.",
                    counting=counting,
                    best=reached,
                )
            )
        else:
            told.append(
                tr("Nothing beats word counting yet: {counting} against {best}.", counting=counting, best=reached)
            )
    if state == "interrupted":
        told.append(tr("It was interrupted: going on keeps all that ended, and tries the last trial again."))
    text = ("" if language() == "zh" else " ").join(told)
    return Saying(text, _sign(record, state, beaten), beaten)


def is_beaten(record: SearchRecord) -> bool:
    """Whether word counting is measured, and at least as good as the best trial."""
    if record.best is None or not math.isfinite(record.baseline):
        return False
    best = record.trial(record.winner if record.winner is not None else record.best).value
    return best >= record.baseline if record.goals[0].lower_is_better else best <= record.baseline


def _sign(record: SearchRecord, state: str, beaten: bool) -> Sign:
    if state == "interrupted":
        return "ph.warning", "warn"
    if state == "paused":
        return "ph.pause", "warn"
    if beaten:
        return ("ph.x-circle", "bad") if state == "finished" else ("ph.warning", "warn")
    if record.outcome == "better":
        return "ph.check-circle", "ok"
    if record.outcome in ("noise", "none"):
        return "ph.equals", "text3"
    return ("ph.trend-up", "ok") if record.best is not None else ("ph.hourglass", "text3")


def against_in_words(found: AgainstStart) -> str:
    """The winner against the person's own settings on the same rows."""
    split = tr("test texts") if found.split == "test" else tr("validation texts")
    start, winner = (_figure(value, found.metric) for value in (found.start, found.winner))
    change, low, high = (
        _points(one, found.metric) for one in (found.change.value, found.change.low, found.change.high)
    )
    told = tr(
        "On the same {count} {split}: {metric} {winner} with it, {start} with your settings: {change} "
        "({low} to {high}).",
        count=f"{found.num_rows:,}",
        split=split,
        metric=words(found.title),
        winner=winner,
        start=start,
        change=change,
        low=low,
        high=high,
    )
    seeds = tr(
        "Means over {winner:plural:run:runs} with it and {start:plural:run:runs} with yours; the interval is that of "
        "the difference, 95 %.",
        winner=found.seeds_winner,
        start=found.seeds_start,
    )
    return told + ("" if language() == "zh" else " ") + seeds


def _figure(value: float, metric: str) -> str:
    if metric in METRICS:
        return metric_of(metric).written(value)
    return f"{100 * value:.1f} %"


def _points(value: float, metric: str) -> str:
    """A difference, in points of a percent where it is one of shares."""
    if not math.isfinite(value):
        return "–"
    in_percent = metric not in METRICS or metric_of(metric).unit == "%"
    return (f"{100 * value:+.1f}" if in_percent else f"{value:+.3g}").replace("-", "−")
