"""RunModel: the book of runs as rows; journals are read one at a time while nothing else waits. RunFinder: those that a
person's words are about: name, tags, note, and `is:starred`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, QObject, QSortFilterProxyModel, Qt, QTimer, Signal, SignalInstance

from engine.errors import AttuneError
from studio.tables.column_model import ROW, ColumnModel, Index
from studio.tables.run_delegates import NAME, run_columns
from studio.widgets.run_summary import DAMAGED, Entry, RunSummary, bare, called_as_now, damaged, summarize

SUMMARY = ROW
STARRED = "is:starred"
_REFRESH_MS, _REST_MS = 500, 50


class Book(Protocol):
    """What the model needs of a run book."""

    changed: SignalInstance
    advanced: SignalInstance

    def entries(self) -> list[Any]: ...


class RunModel(ColumnModel[RunSummary]):
    """One row a run, newest first, at most `limit`; `SUMMARY` gives its RunSummary. Live rows change twice a second.

    `starred_first` puts those with a star before all others. A name that is edited is told by `renamed(path, name)`.
    """

    renamed = Signal(object, str)

    def __init__(
        self, book: Book, parent: QObject | None = None, limit: int | None = None, *, starred_first: bool = False
    ) -> None:
        super().__init__(run_columns(), parent)
        self._book, self._limit, self._starred_first = book, limit, starred_first
        self._entries: list[Entry] = []
        self._summaries: dict[Path, RunSummary] = {}
        self._unread: list[Path] = []
        self._live: set[Path] = set()
        self._reading = QTimer(self, interval=0)
        self._reading.timeout.connect(self._read_one)
        self._refreshing = QTimer(self, interval=_REFRESH_MS, singleShot=True)
        self._refreshing.timeout.connect(self._refresh_live)
        book.changed.connect(self.reload)
        book.advanced.connect(self._note_advance)
        self.reload()

    def reload(self) -> None:
        """Take the book's list again; what was read stays until it is read anew."""
        entries = self._book.entries()
        if self._starred_first:
            entries.sort(key=lambda entry: not entry.marks.star)
        entries = entries[: self._limit]
        if [entry.path for entry in entries] != [entry.path for entry in self._entries]:
            self.beginResetModel()
            self._entries = entries
            self.endResetModel()
        else:
            self._entries = entries
            self._call_as_now()
        self._unread = [entry.path for entry in entries]
        QTimer.singleShot(0, self, self._begin_reading)

    def _call_as_now(self) -> None:
        """Names and stars change at once, without reading anything again."""
        for row, entry in enumerate(self._entries):
            known = self._summaries.get(entry.path)
            now = known if known is None else called_as_now(known, entry)
            if known is not None and now is not None and now is not known:
                self._summaries[entry.path] = now
                self.tell_changed(row)

    def summary(self, path: Path) -> RunSummary | None:
        row = self.row_of(path)
        return None if row is None else self.row(row)

    def row_of(self, path: Path) -> int | None:
        return next((row for row, entry in enumerate(self._entries) if entry.path == path), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._entries)

    def row(self, number: int) -> RunSummary:
        return self._summary(self._entries[number])

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A model that was only opened has its maker's name."""
        usual = super().flags(index)
        can_rename = index.isValid() and index.column() == NAME and index.data(SUMMARY).state not in ("model", DAMAGED)
        return usual | Qt.ItemFlag.ItemIsEditable if can_rename else usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        summary: RunSummary = index.data(SUMMARY)
        if value != summary.name:
            self.renamed.emit(summary.path, value)
        return True

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.EditRole and index.isValid():
            return self.row(index.row()).name
        return super().data(index, role)

    def _summary(self, entry: Entry) -> RunSummary:
        return self._summaries.get(entry.path) or bare(entry)

    def _begin_reading(self) -> None:
        """Once the loop runs, and after a rest: the window paints before the first journal is opened."""
        self._reading.start(_REST_MS)

    def _read_one(self) -> None:
        self._reading.setInterval(0)
        if not self._unread:
            self._reading.stop()
            return
        self._read(self._unread.pop(0))

    def _read(self, path: Path) -> None:
        row = self.row_of(path)
        if row is None:
            return
        try:
            self._summaries[path] = summarize(self._entries[row])
        except AttuneError as error:  # it says so when it is opened; the list stays whole
            self._summaries[path] = damaged(self._entries[row], error)
        except (OSError, ValueError, TypeError, LookupError, AttributeError):
            self._summaries[path] = bare(self._entries[row])
        self.tell_changed(row)

    def _note_advance(self, path: Path) -> None:
        self._live.add(path)
        if not self._refreshing.isActive():
            self._refreshing.start()

    def _refresh_live(self) -> None:
        live, self._live = self._live, set()
        for path in live:
            self._read(path)


class RunFinder(QSortFilterProxyModel):
    """Every word must be found somewhere, whatever its case."""

    def __init__(self, model: RunModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self.setSourceModel(model)

    def search(self, text: str) -> None:
        wanted = tuple(text.casefold().split())
        if wanted != self._words:
            self._words = wanted
            self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        if not self._words:
            return True
        return matches(self.sourceModel().index(row, NAME, parent).data(SUMMARY), self._words)


def matches(summary: RunSummary, words: tuple[str, ...]) -> bool:
    """Whether all of the words (case folded) are about the run."""
    marks = summary.marks
    told = "\n".join((summary.name, *marks.tags, marks.note)).casefold()
    return all(marks.star if word == STARRED else word in told for word in words)
