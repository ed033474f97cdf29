"""Asking: one text at a time is asked about, then which words decided it; what was said before is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError, InputError
from engine.records import AttentionRecord, Attribution, Prediction
from engine.runs.model_folder import Subject
from studio.workers.latest_worker import Verb
from studio.workers.questions import Questions, Worker
from studio.workers.run_book import OPENED, RunBook

_VERBS: dict[str, Verb] = {"answer": "attend", "marks": "attribute"}
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

    def __init__(
        self, book: RunBook, make_worker: Callable[[Verb], Worker] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._book = book
        self.questions = Questions(_VERBS, ("answer",), make_worker, self)
        self.path: Path | None = None
        self.current: Tried | None = None
        self.error: AttuneError | None = None
        self._tried: dict[Path, dict[str, Tried]] = {}
        self.questions.answered.connect(self._take)
        self.questions.failed.connect(self._take_error)

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
        if self.path is None:
            return None
        entry = self._book.entry(self.path)
        if entry.state == OPENED:
            return 0
        history = entry.history
        if history.best is not None:
            return history.best.step
        return history.checkpoints[-1].step if history.checkpoints else None

    @property
    def is_old(self) -> bool:
        """Whether the current answer is not that to what was asked last: it is awaited, or was refused."""
        return self.current is not None and (self.questions.is_asking("answer") or self.error is not None)

    def look_at(self, path: Path) -> None:
        """Another run or model; what it said before is still known."""
        if path != self.path:
            self.path, self.current, self.error = path, None, None
            self.questions.stop("answer", "marks")

    def ask(self, text: str) -> None:
        """Ask about a text, unless that is what was asked last, or nothing can answer."""
        step = self.step
        if self.path is None or step is None or not text.strip():
            return
        entry = self._book.entry(self.path)
        is_best = entry.state == OPENED or entry.history.best is not None
        asked = Asked(self.path, text, "best" if is_best else "last", step)
        is_known = self.current is not None and self.current.asked == asked
        if asked == self.questions.asked("answer") or (is_known and not self.questions.is_asking("answer")):
            return
        self.questions.stop("marks")
        self.error = None
        try:
            self.questions.ask("answer", asked, self.subject, text, asked.checkpoint)
        except InputError as error:
            self._take_error("answer", asked, error)

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

    def _take(self, kind: str, asked: object, answer: object) -> None:
        assert isinstance(asked, Asked)
        if isinstance(answer, AttentionRecord):
            self.current, self.error = Tried(asked, answer), None
            if "explain" in answer.abilities and answer.has_answer:
                self.questions.ask("marks", asked, self.subject, asked.text, "leave-one-out", asked.checkpoint)
        elif isinstance(answer, Attribution) and self.current is not None and self.current.asked == asked:
            self.current = replace(self.current, marks=answer)
        self.changed.emit()

    def _take_error(self, kind: str, asked: object, error: AttuneError) -> None:
        """Words whose part cannot be measured are no fault of the answer."""
        if kind == "answer":
            self.error = error
            self.failed.emit(error)
