"""The log in words: newest first, an icon for what it is, one line each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from engine.runs.event_text import LogLine
from studio.numbers import clock
from studio.tables.column_model import Column, ColumnModel, Index
from studio.tables.painted_delegate import RowList
from studio.theme import font, icon, tall, tokens
from studio.translation import tr, words
from studio.widgets import painting

_NOWHERE = QModelIndex()
_ICONS = {
    "start": ("ph.play", "accent_text"),
    "resume": ("ph.play", "accent_text"),
    "best": ("ph.star-fill", "ok"),
    "checkpoint": ("ph.floppy-disk", "text3"),
    "change": ("ph.pencil-simple", "text3"),
    "pause": ("ph.pause", "warn"),
    "finish": ("ph.flag", "ok"),
    "info": ("ph.info", "text3"),
    "warning": ("ph.warning-fill", "warn"),
    "error": ("ph.x-circle-fill", "bad"),
}
_ROW, _CLOCK, _CLOCK_GAP, _ICON_WIDTH = 28, "00:00:00", 12, 26


class LogModel(ColumnModel[LogLine]):
    """A view of a history's log, turned round. `follow` announces what is new."""

    def __init__(self, parent: QWidget | None = None) -> None:
        said = Column("", _said, told=lambda one: f"{clock(one.time)} {_said(one)}", tooltip=_said, paint=_paint)
        super().__init__((said,), parent)
        self._count = 0

    def follow(self, lines: list[LogLine]) -> None:
        """The list as it is now; it may have grown since the last time, or be another one."""
        if lines is not self.rows or len(lines) < self._count:
            self.beginResetModel()
            self.rows, self._count = lines, len(lines)
            self.endResetModel()
        elif len(lines) > self._count:
            self.beginInsertRows(QModelIndex(), 0, len(lines) - self._count - 1)
            self._count = len(lines)
            self.endInsertRows()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def row(self, number: int) -> LogLine:
        return self.rows[self._count - 1 - number]


class LogList(RowList):
    """The log as a list; lines too long for it are elided and whole in their tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._lines = LogModel()
        super().__init__(self._lines, "logList", tr("What happened"), tall(_ROW), parent=parent)
        self._lines.setParent(self)
        self.setMinimumSize(80, 3 * tall(_ROW))

    def follow(self, lines: list[LogLine]) -> None:
        self._lines.follow(lines)

    def sizeHint(self) -> QSize:
        return QSize(320, 4 * tall(_ROW))


def _said(line: LogLine) -> str:
    return words(line.message)


def _paint(painter: QPainter, option: QStyleOptionViewItem, line: LogLine) -> None:
    """Clock, icon, sentence."""
    place, theme = option.rect, tokens()
    painting.text(painter, place, clock(line.time), font(12), theme.text3)
    name, color = _ICONS.get(line.kind, _ICONS["info"])
    clock_width = QFontMetrics(font(12)).horizontalAdvance(_CLOCK) + _CLOCK_GAP
    spot = QRect(place.left() + clock_width, place.top() + (place.height() - 16) // 2, 16, 16)
    icon(name, getattr(theme, color)).paint(painter, spot)
    is_news = line.kind in ("best", "warning", "error", "finish")
    rest = place.adjusted(clock_width + _ICON_WIDTH, 0, -4, 0)
    painting.text(painter, rest, _said(line), font(13), theme.text if is_news else theme.text2)
