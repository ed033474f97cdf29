"""RowTable: a table whose rows are chosen as a whole, of one height, without frames; it tells which rows are seen."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget


class RowTable(QTableView):
    """`widths` are pixels of every column but the first, which takes the rest. `keys` do not move the table: they are
    told by `pressed_key(key)`. `seen` when other rows may be in sight."""

    pressed_key = Signal(int)
    seen = Signal()
    resized = Signal()

    def __init__(
        self, model: QAbstractItemModel, name: str, widths: tuple[int, ...], height: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setModel(model)
        self.keys: frozenset[Qt.Key] = frozenset()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(height)
        self.set_widths(widths)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.seen.emit())

    def set_widths(self, widths: tuple[int, ...]) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(30)
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
