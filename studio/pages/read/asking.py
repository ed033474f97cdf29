"""Reading: what is asked of which passage, with which words masked; what was answered, and why."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.records import ReadAnswer, ReadingTrust, ScoredRows, WordLosses
from engine.runs.model_folder import Subject
from studio.workers.query import Asker, Query
from studio.workers.run_book import RunBook, answering_checkpoint

_EXAMPLES = 200


class Asked(NamedTuple):
    """Whose answer to what; `step` makes the answer of a better checkpoint another one."""

    path: Path
    checkpoint: str
    step: int
    question: str
    context: str
    masked: tuple[int, ...]


class Reading(QObject):
    """`changed`: something of what is answered is new; `examples_came`: there are examples now, or there will be none.
    `failed(error)`: the last good answer stays."""

    changed = Signal()
    examples_came = Signal()
    failed = Signal(object)

    def __init__(self, book: RunBook, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book, self._asker = book, asker
        self.path: Path | None = None
        self.asked: Asked | None = None
        self.answer: ReadAnswer | None = None
        self.losses: WordLosses | None = None
        self.trust: ReadingTrust | None = None
        self.trust_error: AttuneError | None = None
        self.examples: ScoredRows | None = None
        self._has_asked_examples = False

    @property
    def subject(self) -> Subject:
        """Raises InputError when the folder is gone."""
        assert self.path is not None
        return self._book.entry(self.path).subject

    @property
    def has_checkpoint(self) -> bool:
        return self.path is not None and answering_checkpoint(self._book.entry(self.path)) is not None

    @property
    def is_waiting(self) -> bool:
        return self._asker.is_asking("answer")

    @property
    def awaits_examples(self) -> bool:
        return self._asker.is_asking("examples")

    def look_at(self, path: Path) -> None:
        """Another run."""
        if path == self.path:
            return
        self.path, self.asked, self.answer, self.losses = path, None, None, None
        self.trust, self.trust_error, self.examples, self._has_asked_examples = None, None, None, False
        self._asker.stop("answer", "losses", "trust", "silence", "examples")

    def ask_examples(self) -> None:
        """Some questions of the run's own held-out rows, and what could be reached at best."""
        checkpoint = answering_checkpoint(self._book.entry(self.path)) if self.path is not None else None
        if checkpoint is None or self._has_asked_examples:
            return
        self._has_asked_examples = True
        key = (self.path, *checkpoint)
        query = Query("score_rows", key, self.subject, None, None, checkpoint.name, _EXAMPLES)
        self._asker.ask(query.success(self._take_examples).failure(self._without_examples), "examples")

    def ask(self, question: str, context: str, masked: tuple[int, ...] = ()) -> None:
        """Ask, unless that is what was asked last, or nothing can answer."""
        checkpoint = answering_checkpoint(self._book.entry(self.path)) if self.path is not None else None
        if checkpoint is None or self.path is None or not question.strip() or not context.strip():
            return
        asked = Asked(self.path, checkpoint.name, checkpoint.step, question, context, masked)
        if asked == self._asker.asked("answer") or (asked == self.asked and not self.is_waiting):
            return
        self._asker.stop("losses", "trust")
        query = Query("answer_question", asked, self.subject, question, context, checkpoint.name, masked)
        self._asker.ask(query.success(partial(self._take, asked)).failure(self.failed.emit), "answer")
        self.changed.emit()

    def stop(self) -> None:
        """Give up what is being asked; what was answered stays."""
        self._asker.stop("answer", "losses", "trust")
        self.changed.emit()

    def promise(self, share: float) -> None:
        """Choose from when on it stays silent, on the validation questions."""
        assert self.asked is not None
        key = (self.path, self.asked.checkpoint, self.asked.step, share)
        query = Query("promise_silence", key, self.subject, share, 0.95, self.asked.checkpoint)
        self._asker.ask(query.success(self._ask_anew).failure(self.failed.emit), "silence")
        self.changed.emit()

    @property
    def is_promising(self) -> bool:
        return self._asker.is_asking("silence")

    def _ask_anew(self, _made: object) -> None:
        asked, self.asked = self.asked, None
        if asked is not None:
            self.ask(asked.question, asked.context, asked.masked)

    def _take(self, asked: Asked, answer: ReadAnswer) -> None:
        is_same_passage = self.asked is not None and (asked.question, asked.context) == self.asked[3:5]
        self.asked, self.answer = asked, answer
        if not asked.masked:
            self.losses = None
        if not (is_same_passage and asked.masked):
            self.trust, self.trust_error = None, None
        if answer.best and not asked.masked:
            losses = Query("question_losses", asked, self.subject, asked.question, asked.context, asked.checkpoint)
            self._asker.ask(losses.success(self._take_losses), "losses")
            if answer.maps and answer.said is not None:
                trust = Query("reading_trust", asked, self.subject, asked.question, asked.context, asked.checkpoint)
                self._asker.ask(trust.success(self._take_trust).failure(self._without_trust), "trust")
        self.changed.emit()

    def _take_losses(self, losses: WordLosses) -> None:
        self.losses = losses
        self.changed.emit()

    def _take_trust(self, trust: ReadingTrust) -> None:
        self.trust = trust
        self.changed.emit()

    def _without_trust(self, error: AttuneError) -> None:
        self.trust_error = error
        self.changed.emit()

    def _take_examples(self, rows: ScoredRows) -> None:
        self.examples = rows
        self.examples_came.emit()
        self.changed.emit()

    def _without_examples(self, _error: AttuneError) -> None:
        """The run's data is gone: there are none, and nothing is lost by it."""
        self.examples_came.emit()
