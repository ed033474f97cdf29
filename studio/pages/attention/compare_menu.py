"""CompareMenu: what there is to compare the shown answer with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from engine.runs.run import Run
from studio.pages.attention.attention_query import AttentionQuery
from studio.pages.attention.comparison_model import Other
from studio.translation import tr
from studio.workers.run_book import OPENED, RunBook

_MOST_RUNS = 20


class CompareMenu(QMenu):
    """Filled when it opens: the run's other checkpoints, other runs and models, another text. `chosen(other)`."""

    chosen = Signal(object)

    def __init__(self, looker: AttentionQuery, book: RunBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareMenu")
        self._looker, self._book = looker, book
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        self.clear()
        path = self._looker.path
        if path is None:
            return
        self._offer(tr("Another text"), Other(path, text=self._looker.text))
        checkpoints = _checkpoints(path) if not self._looker.is_model else []
        if checkpoints:
            self.addSeparator()
        for name in checkpoints:
            self._offer(name_of(Other(path, name), self._book), Other(path, name))
        others = [entry for entry in self._book.entries() if entry.path != path and _can_answer(entry)]
        if others:
            self.addSeparator()
        for entry in others[:_MOST_RUNS]:
            self._offer(tr("Run “{name}”", name=entry.name), Other(entry.path))

    def _offer(self, words: str, other: Other) -> None:
        action = self.addAction(words.replace("&", "&&"))
        action.triggered.connect(lambda: self.chosen.emit(other))


def name_of(other: Other, book: RunBook) -> str:
    """“Reviews, step 200”."""
    name = book.entry(other.path).name
    if other.checkpoint.startswith("step-"):
        return tr("{name}, step {step}", name=name, step=int(other.checkpoint.removeprefix("step-")))
    return name


def _checkpoints(path: Path) -> list[str]:
    """All that are kept but the best, which answers already, the newest first."""
    named = Run(path).checkpoints
    kept = {named.get("last"), *named.get("kept", [])} - {None, named.get("best")}
    return sorted((str(name) for name in kept), key=lambda name: -int(name.removeprefix("step-")))


def _can_answer(entry: object) -> bool:
    state, path = getattr(entry, "state", ""), getattr(entry, "path", Path())
    return state == OPENED or (path / "checkpoints.json").exists()
