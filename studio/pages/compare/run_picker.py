"""RunPicker: a list that opens under a button, with a search in it, to choose one more run or study."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from studio.translation import tr
from studio.widgets import SearchField
from studio.widgets.run_delegates import RunListDelegate
from studio.widgets.run_finder import RunFinder
from studio.widgets.run_model import NAME, SUMMARY, RunModel
from studio.workers.run_book import DAMAGED, OPENED, RunBook

_WIDTH, _HEIGHT = 320, 380


class RunPicker(QFrame):
    """`chosen(path)` on a click or Enter; arrows move while one types; it goes when the keyboard goes elsewhere."""

    chosen = Signal(object)

    def __init__(self, book: RunBook, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setObjectName("run_picker")
        self.setFixedSize(_WIDTH, _HEIGHT)
        self._model = RunModel(book, self, starred_first=True)
        self._found = RunFinder(self._model, self)
        self._others = _Others(self._found, self)
        self.search = SearchField(tr("Find a run"), self)
        self.search.textChanged.connect(self._search)
        self.search.installEventFilter(self)
        self.list = QListView(self)
        self.list.setObjectName("picker_list")
        self.list.setAccessibleName(tr("Runs"))
        self.list.setModel(self._others)
        self.list.setItemDelegate(RunListDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        self.hide()

    def open(self, place: QPoint, known: Container[Path]) -> None:
        """At a place of the page, without the runs that stand there already."""
        self._others.leave_out(known)
        self.search.clear()
        self._mark_first()
        room = self.parentWidget().rect()
        self.move(max(0, min(place.x(), room.right() - _WIDTH)), max(0, min(place.y(), room.bottom() - _HEIGHT)))
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in moves:
            row = self.list.currentIndex().row() + moves[Qt.Key(event.key())]
            self.list.setCurrentIndex(self._others.index(max(0, min(row, self._others.rowCount() - 1)), NAME))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentIndex().isValid():
            self._choose(self.list.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        return super().eventFilter(watched, event)

    def _search(self, words: str) -> None:
        self._found.search(words)
        self._mark_first()

    def _mark_first(self) -> None:
        self.list.setCurrentIndex(self._others.index(0, NAME))

    def _choose(self, index: QModelIndex) -> None:
        path: Path = index.data(SUMMARY).path
        self.hide()
        self.chosen.emit(path)


class _Others(QSortFilterProxyModel):
    """Without those that are chosen already, without models that were not trained here, and without damaged ones."""

    def __init__(self, model: RunFinder, parent: QWidget) -> None:
        super().__init__(parent)
        self._known: Container[Path] = ()
        self.setSourceModel(model)

    def leave_out(self, known: Container[Path]) -> None:
        self._known = known
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:  # type: ignore[override]
        summary = self.sourceModel().index(row, NAME, parent).data(SUMMARY)
        return summary.state not in (OPENED, DAMAGED) and summary.path not in self._known
