"""Asking: one text at a time is asked about, then which words decided it; what was said before is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError, InputError
from engine.records import AttentionRecord, Attribution, Prediction
from engine.runs.model_folder import Subject
from studio.workers.query import Asker, Query
from studio.workers.run_book import RunBook, answering_checkpoint

_MOST_KEPT = 50


class Asked(NamedTuple):
    """Whose answer to which text; `step` makes the answer of a better checkpoint another one."""

    path: Path
    text: str
    checkpoint: str
    step: int


@dataclass(frozen=True)
class Tried:
    """A text with what was said of it, and how much each of its words counts for that where it was measured."""

    asked: Asked
    record: AttentionRecord
    marks: Attribution | None = None

    @property
    def prediction(self) -> Prediction:
        return self.record.prediction


class Asking(QObject):
    """`changed`: `current` or the texts tried before are new. `failed(error)`: the last good answer stays."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, book: RunBook, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book, self._asker = book, asker
        self.path: Path | None = None
        self.current: Tried | None = None
        self.error: AttuneError | None = None
        self._tried: dict[Path, dict[str, Tried]] = {}

    @property
    def tried(self) -> list[Tried]:
        """The texts that were asked about before the current one, the newest first."""
        kept = self._tried.get(self.path, {}) if self.path else {}
        return [one for one in reversed(kept.values()) if self.current is None or one.asked != self.current.asked]

    @property
    def subject(self) -> Subject:
        """Raises InputError when the folder is gone."""
        assert self.path is not None
        return self._book.entry(self.path).subject

    @property
    def step(self) -> int | None:
        """Of the checkpoint that answers: 0 for a model that was only opened, None before a run's first one."""
        checkpoint = answering_checkpoint(self._book.entry(self.path)) if self.path is not None else None
        return checkpoint.step if checkpoint is not None else None

    @property
    def is_waiting(self) -> bool:
        """Whether the answer is awaited."""
        return self._asker.is_asking("answer")

    @property
    def is_measuring(self) -> bool:
        """Whether it is still to come how much each word counts."""
        return self._asker.is_asking("marks")

    @property
    def is_old(self) -> bool:
        """Whether the current answer is not that to what was asked last: it is awaited, or was refused."""
        return self.current is not None and (self.is_waiting or self.error is not None)

    def look_at(self, path: Path) -> None:
        """Another run or model; what it said before is still known."""
        if path != self.path:
            self.path, self.current, self.error = path, None, None
            self._asker.stop("answer", "marks")

    def ask(self, text: str) -> None:
        """Ask about a text, unless that is what was asked last, or nothing can answer."""
        checkpoint = answering_checkpoint(self._book.entry(self.path)) if self.path is not None else None
        if self.path is None or checkpoint is None or not text.strip():
            return
        asked = Asked(self.path, text, *checkpoint)
        is_known = self.current is not None and self.current.asked == asked
        if asked == self._asker.asked("answer") or (is_known and not self.is_waiting):
            return
        self._asker.stop("marks")
        self.error = None
        try:
            query = Query("attend", asked, self.subject, text, asked.checkpoint)
        except InputError as error:
            self._take_error(error)
        else:
            self._asker.ask(query.success(partial(self._take, asked)).failure(self._take_error), "answer")

    def keep(self) -> None:
        """The person is done with the current text: it goes among those tried before."""
        if self.current is not None:
            kept = self._tried.setdefault(self.current.asked.path, {})
            kept.pop(self.current.asked.text, None)
            kept[self.current.asked.text] = self.current
            for text in list(kept)[:-_MOST_KEPT]:
                del kept[text]

    def forget(self) -> None:
        """No text was tried before."""
        if self.path is not None:
            self._tried.pop(self.path, None)
            self.changed.emit()

    def _take(self, asked: Asked, record: AttentionRecord) -> None:
        self.current, self.error = Tried(asked, record), None
        if "explain" in record.abilities and record.has_answer:
            query = Query("attribute", asked, self.subject, asked.text, "leave-one-out", asked.checkpoint)
            self._asker.ask(query.success(self._take_marks), "marks")  # where it fails the answer is none the worse
        self.changed.emit()

    def _take_marks(self, marks: Attribution) -> None:
        if self.current is not None:
            self.current = replace(self.current, marks=marks)
        self.changed.emit()

    def _take_error(self, error: AttuneError) -> None:
        self.error = error
        self.failed.emit(error)
