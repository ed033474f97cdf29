"""PaintedDelegate: draws each cell as its column says, on the ground of its row. RowTable: a table of such rows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from studio import theme
from studio.tables.column_model import ROW, Column, ColumnModel, Index
from studio.theme import tokens
from studio.widgets import painting

Ground = Callable[[QPainter, QStyleOptionViewItem, Index], None]
_PADDING, _LEAST_WIDTH = 8, 80


class PaintedDelegate(QStyledItemDelegate):
    """For the views of a ColumnModel (or of a proxy before one); every row is `height` pixels high."""

    def __init__(
        self, model: ColumnModel, height: int, ground: Ground | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._height, self._ground = model, height, ground

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_LEAST_WIDTH, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column = self._model.columns[index.column()]
        if self._ground is not None:
            self._ground(painter, option, index)
        if column.paint is not None:
            column.paint(painter, option, index.data(ROW))
        else:
            paint_text(painter, option, str(index.data() or ""), column)


def paint_text(painter: QPainter, option: QStyleOptionViewItem, text: str, column: Column) -> None:
    """One line, at the column's side."""
    inner = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
    painting.text(painter, inner, text, theme.font(), tokens().text2, column.align)


def table_ground(painter: QPainter, option: QStyleOptionViewItem, index: Index, chosen: str | None = None) -> None:
    """Whether the row is chosen (in the colour `chosen`) or pointed at, and a hairline under all but the last."""
    rect = option.rect
    if is_selected(option):
        painter.fillRect(rect, QColor(chosen or tokens().soft))
    elif is_pointed_at(option):
        painter.fillRect(rect, QColor(tokens().sunk))
    if index.row() < index.model().rowCount() - 1:
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens().line))


def has_focus(option: QStyleOptionViewItem) -> bool:
    """Whether the cell has the keyboard."""
    return bool(option.state & QStyle.StateFlag.State_HasFocus)


def is_pointed_at(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.StateFlag.State_MouseOver)


def is_selected(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.StateFlag.State_Selected)


def shape_rows(view: QAbstractItemView, name: str, said: str) -> None:
    """One row is chosen at a time and none is edited; `name` is the view's object name, `said` that for a reader."""
    view.setObjectName(name)
    view.setAccessibleName(said)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setMouseTracking(True)


class RowList(QListView):
    """A list of such rows."""

    def __init__(
        self,
        model: ColumnModel,
        name: str,
        said: str,
        height: int,
        ground: Ground | None = None,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        shape_rows(self, name, said)
        self.setModel(model)
        self.setItemDelegate(PaintedDelegate(model, height, ground, self))
        self.setUniformItemSizes(True)


class RowTable(QTableView):
    """Rows of one height under a heading that nobody can move, as high as the style has it where it is 0; the tabulator
    leaves it."""

    def __init__(
        self,
        model: QAbstractItemModel,
        name: str,
        said: str,
        height: int,
        heading: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        shape_rows(self, name, said)
        self.setModel(model)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        if heading:
            header.setFixedHeight(heading)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
