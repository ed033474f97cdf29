"""How samples are drawn: the text with its repeated opening marked and its nearest training text under it; the critic's
judgement as a bar with a tick at one half."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.records import Sample
from studio import theme
from studio.numbers import percent
from studio.pages.samples.sample_model import MARKED, SAMPLE, Index, nearest_words, probability_words, text_words
from studio.theme import tokens
from studio.widgets import painting

ROW = 58
_BAR, _FIGURE, _TEXT_SIZE = 8, 52, 14
_FALSE_BELOW = 0.25


class TextDelegate(QStyledItemDelegate):
    """Two lines; what is repeated stands on a coloured ground."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint_row(painter, option, index)
        sample: Sample = index.data(SAMPLE)
        line = option.rect.adjusted(10, 8, -8, 0)
        line.setHeight(24)
        self._paint_text(painter, line, sample, int(index.data(MARKED)))
        under = QRect(line.left(), line.bottom() + 1, line.width(), 18)
        is_copied = sample.overlap >= 1 and sample.nearest == sample.text
        ink = tokens().warn if is_copied else tokens().text2
        painting.text(painter, under, nearest_words(sample), theme.font(theme.CAPTION), ink)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painting.focus_ring(painter, option.rect.adjusted(2, 3, -2, -3), theme.CHIP_RADIUS)

    def _paint_text(self, painter: QPainter, line: QRect, sample: Sample, marked: int) -> None:
        font, shown = theme.font(_TEXT_SIZE, 500), text_words(sample)
        opening = shown[:marked]
        if opening:
            width = min(QFontMetrics(font).horizontalAdvance(opening) + 6, line.width())
            ground = QRect(line.left() - 3, line.top() + 1, width, line.height() - 2)
            painting.box(painter, ground, 5, painting.tinted(tokens().crosshair, 80))
        painting.text(painter, line, shown, font, tokens().text if sample.text else tokens().text3)


class CriticDelegate(QStyledItemDelegate):
    """Bar, tick and figure."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(180, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint_row(painter, option, index)
        sample: Sample = index.data(SAMPLE)
        rect, colours = option.rect.adjusted(8, 0, -10, 0), tokens()
        words, strong = probability_words(sample), theme.font(theme.BODY, 600)
        room = max(_FIGURE, QFontMetrics(strong).horizontalAdvance(percent(1.0, 0)) + 4)
        figure = QRect(rect.right() - room, rect.top(), room, rect.height())
        painting.text(painter, figure, words, strong, colours.text, painting.RIGHT)
        if sample.probability is None:
            return
        bar = QRect(rect.left(), rect.center().y() - _BAR // 2, rect.width() - room - 10, _BAR)
        color = colours.s2 if sample.probability < _FALSE_BELOW else colours.s1
        painting.bar(painter, bar, sample.probability, color)
        painter.fillRect(bar.left() + bar.width() // 2, bar.top() - 4, 1, bar.height() + 8, QColor(colours.text3))


def paint_row(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    """Ground and hairline."""
    rect = option.rect
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, QColor(tokens().soft))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, QColor(tokens().sunk))
    if index.row() < index.model().rowCount() - 1:
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens().line))
