"""Looker: what is looked into (a run or a model, a text, switched-off heads), and what the model then answers."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.records import UNCHANGED, AttentionRecord, Prediction, Switches
from engine.runs.model_folder import Subject
from studio.workers.questions import Inquiries
from studio.workers.run_book import OPENED, RunBook


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

    def __init__(self, book: RunBook, inquiries: Inquiries, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book, self._inquiries = book, inquiries
        self.path: Path | None = None
        self.text = ""
        self.switches = UNCHANGED
        self.record: AttentionRecord | None = None
        self.plain: AttentionRecord | None = None
        self.question: Asked | None = None
        self._answered: Asked | None = None
        self._plain_of: Asked | None = None
        self._before_edit: tuple[str, Prediction] | None = None
        inquiries.answered.connect(self._take)
        inquiries.failed.connect(self._take_error)

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
        if self.path is None:
            return None
        if self.is_model:
            return 0
        history = self._book.entry(self.path).history
        if history.best is not None:
            return history.best.step
        return history.checkpoints[-1].step if history.checkpoints else None

    @property
    def is_waiting(self) -> bool:
        """Whether the record is not yet the answer to what was asked last."""
        return self._inquiries.is_asking("answer")

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
            self._inquiries.forget("answer", "plain")

    def ask(self, text: str) -> None:
        """Ask about a text, unless that was asked already or nothing can answer."""
        self.text = text
        question = self._question()
        if question is None or question == self.question:
            return
        self.question = question
        self.asked.emit()
        self._inquiries.ask("answer", question, self.subject, text, question.checkpoint, switches=question.switches)
        if question.switches and not self._knows_plain(question):
            self._inquiries.ask("plain", _plainly(question), self.subject, text, question.checkpoint)

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
        step = self.step
        if self.path is None or step is None or not self.text.strip():
            return None
        is_best = self.is_model or self._book.entry(self.path).history.best is not None
        return Asked(self.path, self.text, "best" if is_best else "last", step, self.switches)

    def _knows_plain(self, question: Asked) -> bool:
        return self._plain_of == _plainly(question) and self.plain is not None

    def _take(self, name: str, question: object, answer: object) -> None:
        if not isinstance(question, Asked) or not isinstance(answer, AttentionRecord) or self.question is None:
            return
        if name == "plain" or (name == "answer" and not question.switches):
            self.plain, self._plain_of = answer, question
        if name == "plain" and question == _plainly(self.question):
            self.answered.emit()
        if name == "answer" and question == self.question:
            self.record, self._answered = answer, self.question
            if question.switches and not self._knows_plain(question):
                self.plain = None
            self.answered.emit()

    def _take_error(self, name: str, question: object, error: AttuneError) -> None:
        if name == "answer" and question == self.question:
            self.failed.emit(error)


def _plainly(question: Asked) -> Asked:
    return question._replace(switches=UNCHANGED)
