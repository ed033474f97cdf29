"""RunTable: the recent runs, a row each; press or Enter opens one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem, QWidget

from studio import theme
from studio.tables.column_model import Index
from studio.tables.painted_delegate import PaintedDelegate, RowTable, table_ground
from studio.tables.run_delegates import DATA, LEARNING, NAME, PRECISION, RECALL, STATE, WHEN
from studio.tables.run_model import SUMMARY, RunModel
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

_WIDTHS = {LEARNING: 120, PRECISION: 100, RECALL: 90, WHEN: 150}
_HEADER, _ROW = 38, 48
_NARROW = 980


class RunTable(RowTable):
    """As high as its rows: the page scrolls, not the table."""

    opened = Signal(object)

    def __init__(self, model: RunModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "recent_runs", tr("Recent runs"), _ROW, _HEADER, parent)
        self.setItemDelegate(PaintedDelegate(model, _ROW, self._ground, self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._shape_heading()
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        model.modelReset.connect(self._fit)
        self._fit()

    def _shape_heading(self) -> None:
        header = self.horizontalHeader()
        header.setFont(theme.font(theme.CAPTION, 500))
        header.setMinimumSectionSize(40)
        for column in (NAME, DATA, STATE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row has the keyboard as a whole, whichever of its cells the arrows went to."""
        table_ground(painter, option, index, chosen=tokens().sunk)
        if index.column() == NAME and self.hasFocus() and self.currentIndex().row() == index.row():
            painting.focus_ring(painter, option.rect.adjusted(4, 4, -4, -4), theme.CHIP_RADIUS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(DATA, event.size().width() < _NARROW)

    def _fit(self) -> None:
        self.setFixedHeight(_HEADER + _ROW * self.model().rowCount() + 2)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(SUMMARY).path)
