"""How rows of answers are drawn: marked words, labels with what was corrected, a bar of how sure, the row number."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.records import Answers
from studio import theme
from studio.numbers import percent
from studio.pages.evaluation.texts.answer_model import ARROW, NEWS, ROW, SHARE, SPANS, SURE, TEXT, TONE, WHOLE
from studio.pages.evaluation.texts.line_painting import one_line, paint_line
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

Index = QModelIndex | QPersistentModelIndex
HEIGHT = 36
_BAR, _FIGURE, _PAD = 6, 54, 8


class AnswerDelegate(QStyledItemDelegate):
    """One for all columns."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint_ground(painter, option, index)
        rect = option.rect.adjusted(_PAD, 0, -_PAD, -1)
        column = index.column()
        if column == TEXT:
            paint_text(painter, rect, index.data(WHOLE), index.data(SPANS) or ())
        elif column == SURE:
            _paint_sure(painter, rect, index)
        elif column == ROW:
            font = theme.font(theme.BODY, 400)
            painting.text(painter, rect, index.data(), font, tokens().text3, painting.RIGHT)
        else:
            paint_labels(painter, rect, index.data(), index.data(NEWS))


def paint_text(painter: QPainter, rect: QRect, text: str, spans: tuple[tuple[int, int], ...]) -> None:
    if text.strip():
        paint_line(painter, rect, text, spans, tokens().text)
    else:
        painting.text(painter, rect, one_line(text), theme.font(theme.BODY + 1), tokens().text3)


def paint_labels(painter: QPainter, rect: QRect, words: str, news: str) -> None:
    """What was said of it by the person stands first, in the accent."""
    if news:
        font = theme.font(theme.BODY, 600)
        width = min(rect.width(), QFontMetrics(font).horizontalAdvance(news) + 2)
        painting.text(painter, QRect(rect.left(), rect.top(), width, rect.height()), news, font, tokens().accent_text)
        rect = rect.adjusted(width + 8, 0, 0, 0)
    if rect.width() > 24:
        shown = both_elided(words, QFontMetrics(theme.font(theme.BODY)), rect.width())
        painting.text(painter, rect, shown, theme.font(theme.BODY), tokens().text3 if news else tokens().text2)


def both_elided(words: str, metrics: QFontMetrics, room: int) -> str:
    """Where two long labels do not fit, each keeps its share of the room: the second one must not vanish."""
    before, arrow, after = words.partition(ARROW)
    room -= metrics.horizontalAdvance(arrow)
    widths = metrics.horizontalAdvance(before) + 2, metrics.horizontalAdvance(after) + 2  # rounded down otherwise
    if not arrow or sum(widths) <= room:
        return words
    first = max(room // 2, room - widths[1]) if widths[0] > room // 2 else widths[0]
    mode = Qt.TextElideMode.ElideRight
    return f"{metrics.elidedText(before, mode, first)}{arrow}{metrics.elidedText(after, mode, room - first)}"


def labels_width(answers: Answers) -> int:
    """Pixels of the column of labels that the longest labels need, heading included."""
    metrics = QFontMetrics(theme.font(theme.BODY))
    longest = sorted((metrics.horizontalAdvance(label) for label in answers.labels), reverse=True)[:2]
    heading = QFontMetrics(theme.font(theme.CAPTION, 500)).horizontalAdvance(tr("Your label → its answer"))
    return max(sum(longest) + metrics.horizontalAdvance(ARROW), heading) + 2 * _PAD + 6


def _paint_sure(painter: QPainter, rect: QRect, index: Index) -> None:
    colours = tokens()
    tone = {"wrong": colours.bad, "abstained": colours.s5, "done": colours.text3}.get(index.data(TONE), colours.s1)
    room = max(_FIGURE, QFontMetrics(theme.font(theme.BODY, 600)).horizontalAdvance(percent(1.0, 0)) + 4)
    bar = QRect(rect.left(), rect.center().y() - _BAR // 2, rect.width() - room - 6, _BAR)
    painting.bar(painter, bar, index.data(SHARE), tone)
    figure = QRect(rect.right() - room, rect.top(), room, rect.height())
    painting.text(painter, figure, index.data(), theme.font(theme.BODY, 600), colours.text, painting.RIGHT)


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    """The row's ground and hairline, and the ring of the cell that has the keyboard."""
    rect, state = option.rect, option.state
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, QColor(tokens().soft))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, QColor(tokens().sunk))
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens().line))
    if state & QStyle.StateFlag.State_HasFocus:
        painting.focus_ring(painter, rect.adjusted(1, 1, -1, -2), theme.CHIP_RADIUS)
