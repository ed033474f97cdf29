"""RunPicker: a list that opens under a button, with a search in it, to choose one more run or study."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from studio.tables.run_delegates import NAME, RunListDelegate
from studio.tables.run_model import SUMMARY, RunFinder, RunModel
from studio.translation import tr
from studio.widgets import SearchField
from studio.widgets.run_question import RunQuestion, misfit
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

    def open(self, place: QPoint, known: Container[Path], base: RunQuestion | None = None) -> None:
        """At a place of the page, without the runs that stand there already; `base` is what those answer."""
        self._others.leave_out(known, base)
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
            further = self._others.beyond(self.list.currentIndex().row(), moves[Qt.Key(event.key())])
            if further.isValid():
                self.list.setCurrentIndex(further)
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
        self.list.setCurrentIndex(self._others.first())

    def _choose(self, index: QModelIndex) -> None:
        if not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        path: Path = index.data(SUMMARY).path
        self.hide()
        self.chosen.emit(path)


class _Others(QSortFilterProxyModel):
    """Without those that are chosen already, and without models that were not trained here, or are damaged. What
    answers another question than the chosen ones stands at the end, grey, with the reason under its name."""

    def __init__(self, model: RunFinder, parent: QWidget) -> None:
        super().__init__(parent)
        self._known: Container[Path] = ()
        self._base: RunQuestion | None = None
        self.setSourceModel(model)
        self.sort(NAME)

    def leave_out(self, known: Container[Path], base: RunQuestion | None) -> None:
        self._known, self._base = known, base
        self.invalidate()

    def first(self) -> QModelIndex:
        """The first one that can be chosen; invalid where none can."""
        return self.beyond(-1, 1)

    def beyond(self, row: int, way: int) -> QModelIndex:
        """The next one down (1) or up (-1) that can be chosen; invalid where there is none."""
        rows = range(row + way, self.rowCount() if way > 0 else -1, way)
        found = (self.index(place, NAME) for place in rows)
        return next((one for one in found if self.flags(one) & Qt.ItemFlag.ItemIsEnabled), QModelIndex())

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:  # type: ignore[override]
        summary = self.sourceModel().index(row, NAME, parent).data(SUMMARY)
        return summary.state not in (OPENED, DAMAGED) and summary.path not in self._known

    def lessThan(self, left: QModelIndex, right: QModelIndex) -> bool:  # type: ignore[override]
        return (bool(self._reason(left)), left.row()) < (bool(self._reason(right)), right.row())

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:  # type: ignore[override]
        usual = super().flags(index)
        if index.isValid() and self._reason(self.mapToSource(index)):
            return usual & ~(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        return usual

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        if role not in (SUMMARY, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return super().data(index, role)
        reason = self._reason(self.mapToSource(index))
        if not reason:
            return super().data(index, role)
        if role == SUMMARY:
            return replace(super().data(index, SUMMARY), words=reason, state="new")
        return tr("Cannot be compared with those that are chosen: {reason}.", reason=reason)

    def _reason(self, index: QModelIndex) -> str:
        """Of a row of the source."""
        return misfit(self._base, index.siblingAtColumn(NAME).data(SUMMARY).question)
