"""RunList: the side bar's runs, found by name."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from engine.runs.study import is_study
from studio.translation import tr
from studio.widgets.run_delegates import RunListDelegate
from studio.widgets.run_model import NAME, SUMMARY, RunModel


class RunList(QListView):
    """`opened(path)` when the person presses a run or Enter on it; `dropped(path)` takes an opened model out;
    `ablation_wished(path)` wants a run taken apart."""

    opened = Signal(object)
    dropped = Signal(object)
    ablation_wished = Signal(object)

    def __init__(self, model: RunModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run_list")
        self.setAccessibleName(tr("Runs"))
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(model)
        self._found.setFilterKeyColumn(NAME)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._found)
        self.setItemDelegate(RunListDelegate(self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._chosen: Path | None = None
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        self._found.modelReset.connect(self._mark)
        self._found.rowsInserted.connect(self._mark)

    def search(self, words: str) -> None:
        self._found.setFilterFixedString(words)

    def num_found(self) -> int:
        return self._found.rowCount()

    def choose(self, path: Path | None) -> None:
        """Mark the run that the window shows; None marks none."""
        self._chosen = path
        self._mark()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos()) if event.reason() == QContextMenuEvent.Reason.Mouse else self.currentIndex()
        if not index.isValid() or is_study(index.data(SUMMARY).path):
            return
        path, is_model = index.data(SUMMARY).path, index.data(SUMMARY).state == "model"
        menu = QMenu(self)
        menu.setObjectName("model_menu" if is_model else "run_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if is_model:
            menu.addAction(tr("Take out of the list")).triggered.connect(lambda: self.dropped.emit(path))
        else:
            menu.addAction(tr("Ablation: what helped?")).triggered.connect(lambda: self.ablation_wished.emit(path))
        menu.popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _mark(self) -> None:
        for row in range(self._found.rowCount()):
            index = self._found.index(row, NAME)
            if index.data(SUMMARY).path == self._chosen:
                self.setCurrentIndex(index)
                return
        self.setCurrentIndex(QModelIndex())

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(SUMMARY).path)
