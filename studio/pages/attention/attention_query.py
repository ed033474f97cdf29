"""AttentionQuery: what is looked into (a run or a model, a text, switched-off heads), and what the model answers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.records import UNCHANGED, AttentionRecord, Prediction, Switches
from engine.runs.model_folder import Subject
from studio.workers.query import Asker, Query
from studio.workers.run_book import OPENED, RunBook, answering_checkpoint


class Asked(NamedTuple):
    """What a question was about: an answer to anything else is out of date."""

    path: Path
    text: str
    checkpoint: str
    step: int
    switches: Switches


class AttentionQuery(QObject):
    """`answered`: `record` is new. `failed(error)`: the last good record stays. `asked`: an answer is waited for.
    `switched`: other heads are on; the answer follows."""

    asked = Signal()
    switched = Signal()
    answered = Signal()
    failed = Signal(object)

    def __init__(self, book: RunBook, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book, self._asker = book, asker
        self.path: Path | None = None
        self.text = ""
        self.switches = UNCHANGED
        self.record: AttentionRecord | None = None
        self.plain: AttentionRecord | None = None
        self.question: Asked | None = None
        self._answered: Asked | None = None
        self._plain_of: Asked | None = None
        self._before_edit: tuple[str, Prediction] | None = None

    @property
    def subject(self) -> Subject:
        """The run or model that is looked into. Raises InputError when its folder is gone."""
        assert self.path is not None
        return self._book.entry(self.path).subject

    @property
    def is_model(self) -> bool:
        """Whether it was not trained here."""
        return self.path is not None and self._book.entry(self.path).state == OPENED

    @property
    def step(self) -> int | None:
        """Of the checkpoint that answers: 0 for a model that was only opened, None before a run's first one."""
        checkpoint = answering_checkpoint(self._book.entry(self.path)) if self.path is not None else None
        return checkpoint.step if checkpoint is not None else None

    @property
    def is_waiting(self) -> bool:
        """Whether the record is not yet the answer to what was asked last."""
        return self._asker.is_asking("answer")

    def is_old(self, *, has_text: bool) -> bool:
        """Whether the record, where there is one, answers something else than what the field says now."""
        return self.record is not None and (not has_text or self._answered != self.question)

    @property
    def edit(self) -> tuple[str, Prediction] | None:
        """(what was done, the answer before it) of the last edit of a token, while its text is shown."""
        if self._before_edit is None or self.question is None or self._before_edit[0] != self.question.text:
            return None
        return self._before_edit

    def look_at(self, path: Path) -> None:
        """Another run or model; all heads are on again."""
        if path != self.path:
            self.path, self.record, self.plain, self.question = path, None, None, None
            self.switches, self._answered = UNCHANGED, None
            self._before_edit = None
            self._asker.forget("answer", "plain")

    def ask(self, text: str) -> None:
        """Ask about a text, unless that was asked already or nothing can answer."""
        self.text = text
        question = self._question()
        if question is None or question == self.question:
            return
        self.question = question
        self.asked.emit()
        self._asker.ask(
            self._attend(question).success(partial(self._take, question)).failure(self.failed.emit), "answer"
        )
        if question.switches and not self._knows_plain(question):
            plain = _plainly(question)
            self._asker.ask(self._attend(plain).success(partial(self._take_plain, plain)), "plain")

    def _attend(self, question: Asked) -> Query:
        text, checkpoint, switches = question.text, question.checkpoint, question.switches
        return Query("attend", question, self.subject, text, checkpoint, switches=switches)

    def note_edit(self, text: str) -> None:
        """The next text comes of an edit to a token: what was said before it is kept to compare with."""
        if self.record is not None and self.record.has_answer:
            self._before_edit = text, self.record.prediction

    def switch(self, switches: Switches) -> None:
        """Turn heads on and off; the answer follows."""
        if switches != self.switches:
            self.switches = switches
            self.switched.emit()
            self.ask(self.text)

    def _question(self) -> Asked | None:
        if self.path is None or not self.text.strip():
            return None
        checkpoint = answering_checkpoint(self._book.entry(self.path))
        return Asked(self.path, self.text, *checkpoint, self.switches) if checkpoint is not None else None

    def _knows_plain(self, question: Asked) -> bool:
        return self._plain_of == _plainly(question) and self.plain is not None

    def _take(self, question: Asked, record: AttentionRecord) -> None:
        self.record, self._answered = record, question
        if not question.switches:
            self.plain, self._plain_of = record, question
        elif not self._knows_plain(question):
            self.plain = None
        self.answered.emit()

    def _take_plain(self, question: Asked, record: AttentionRecord) -> None:
        self.plain, self._plain_of = record, question
        if self.question is not None and question == _plainly(self.question):
            self.answered.emit()


def _plainly(question: Asked) -> Asked:
    return question._replace(switches=UNCHANGED)
