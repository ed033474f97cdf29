"""DetailsTable: the tables of texts, doubtful labels and slices: rows of one look, some keys, which rows are seen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem, QWidget

from studio import theme
from studio.tables.column_model import ColumnModel, Index
from studio.tables.painted_delegate import PaintedDelegate, RowTable, has_focus, is_pointed_at, is_selected
from studio.theme import tokens
from studio.widgets import painting

HEIGHT = 36


class DetailsTable(RowTable):
    """`widths` are pixels of every column but the first, which takes the rest. `keys` do not move the table: they are
    told by `pressed_key(key)`. `seen` when other rows may be in sight."""

    pressed_key = Signal(int)
    seen = Signal()
    resized = Signal()

    def __init__(
        self, model: ColumnModel, name: str, said: str, widths: tuple[int, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(model, name, said, HEIGHT, parent=parent)
        self.setItemDelegate(PaintedDelegate(model, HEIGHT, paint_ground, self))
        self.keys: frozenset[Qt.Key] = frozenset()
        self.horizontalHeader().setMinimumSectionSize(30)
        self.set_widths(widths)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.seen.emit())

    def set_widths(self, widths: tuple[int, ...]) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(widths, start=1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)

    def seen_rows(self) -> range:
        """The rows in sight."""
        count = self.model().rowCount()
        height = self.verticalHeader().defaultSectionSize()
        first = self.verticalScrollBar().value() // height
        last = (self.verticalScrollBar().value() + self.viewport().height() - 1) // height
        return range(min(first, count), min(last + 1, count))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()
        self.seen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or Qt.Key(event.key()) not in self.keys:
            super().keyPressEvent(event)
            return
        self.pressed_key.emit(event.key())


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, _index: Index) -> None:
    """The row's ground and hairline, and the ring of the cell that has the keyboard."""
    rect = option.rect
    if is_selected(option):
        painter.fillRect(rect, QColor(tokens().soft))
    elif is_pointed_at(option):
        painter.fillRect(rect, QColor(tokens().sunk))
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens().line))
    if has_focus(option):
        painting.focus_ring(painter, rect.adjusted(1, 1, -1, -2), theme.CHIP_RADIUS)
