"""The log in words: newest first, an icon for what it is, one line each."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.runs.event_text import LogLine
from studio.numbers import clock
from studio.theme import font, icon, tall, tokens
from studio.translation import tr, words

Index = QModelIndex | QPersistentModelIndex
_LINE = Qt.ItemDataRole.UserRole
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


class LogModel(QAbstractListModel):
    """A view of a history's log, turned round. `follow` announces what is new."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[LogLine] = []
        self._count = 0

    def follow(self, lines: list[LogLine]) -> None:
        """The list as it is now; it may have grown since the last time, or be another one."""
        if lines is not self._lines or len(lines) < self._count:
            self.beginResetModel()
            self._lines, self._count = lines, len(lines)
            self.endResetModel()
        elif len(lines) > self._count:
            self.beginInsertRows(QModelIndex(), 0, len(lines) - self._count - 1)
            self._count = len(lines)
            self.endInsertRows()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= self._count:
            return None
        line = self._lines[self._count - 1 - index.row()]
        if role == _LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return words(line.message)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{clock(line.time)} {words(line.message)}"
        return None


class LogList(QListView):
    """The log as a list; lines too long for it are elided and whole in their tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logList")
        self.setAccessibleName(tr("What happened"))
        self.setItemDelegate(_LineDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(80, 3 * tall(_ROW))
        self._lines = LogModel(self)
        self.setModel(self._lines)

    def follow(self, lines: list[LogLine]) -> None:
        self._lines.follow(lines)

    def sizeHint(self) -> QSize:
        return QSize(320, 4 * tall(_ROW))


class _LineDelegate(QStyledItemDelegate):
    """Clock, icon, sentence."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, tall(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: LogLine = index.data(_LINE)
        place: QRect = option.rect
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        theme = tokens()
        painter.save()
        painter.setFont(font(12))
        painter.setPen(QColor(theme.text3))
        painter.drawText(place.adjusted(0, 0, 0, 0), middle, clock(line.time))
        name, color = _ICONS.get(line.kind, _ICONS["info"])
        clock_width = QFontMetrics(font(12)).horizontalAdvance(_CLOCK) + _CLOCK_GAP
        spot = QRect(place.left() + clock_width, place.top() + (place.height() - 16) // 2, 16, 16)
        icon(name, getattr(theme, color)).paint(painter, spot)
        is_news = line.kind in ("best", "warning", "error", "finish")
        painter.setFont(font(13))
        painter.setPen(QColor(theme.text if is_news else theme.text2))
        rest = place.adjusted(clock_width + _ICON_WIDTH, 0, -4, 0)
        sentence = QFontMetrics(font(13)).elidedText(words(line.message), Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, middle, sentence)
        painter.restore()
