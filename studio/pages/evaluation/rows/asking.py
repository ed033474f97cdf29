"""Asking: what the rows ask the engine, each verb in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from engine.errors import AttuneError

Question = Literal["attribute", "similar", "suspects", "slices", "speed"]


class Worker(Protocol):
    """The part of a latest-wins worker that is used here."""

    answered: SignalInstance
    progressed: SignalInstance
    failed: SignalInstance

    def ask(self, key: object, *arguments: Any, **options: Any) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


class Asking(QObject):
    """`answered(question, key, answer)`, `progressed(question, key, progress)`, `failed(question, key, error)`: only
    what was asked last and not stopped since."""

    answered = Signal(str, object, object)
    progressed = Signal(str, object, object)
    failed = Signal(str, object, object)

    def __init__(self, worker_for: Callable[[str], Worker], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker_for = worker_for
        self._workers: dict[Question, Worker] = {}
        self._asked: dict[Question, object] = {}
        workers = self._workers  # without self, which is gone by then: no answer may come to a page that is no more
        self.destroyed.connect(lambda: [worker.close() for worker in workers.values()])

    def ask(self, question: Question, key: object, *arguments: Any, **options: Any) -> None:
        """`key` comes back with the answer."""
        self._asked[question] = key
        self._worker(question).ask(key, *arguments, **options)

    def asked(self, question: Question) -> object | None:
        """The key of what is being asked; None where nothing is."""
        return self._asked.get(question)

    def stop(self, *questions: Question) -> None:
        """Forget these; an answer under way is given up."""
        for question in questions:
            if self._asked.pop(question, None) is not None:
                self._workers[question].stop()

    def close(self) -> None:
        """No more answers."""
        self._asked.clear()
        for worker in self._workers.values():
            worker.close()
        self._workers.clear()

    def _worker(self, question: Question) -> Worker:
        if question not in self._workers:
            worker = self._worker_for(question)
            worker.answered.connect(lambda key, answer: self._take(question, key, answer))
            worker.progressed.connect(lambda key, progress: self._pass_on(question, key, progress))
            worker.failed.connect(lambda key, error: self._take_error(question, key, error))
            self._workers[question] = worker
        return self._workers[question]

    def _take(self, question: Question, key: object, answer: object) -> None:
        if question in self._asked and self._asked[question] == key:
            del self._asked[question]
            self.answered.emit(question, key, answer)

    def _pass_on(self, question: Question, key: object, progress: object) -> None:
        if question in self._asked and self._asked[question] == key:
            self.progressed.emit(question, key, progress)

    def _take_error(self, question: Question, key: object, error: AttuneError) -> None:
        if question in self._asked and self._asked[question] == key:
            del self._asked[question]
            self.failed.emit(question, key, error)
