"""How groups of rows stand in a table: the name, its figure as a dot with its interval beside the rest's, and what came
out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from engine.metrics.registry import metric_of
from engine.records import Figure, Slice, TextSlice
from studio import theme
from studio.numbers import NOTHING, figure, percent
from studio.tables.column_model import Column
from studio.theme import tokens
from studio.translation import capitalized, tr, words
from studio.widgets import painting

Finding = Literal["worse", "better", "same"]
Group = Slice | TextSlice
_LEVEL = 0.05
_PAD, _FIGURE, _INTERVAL = 8, 60, 86
_WITH_WORDS = 300


def slice_columns(slices: Sequence[Group]) -> tuple[Column[Group], ...]:
    """Where not all groups are told by the same figure, each name has its own beside it; all dots have one scale."""
    metrics = {one.metric for one in slices}
    one_metric = metric_words(*metrics) if len(metrics) == 1 else ""
    title = tr("{metric}, with 95 % interval", metric=one_metric) if one_metric else tr("How good, with 95 % interval")
    return (
        Column(tr("Group"), _name, tooltip=_name, paint=partial(_paint_name, not one_metric)),
        Column(
            tr("Rows"),
            _count,
            lambda one: tr("{count:plural:row:rows}", count=len(one.places)),
            is_right=True,
            paint=_figures(_count, "text3"),
        ),
        Column(title, _value, _told_value, _told_value, paint=partial(_paint_figure, scale_of(slices))),
        Column(
            tr("The rest"),
            _rest,
            lambda one: f"{tr('The rest')}: {_rest(one)}",
            is_right=True,
            paint=_figures(_rest, "text2"),
        ),
        Column("", finding_words, tooltip=_p_value, paint=_paint_finding),
    )


def finding(one: Group) -> Finding:
    """Only what is more than chance: worse, or clearly better."""
    if one.is_worse:
        return "worse"
    is_lower_better = metric_of(one.metric).lower_is_better
    is_better = one.figure.value < one.rest.value if is_lower_better else one.figure.value > one.rest.value
    return "better" if is_better and one.p_value < _LEVEL else "same"


def finding_words(one: Group) -> str:
    return {"worse": tr("worse here"), "better": tr("better here"), "same": tr("no difference shown")}[finding(one)]


def metric_words(metric: str) -> str:
    return capitalized(metric_of(metric).long_title)


def figure_words(value: float, metric: str) -> str:
    if not math.isfinite(value):
        return NOTHING
    return percent(value) if metric_of(metric).is_share else figure(value)


def interval_words(one: Figure, metric: str) -> str:
    """`86.1 – 88.6`; "" where there is none."""
    if not (math.isfinite(one.low) and math.isfinite(one.high)):
        return ""
    low, high = (
        f"{100 * min(1.0, max(0.0, end)):.1f}" if metric_of(metric).is_share else figure(end)
        for end in (one.low, one.high)
    )
    return f"{low} – {high}"


def scale_of(slices: Sequence[Group]) -> tuple[float, float]:
    """(least, most) of all figures and intervals."""
    values = [value for one in slices for value in (one.figure.value, one.figure.low, one.figure.high, one.rest.value)]
    finite = [value for value in values if math.isfinite(value)]
    if not finite or max(finite) - min(finite) < 1e-9:
        return (0.0, 1.0)
    return (min(finite), max(finite))


def _name(one: Group) -> str:
    return words(one.title)


def _count(one: Group) -> str:
    return f"{len(one.places):,}"


def _value(one: Group) -> str:
    return figure_words(one.figure.value, one.metric)


def _told_value(one: Group) -> str:
    interval = interval_words(one.figure, one.metric)
    return f"{metric_words(one.metric)}: {_value(one)}" + (f" ({interval})" if interval else "")


def _rest(one: Group) -> str:
    return figure_words(one.rest.value, one.metric)


def _p_value(one: Group) -> str:
    if not math.isfinite(one.p_value):
        return ""
    return tr("p = {p}, corrected for having looked at many groups (Holm)", p=f"{one.p_value:.2g}")


# -- how they are drawn ------------------------------------------------------------------------------------------------


def _inner(option: QStyleOptionViewItem) -> QRect:
    return option.rect.adjusted(_PAD, 0, -_PAD, -1)


def _figures(text: Callable[[Group], str], ink: str) -> Callable[[QPainter, QStyleOptionViewItem, Group], None]:
    def paint(painter: QPainter, option: QStyleOptionViewItem, one: Group) -> None:
        painting.text(painter, _inner(option), text(one), theme.font(), getattr(tokens(), ink), painting.RIGHT)

    return paint


def _paint_name(with_metric: bool, painter: QPainter, option: QStyleOptionViewItem, one: Group) -> None:
    rect = _inner(option)
    used = painting.text(painter, rect, _name(one), theme.font(theme.BODY, 500), tokens().text)
    place = rect.adjusted(used + 8, 0, 0, 0)
    if with_metric and place.width() > 40:
        painting.text(painter, place, metric_words(one.metric), theme.font(theme.CAPTION), tokens().text3)


def _room(least: int, widest: str, weight: int = 400) -> int:
    """Pixels for figures of at most so many signs."""
    size = theme.BODY if weight > 400 else theme.CAPTION
    return max(least, QFontMetrics(theme.font(size, weight)).horizontalAdvance(widest) + 4)


def _paint_figure(scale: tuple[float, float], painter: QPainter, option: QStyleOptionViewItem, one: Group) -> None:
    rect = _inner(option)
    place = QRect(rect.left(), rect.top(), _room(_FIGURE, "100.0 %", 600), rect.height())
    painting.text(painter, place, _value(one), theme.font(theme.BODY, 600), tokens().text, painting.RIGHT)
    left = place.right() + 10
    if rect.width() >= _WITH_WORDS:
        room = QRect(left, rect.top(), _room(_INTERVAL, "100.0 – 100.0"), rect.height())
        interval = interval_words(one.figure, one.metric)
        painting.text(painter, room, interval, theme.font(theme.CAPTION), tokens().text3)
        left = room.right() + 6
    drawing = QRect(left, rect.top(), rect.right() - left, rect.height())
    paint_dot(painter, drawing, one, scale, _ink(one))


def paint_dot(painter: QPainter, rect: QRect, one: Group, scale: tuple[float, float], ink: str) -> None:
    """A dot with its interval on a hairline; the tick is the rest."""
    least, most = scale

    def across(value: float) -> int:
        return round(rect.left() + 5 + (value - least) / (most - least) * (rect.width() - 10))

    middle = rect.center().y()
    painter.fillRect(rect.left(), middle, rect.width(), 1, QColor(tokens().line))
    if math.isfinite(one.rest.value):
        painter.fillRect(across(one.rest.value), middle - 9, 2, 19, QColor(tokens().text3))
    if math.isfinite(one.figure.low) and math.isfinite(one.figure.high):
        left, right = across(one.figure.low), across(one.figure.high)
        painter.fillRect(left, middle - 1, max(2, right - left), 3, QColor(ink))
    if math.isfinite(one.figure.value):
        painting.dot(painter, QPointF(across(one.figure.value) + 0.5, middle + 0.5), 6, tokens().card)
        painting.dot(painter, QPointF(across(one.figure.value) + 0.5, middle + 0.5), 4.5, ink)


def _paint_finding(painter: QPainter, option: QStyleOptionViewItem, one: Group) -> None:
    rect, found = _inner(option), finding(one)
    is_same = found == "same"
    ink = tokens().text3 if is_same else _ink(one)
    if not is_same:
        name = "ph.arrow-down" if found == "worse" else "ph.arrow-up"
        theme.icon(name, ink).paint(painter, QRect(rect.left(), rect.center().y() - 6, 13, 13))
    place = rect.adjusted(0 if is_same else 19, 0, 0, 0)
    painting.text(painter, place, finding_words(one), theme.font(theme.BODY, 400 if is_same else 600), ink)


def _ink(one: Group) -> str:
    colours = tokens()
    return {"worse": colours.bad, "better": colours.ok}.get(finding(one), colours.s1)
