"""ColumnModel: rows of anything as a table or list; a Column says what each of its cells says and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from studio import theme

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
"""`index.data(ROW)` is the row itself, in each of its columns."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """`text` stands in the cell, `told` is what a screen reader says of it (None: the same), `tooltip` what resting on
    it tells; `paint(painter, option, row)` draws it (None: one line of text)."""

    title: str
    text: Callable[[Row], str]
    told: Callable[[Row], str] | None = None
    tooltip: Callable[[Row], str] | None = None
    title_tooltip: str = ""
    is_right: bool = False
    paint: Callable[[QPainter, QStyleOptionViewItem, Row], None] | None = None

    @property
    def align(self) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.is_right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class ColumnModel(QAbstractTableModel, Generic[Row]):
    """`rows` are what is shown, from top to bottom; a subclass that reads them elsewhere overrides `rowCount` and
    `row`."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[Row] = []

    def show(self, rows: Sequence[Row], columns: Sequence[Column[Row]] | None = None) -> None:
        """Other rows, and other columns where some are given."""
        self.beginResetModel()
        self.rows = list(rows)
        self.columns = self.columns if columns is None else tuple(columns)
        self.endResetModel()

    def renew(self, rows: Sequence[Row]) -> None:
        """The same rows say other things: what is chosen stays, and nothing moves."""
        self.rows = list(rows)
        self.tell_all_changed()

    def row(self, number: int) -> Row:
        return self.rows[number]

    def tell_changed(self, number: int) -> None:
        """All of a row's cells are to be drawn anew."""
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.columns) - 1))

    def tell_all_changed(self) -> None:
        """All of them are."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(self.columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        return {
            Qt.ItemDataRole.DisplayRole: column.title,
            Qt.ItemDataRole.ToolTipRole: column.title_tooltip or None,
            Qt.ItemDataRole.FontRole: theme.font(theme.CAPTION, 500),
            Qt.ItemDataRole.TextAlignmentRole: column.align,
        }.get(Qt.ItemDataRole(role))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= self.rowCount():
            return None
        row, column = self.row(index.row()), self.columns[index.column()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return (column.told or column.text)(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tooltip(row) if column.tooltip is not None else None
        return None
