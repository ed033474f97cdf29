"""SliceDelegate: a group's name, its figure as a dot with its interval beside the rest's, and what came out."""

from __future__ import annotations

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from engine.records import Slice
from studio import theme
from studio.pages.evaluation.slices.slice_model import (
    DOTS,
    FINDING,
    JUDGED,
    METRIC,
    NAME,
    REST,
    SCALE,
    SLICE,
    interval_words,
)
from studio.pages.evaluation.texts.answer_delegates import HEIGHT, paint_ground
from studio.theme import tokens
from studio.widgets import painting

Index = QModelIndex | QPersistentModelIndex
_PAD, _FIGURE, _INTERVAL = 8, 60, 86
_WITH_WORDS = 300


class SliceDelegate(QStyledItemDelegate):
    """One for all columns."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint_ground(painter, option, index)
        rect, colours, column = option.rect.adjusted(_PAD, 0, -_PAD, -1), tokens(), index.column()
        if column == DOTS:
            _paint_figure(painter, rect, index)
        elif column == FINDING:
            _paint_finding(painter, rect, index)
        elif column == NAME:
            used = painting.text(painter, rect, index.data(), theme.font(theme.BODY, 500), colours.text)
            place = rect.adjusted(used + 8, 0, 0, 0)
            if place.width() > 40:
                painting.text(painter, place, index.data(METRIC), theme.font(theme.CAPTION), colours.text3)
        else:
            ink = colours.text2 if column == REST else colours.text3
            painting.text(painter, rect, index.data(), theme.font(), ink, painting.RIGHT)


def _room(least: int, widest: str, weight: int = 400) -> int:
    """Pixels for figures of at most so many signs."""
    size = theme.BODY if weight > 400 else theme.CAPTION
    return max(least, QFontMetrics(theme.font(size, weight)).horizontalAdvance(widest) + 4)


def _paint_figure(painter: QPainter, rect: QRect, index: Index) -> None:
    one: Slice = index.data(SLICE)
    figure = QRect(rect.left(), rect.top(), _room(_FIGURE, "100.0 %", 600), rect.height())
    painting.text(painter, figure, index.data(), theme.font(theme.BODY, 600), tokens().text, painting.RIGHT)
    left = figure.right() + 10
    if rect.width() >= _WITH_WORDS:
        words = QRect(left, rect.top(), _room(_INTERVAL, "100.0 – 100.0"), rect.height())
        interval = interval_words(one.figure, one.metric)
        painting.text(painter, words, interval, theme.font(theme.CAPTION), tokens().text3)
        left = words.right() + 6
    drawing = QRect(left, rect.top(), rect.right() - left, rect.height())
    paint_dot(painter, drawing, one, index.data(SCALE), _ink(index))


def paint_dot(painter: QPainter, rect: QRect, one: Slice, scale: tuple[float, float], ink: str) -> None:
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


def _paint_finding(painter: QPainter, rect: QRect, index: Index) -> None:
    is_same = index.data(JUDGED) == "same"
    ink = tokens().text3 if is_same else _ink(index)
    if not is_same:
        name = "ph.arrow-down" if index.data(JUDGED) == "worse" else "ph.arrow-up"
        theme.icon(name, ink).paint(painter, QRect(rect.left(), rect.center().y() - 6, 13, 13))
    place = rect.adjusted(0 if is_same else 19, 0, 0, 0)
    painting.text(painter, place, index.data(), theme.font(theme.BODY, 400 if is_same else 600), ink)


def _ink(index: Index) -> str:
    colours = tokens()
    return {"worse": colours.bad, "better": colours.ok}.get(index.data(JUDGED), colours.s1)
