"""RunTable: the recent runs, a row each; press or Enter opens one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from studio import theme
from studio.translation import tr
from studio.widgets.run_delegates import RunTableDelegate
from studio.widgets.run_model import DATA, LEARNING, NAME, PRECISION, RECALL, STATE, SUMMARY, WHEN, RunModel

_WIDTHS = {LEARNING: 120, PRECISION: 100, RECALL: 90, WHEN: 150}
_HEADER, _ROW = 38, 48
_NARROW = 980


class RunTable(QTableView):
    """As high as its rows: the page scrolls, not the table."""

    opened = Signal(object)

    def __init__(self, model: RunModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recent_runs")
        self.setAccessibleName(tr("Recent runs"))
        self.setModel(model)
        self.setItemDelegate(RunTableDelegate(self))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._shape_headers()
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        model.modelReset.connect(self._fit)
        self._fit()

    def _shape_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setFixedHeight(_HEADER)
        header.setFont(theme.font(theme.CAPTION, 500))
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)
        for column in (NAME, DATA, STATE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(DATA, event.size().width() < _NARROW)

    def _fit(self) -> None:
        self.setFixedHeight(_HEADER + _ROW * self.model().rowCount() + 2)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(SUMMARY).path)
