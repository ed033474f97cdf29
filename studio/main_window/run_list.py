"""RunList: the side bar's runs, found by what is written on them, chosen together, named in place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from engine.runs.study import is_study
from studio.tables.run_delegates import NAME, RunListDelegate
from studio.tables.run_model import SUMMARY, RunFinder, RunModel
from studio.translation import tr
from studio.widgets.run_question import misfit
from studio.widgets.run_summary import DAMAGED, RunSummary

_SEVERAL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class RunList(QListView):
    """`opened(path)` when the person presses a run or Enter on it; with Ctrl or Shift several are chosen.

    `dropped(path)` takes an opened model out; `ablation_wished(path)` wants a run taken apart, `search_wished(path)`
    better settings for one; `compared(paths)` wants several beside each other; `starred(paths)`, `deleted(paths)`,
    `marks_wished(path)` and `undone` keep the list up. Of a damaged one only `mend_wished(path)`,
    `folder_wished(path)` and `deleted(paths)` are offered.
    """

    opened = Signal(object)
    dropped = Signal(object)
    ablation_wished = Signal(object)
    search_wished = Signal(object)
    compared = Signal(object)
    starred = Signal(object)
    deleted = Signal(object)
    marks_wished = Signal(object)
    mend_wished = Signal(object)
    folder_wished = Signal(object)
    undone = Signal()

    def __init__(self, model: RunModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run_list")
        self.setAccessibleName(tr("Runs"))
        self.setAccessibleDescription(tr("F2 renames a run, S gives it a star, Delete moves it into the trash."))
        self._found = RunFinder(model, self)
        self.setModel(self._found)
        self.setItemDelegate(RunListDelegate(self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._chosen: Path | None = None
        self._takes_several = False
        self.clicked.connect(self._click)
        self.activated.connect(self._open)
        self._found.modelReset.connect(self._mark)
        self._found.rowsInserted.connect(self._mark)

    def search(self, words: str) -> None:
        self._found.search(words)

    def num_found(self) -> int:
        return self._found.rowCount()

    def choose(self, path: Path | None) -> None:
        """Mark the run that the window shows; None marks none."""
        self._chosen = path
        self._mark()

    def selected(self) -> list[RunSummary]:
        """Those that are chosen together, in the list's order."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._found.index(row, NAME).data(SUMMARY) for row in rows]

    # -- what the person does ------------------------------------------------------------------------------------------

    def rename(self) -> None:
        """Write over the current run's name."""
        if self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        paths = [one.path for one in self.selected() if one.state != "model"]
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_F2 and is_plain:
            self.rename()
        elif event.key() == Qt.Key.Key_S and is_plain and paths:
            self.starred.emit([one.path for one in self.selected() if one.state not in ("model", DAMAGED)])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and is_plain and paths:
            self.deleted.emit(paths)
        elif event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.undone.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._takes_several = bool(event.modifiers() & _SEVERAL)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if is_mouse else self.currentIndex()
        if not index.isValid():
            return
        if not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        place = event.globalPos() if is_mouse else self.viewport().mapToGlobal(self.visualRect(index).center())
        self._menu(index.data(SUMMARY)).popup(place)

    def _menu(self, summary: RunSummary) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if summary.state == "model":
            menu.setObjectName("model_menu")
            menu.addAction(tr("Take out of the list")).triggered.connect(lambda: self.dropped.emit(summary.path))
            return menu
        if summary.state == DAMAGED:
            return self._menu_of_damaged(menu, summary.path)
        menu.setObjectName("run_menu")
        chosen = [one for one in self.selected() if one.state not in ("model", DAMAGED)]
        paths = [one.path for one in chosen]
        if len(chosen) == 1:
            menu.addAction(tr("Open")).triggered.connect(lambda: self.opened.emit(summary.path))
        if len(chosen) > 1 or is_study(summary.path):
            compare = menu.addAction(tr("Compare"))
            compare.triggered.connect(lambda: self.compared.emit(paths))
            reasons = [(one.name, misfit(chosen[0].question, one.question)) for one in chosen[1:]]
            for name, reason in [(name, reason) for name, reason in reasons if reason][:1]:
                compare.setEnabled(False)
                compare.setText(tr("Compare (“{name}”: {reason})", name=name, reason=reason))
        if len(chosen) == 1 and not is_study(summary.path):
            menu.addAction(tr("Ablation: what helped?")).triggered.connect(
                lambda: self.ablation_wished.emit(summary.path)
            )
            menu.addAction(tr("Search for better settings…")).triggered.connect(
                lambda: self.search_wished.emit(summary.path)
            )
        menu.addSeparator()
        if len(chosen) == 1:
            menu.addAction(tr("Rename") + "\tF2").triggered.connect(self.rename)
            menu.addAction(tr("Tags and note…")).triggered.connect(lambda: self.marks_wished.emit(summary.path))
        star = tr("Take the star away") if all(one.marks.star for one in chosen) else tr("Give a star")
        menu.addAction(star + "\tS").triggered.connect(lambda: self.starred.emit(paths))
        menu.addSeparator()
        delete = menu.addAction(tr("Delete") + "\tDel")
        delete.triggered.connect(lambda: self.deleted.emit(paths))
        delete.setEnabled(not any(one.state in ("running", "paused") for one in chosen))
        return menu

    def _menu_of_damaged(self, menu: QMenu, path: Path) -> QMenu:
        menu.setObjectName("damaged_menu")
        menu.addAction(tr("What is wrong?")).triggered.connect(lambda: self.opened.emit(path))
        menu.addAction(tr("Make it whole again")).triggered.connect(lambda: self.mend_wished.emit(path))
        menu.addAction(tr("Open its folder")).triggered.connect(lambda: self.folder_wished.emit(path))
        menu.addSeparator()
        paths = [one.path for one in self.selected() if one.state == DAMAGED]
        menu.addAction(tr("Delete") + "\tDel").triggered.connect(lambda: self.deleted.emit(paths))
        return menu

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
        self.clearSelection()

    def _click(self, index: QModelIndex) -> None:
        if not self._takes_several:
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(SUMMARY).path)
