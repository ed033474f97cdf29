"""TrialRow: a trial as a row of the table: what it reached with its interval, what it took, and how it stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from engine.records.search import SearchGoal, SearchRecord, Trial
from studio import theme
from studio.numbers import NOTHING, duration, percent
from studio.pages.search.drawn_trials import (
    SettingAxis,
    goal_title,
    is_share,
    looks,
    ranked,
    repeats_of,
    settings_in_words,
    trial_name,
    value_in_words,
    values_in_words,
)
from studio.plots.charts.interval_dots import Scale, paint_grid, scale_of
from studio.plots.charts.trial_curves import Look, ink_of
from studio.tables.column_model import Column
from studio.theme import tokens
from studio.translation import tr, words
from studio.widgets import painting

SortKey = Literal["value", "number", "seconds", "state"]
Shape = Literal["done", "best", "running", "pruned", "failed"]
_PAD, _STAR = 8, "★ "


@dataclass(frozen=True)
class TrialRow:
    """`value` is the mean over `values` where its settings were repeated with several seeds; `half_width` that of its
    95 % interval, nan where it was trained once. `brief` are the values of its settings in the order of the chips,
    `detail` has their names too; `reason` says more of its state, `why` why it was stopped."""

    number: int
    run: str
    name: str
    brief: str
    detail: str
    look: Look
    shape: Shape
    state: str
    reason: str
    value: float
    told: str
    half_width: float = math.nan
    values: tuple[float, ...] = ()
    seconds: float = 0.0
    second_value: str = ""
    why: str = ""

    @property
    def interval(self) -> tuple[float, float]:
        return self.value - self.half_width, self.value + self.half_width


def trial_rows(record: SearchRecord, axes: Sequence[SettingAxis]) -> list[TrialRow]:
    """The best first, then those without a value, the newest of them first."""
    drawn, order = looks(record), ranked(record)
    known = {one.number for one in order}
    rest = [one for one in reversed(record.trials) if one.number not in known]
    rest.sort(key=lambda one: one.state != "running")
    return [_row(one, record, axes, drawn[one.number]) for one in (*order, *rest)]


def _row(one: Trial, record: SearchRecord, axes: Sequence[SettingAxis], look: Look) -> TrialRow:
    repeats, goal = repeats_of(record, one.number), record.goals[0]
    has_several = repeats is not None and len(repeats.values) > 1
    value = repeats.mean if repeats is not None and has_several else one.value
    shape, state = _state(one, record, look, len(repeats.values) if repeats is not None else 0)
    return TrialRow(
        number=one.number,
        run=one.run,
        name=trial_name(one),
        brief=values_in_words(one, axes),
        detail=settings_in_words(one, axes) or tr("as they are"),
        look=look,
        shape=shape,
        state=state,
        reason=_reason(one, record, look),
        value=value,
        told=value_in_words(value, goal),
        half_width=repeats.half_width if repeats is not None and has_several else math.nan,
        values=repeats.values if repeats is not None else (),
        seconds=one.seconds,
        why=words(one.reason) if one.state == "pruned" and one.reason is not None else "",
        second_value=value_in_words(one.values[1], record.goals[1]) if len(one.values) > 1 else NOTHING,
    )


def _state(one: Trial, record: SearchRecord, look: Look, num_seeds: int) -> tuple[Shape, str]:
    if one.number == record.winner:
        told = {"better": tr("winner"), "noise": tr("best, within noise"), "none": tr("stays the best")}
        return "best", told.get(record.outcome, tr("best"))
    if one.state == "running":
        return "running", tr("running")
    if one.state == "pruned":
        return "pruned", tr("stopped early")
    if one.state == "failed":
        return "failed", tr("failed")
    if num_seeds > 1:
        return ("best" if look == "best" else "done"), tr("{count:plural:seed:seeds}", count=num_seeds)
    return ("best", tr("best so far")) if look == "best" else ("done", tr("done"))


def _reason(one: Trial, record: SearchRecord, look: Look) -> str:
    if one.state == "running" and one.total_steps:
        if math.isfinite(one.steps_per_pass) and one.steps_per_pass > 0:
            done, all_of_it = one.steps / one.steps_per_pass, one.total_steps / one.steps_per_pass
            return tr("pass {done} of {all}", done=f"{done:.1f}", all=f"{all_of_it:.3g}")
        return tr("step {step} of {total}", step=one.steps, total=one.total_steps)
    if one.state == "pruned" and one.total_steps:
        return tr("at {share} of its updates", share=percent(one.steps / one.total_steps, 0))
    if one.reason is not None:
        return words(one.reason).rstrip(".。")
    if one.number != record.winner and repeats_of(record, one.number) is not None and look == "best":
        return tr("best so far")
    return ""


def sorted_rows(rows: Sequence[TrialRow], by: SortKey, goal: SearchGoal, *, is_turned: bool = False) -> list[TrialRow]:
    """By what a head says; `is_turned` the other way round. Those without a value are always last by value."""
    if by == "value":
        known = [one for one in rows if math.isfinite(one.value)]
        sign = 1.0 if goal.lower_is_better else -1.0
        ended = [one for one in known if one.shape not in ("pruned", "running")]
        other = [one for one in known if one.shape in ("pruned", "running")]
        parts = [
            sorted(part, key=lambda one: (sign * one.value, one.number), reverse=is_turned) for part in (ended, other)
        ]
        known = [*parts[1], *parts[0]] if is_turned else [*parts[0], *parts[1]]
        return [*known, *(one for one in rows if not math.isfinite(one.value))]
    keys: dict[SortKey, Callable[[TrialRow], tuple[float, int]]] = {
        "number": lambda one: (one.number, 0),
        "seconds": lambda one: (-one.seconds, one.number),
        "state": lambda one: (("best", "running", "done", "pruned", "failed").index(one.shape), one.number),
    }
    return sorted(rows, key=keys[by], reverse=is_turned)


def scale_of_rows(rows: Sequence[TrialRow], record: SearchRecord) -> Scale:
    """One axis for all of them, with word counting where it is measured. Trials that were stopped early may lie off its
    bad end, never off its good one."""
    goal = record.goals[0]
    known = [one.value for one in rows if math.isfinite(one.value)]
    kept = [one.value for one in rows if one.shape in ("best", "done") and math.isfinite(one.value)] or known
    if kept:
        kept.append(min(known) if goal.lower_is_better else max(known))
    ends = [end for one in rows for end in one.interval if math.isfinite(end)]
    air = 0.02 if is_share(goal) else 0.02 * max([1e-9, *(abs(one) for one in kept)])
    ends += [min(kept) - air, max(kept) + air] if kept else []
    has_baseline = math.isfinite(record.baseline)
    told = tr("word counting {value}", value=value_in_words(record.baseline, goal)) if has_baseline else ""
    return scale_of(
        kept,
        ends,
        is_share=is_share(goal),
        baseline=record.baseline if has_baseline else None,
        baseline_words=told,
    )


def trial_columns(record: SearchRecord, scale: Scale) -> tuple[Column[TrialRow], ...]:
    goal = record.goals[0]
    second = record.goals[1] if len(record.goals) > 1 else None
    bar = tr("A dot with a bar was repeated with several seeds: their mean and its 95 % interval. A dot alone was "
             "trained once: nobody knows its luck.")  # fmt: skip
    columns: list[Column[TrialRow]] = [
        Column(tr("Trial"), lambda one: one.name, _spoken, lambda one: one.detail, paint=_paint_name),
        Column(goal_title(goal), lambda one: one.told, is_right=True, paint=_paint_value),
    ]
    if second is not None:
        columns.append(Column(goal_title(second), lambda one: one.second_value, is_right=True, paint=_paint_second))
    columns += [
        Column(
            tr("95 % interval"), _interval_words, tooltip=_interval_words, title_tooltip=bar,
            paint=partial(_paint_dots, scale),
        ),
        Column(tr("Time"), _time, is_right=True, paint=_paint_time),
        Column(tr("State"), lambda one: one.state, _spoken_state, _spoken_state, paint=_paint_state),
    ]  # fmt: skip
    return tuple(columns)


def _time(one: TrialRow) -> str:
    return duration(one.seconds) if one.seconds else NOTHING


def _spoken(one: TrialRow) -> str:
    return f"{one.name}: {one.detail}"


def _spoken_state(one: TrialRow) -> str:
    return ": ".join(part for part in (one.state, one.reason, one.why) if part)


def _interval_words(one: TrialRow) -> str:
    if not math.isfinite(one.half_width):
        return tr("{value}, trained once", value=one.told)
    points = one.half_width if abs(one.value) > 1 else 100 * one.half_width
    return tr(
        "{value} ± {width}, {count:plural:seed:seeds}", value=one.told, width=f"{points:.1f}", count=len(one.values)
    )


# -- how they are drawn ------------------------------------------------------------------------------------------------


def _lines(option: QStyleOptionViewItem) -> tuple[QRect, QRect, QRect]:
    """(the cell within its padding, its upper, its lower half)"""
    rect = option.rect.adjusted(_PAD, 0, -_PAD, -1)
    body, small = (QFontMetrics(theme.font(size)).height() for size in (theme.BODY, theme.TICK))
    top = rect.top() + (rect.height() - body - small) // 2
    return rect, QRect(rect.left(), top, rect.width(), body), QRect(rect.left(), top + body, rect.width(), small)


def _paint_name(painter: QPainter, option: QStyleOptionViewItem, one: TrialRow) -> None:
    _, upper, lower = _lines(option)
    is_quiet = one.shape in ("pruned", "failed")
    ink = tokens().text2 if is_quiet else tokens().text
    painting.text(painter, upper, one.name, theme.font(theme.BODY, 500 if is_quiet else 600), ink)
    painting.text(painter, lower, one.brief, theme.font(theme.TICK), tokens().text3)


def _paint_value(painter: QPainter, option: QStyleOptionViewItem, one: TrialRow) -> None:
    is_best = one.shape == "best"
    font = theme.font(theme.BODY, 600 if one.shape in ("best", "done") else 400)
    ink = tokens().text if one.shape in ("best", "done") else tokens().text2
    told = (_STAR if is_best else "") + one.told
    painting.text(painter, _lines(option)[0], told, font, ink, painting.RIGHT)


def _paint_second(painter: QPainter, option: QStyleOptionViewItem, one: TrialRow) -> None:
    painting.text(painter, _lines(option)[0], one.second_value, theme.font(), tokens().text2, painting.RIGHT)


def _paint_time(painter: QPainter, option: QStyleOptionViewItem, one: TrialRow) -> None:
    painting.text(painter, _lines(option)[0], _time(one), theme.font(), tokens().text2, painting.RIGHT)


def _paint_dots(scale: Scale, painter: QPainter, option: QStyleOptionViewItem, one: TrialRow) -> None:
    """The pale interval, the seeds' own values under it, the value as a dot: hollow where the trial did not end."""
    rect = option.rect
    painter.save()
    painter.translate(rect.left(), rect.top())
    paint_grid(painter, scale, rect.width(), rect.height())
    ink, middle = ink_of(one.look), rect.height() / 2 - (2 if len(one.values) > 1 else 0)
    if math.isfinite(one.half_width):
        left, right = (round(scale.x(end, rect.width())) for end in one.interval)
        band = QRect(left, round(middle - 3), max(2, right - left), 6)
        painting.box(painter, band, 3, painting.tinted(ink, 100))
    if len(one.values) > 1:
        for value in one.values:
            painting.dot(painter, QPointF(scale.x(value, rect.width()), middle + 9), 1.8, ink)
    if math.isfinite(one.value) and scale.low <= one.value <= scale.high:
        centre = QPointF(scale.x(one.value, rect.width()), middle)
        painting.dot(painter, centre, 6, tokens().card)
        is_open = one.shape in ("pruned", "running", "failed")
        painting.dot(painter, centre, 4 if is_open else 4.5, ink, hollow=is_open)
    painter.restore()


def _paint_state(painter: QPainter, option: QStyleOptionViewItem, one: TrialRow) -> None:
    """A shape and words: a dot, a dot with a halo, a square, a cross."""
    rect, upper, lower = _lines(option)
    line = upper if one.reason else rect
    centre = QPointF(rect.left() + 4.5, line.center().y() + 0.5)
    ink = _ink(one.shape)
    if one.shape == "pruned":
        painter.fillRect(QRect(round(centre.x()) - 3, round(centre.y()) - 3, 7, 7), QColor(ink))
    elif one.shape == "failed":
        theme.icon("ph.x", ink).paint(painter, QRect(round(centre.x()) - 6, round(centre.y()) - 6, 12, 12))
    else:
        painting.dot(painter, centre, 3.5, ink, halo=one.shape == "running")
    color = tokens().bad if one.shape == "failed" else tokens().text
    painting.text(painter, line.adjusted(16, 0, 0, 0), one.state, theme.font(theme.CAPTION, 500), color)
    if one.reason:
        painting.text(painter, lower.adjusted(16, 0, 0, 0), one.reason, theme.font(theme.TICK), tokens().text3)


def _ink(shape: Shape) -> str:
    colours = tokens()
    return {
        "best": colours.ok,
        "done": colours.ok,
        "running": colours.accent,
        "pruned": colours.warn,
        "failed": colours.bad,
    }[shape]
