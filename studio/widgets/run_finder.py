"""RunFinder: the rows of a run model that a person's words are about: name, tags, note, and `is:starred`."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from studio.widgets.run_model import NAME, SUMMARY, RunModel
from studio.widgets.run_summary import RunSummary

STARRED = "is:starred"

Index = QModelIndex | QPersistentModelIndex


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
