"""ListUpkeep: what a person does to the runs of the list, done in the book, with a way back from deleting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from engine.errors import AttuneError
from engine.runs.run_maintenance import Marks
from studio.main_window.marks_dialog import MarksDialog
from studio.main_window.run_list import RunList
from studio.tables.run_model import RunModel
from studio.translation import tr
from studio.widgets.undo_toast import UndoToast
from studio.workers.run_book import RunBook


def open_folder(path: Path) -> None:
    """In the system's own window of files."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class ListUpkeep(QObject):
    """`refused(error)` where something cannot be done."""

    refused = Signal(object)

    def __init__(self, book: RunBook, runs: RunList, model: RunModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._book, self._runs, self._host = book, runs, parent
        self._toast: UndoToast | None = None
        model.renamed.connect(self._rename)
        runs.starred.connect(self.star)
        runs.deleted.connect(self.delete)
        runs.marks_wished.connect(self.ask_marks)
        runs.mend_wished.connect(self.mend)
        runs.folder_wished.connect(open_folder)
        runs.undone.connect(self.undo)

    def star(self, paths: Sequence[Path]) -> None:
        """Give all of them a star; where all have one, take it away."""
        entries = [self._book.entry(path) for path in paths]
        if not entries:
            return
        has_star = not all(entry.marks.star for entry in entries)
        try:
            for entry in entries:
                self._book.mark(entry.path, replace(entry.marks, star=has_star))
        except AttuneError as error:
            self.refused.emit(error)

    def delete(self, paths: Sequence[Path]) -> None:
        """Into the trash, and a note that offers the way back."""
        names, places = [], []
        try:
            for path in paths:
                names.append(self._book.entry(path).name)
                places.append(self._book.delete(path))
        except AttuneError as error:
            self.refused.emit(error)
        if places:
            count = len(places)
            told = tr("“{name}” lies in the trash.", name=names[0])
            if count > 1:
                told = tr("{count:plural:run:runs} lie in the trash.", count=count)
            self.toast().offer(told, lambda: self._restore(places))

    def mend(self, path: Path) -> None:
        """Make anew what can be made anew of a damaged run."""
        try:
            self._book.mend(path)
        except AttuneError as error:
            self.refused.emit(error)

    def undo(self) -> None:
        """Bring back what was deleted last, while that is offered."""
        if self._toast is not None:
            self._toast.undo()

    def ask_marks(self, path: Path) -> None:
        entry = self._book.entry(path)
        dialog = MarksDialog(entry.name, entry.marks, self._host.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.confirmed.connect(lambda marks: self._mark(path, marks))
        dialog.open()

    def toast(self) -> UndoToast:
        """Over the whole window."""
        if self._toast is None:
            window = self._host.window()
            central = window.centralWidget() if hasattr(window, "centralWidget") else None
            self._toast = UndoToast(central or window)
        return self._toast

    def _restore(self, places: Sequence[Path]) -> None:
        try:
            for place in places:
                self._book.restore(place)
        except AttuneError as error:
            self.refused.emit(error)

    def _rename(self, path: Path, name: str) -> None:
        try:
            self._book.rename(path, name)
        except AttuneError as error:
            self.refused.emit(error)

    def _mark(self, path: Path, marks: Marks) -> None:
        try:
            self._book.mark(path, marks)
        except AttuneError as error:
            self.refused.emit(error)
