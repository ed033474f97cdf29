"""Inquiries: what the Evaluation page asks the engine, each kind of question in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from engine.errors import AttuneError
from studio.workers.latest_worker import LatestWorker, Verb
from studio.workers.turns import Turns

Question = Literal["examine", "counted", "measure", "calibrate", "promise", "report"]
_URGENT: tuple[Question, ...] = ("examine", "promise")
"""What a person waits for; the rest is measured beside it."""


class Worker(Protocol):
    """The part of a latest-wins worker that the page uses."""

    answered: SignalInstance
    progressed: SignalInstance
    failed: SignalInstance

    def ask(self, key: object, *arguments: Any, **options: Any) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


class Inquiries(QObject):
    """`answered(question, key, answer)`, `progressed(question, key, progress)`, `failed(question, key, error)`: only
    what was asked last and not stopped since. What is asked or answered under a key is not asked again under it."""

    answered = Signal(str, object, object)
    progressed = Signal(str, object, object)
    failed = Signal(str, object, object)

    def __init__(self, make_worker: Callable[[Verb], Worker] | None = None, parent: QObject | None = None) -> None:
        """Without `make_worker` real ones, which compute in turns: what a person waits for first."""
        super().__init__(parent)
        self._make_worker, self._turns = make_worker, Turns()
        self._workers: dict[Question, Worker] = {}
        self._asked: dict[Question, object] = {}
        self._answered: dict[Question, object] = {}
        workers = self._workers  # without self, which is gone by then: no answer may come to a page that is no more
        self.destroyed.connect(lambda: [worker.close() for worker in workers.values()])

    def ask(self, question: Question, key: object, *arguments: Any, **options: Any) -> None:
        """`key` comes back with the answer."""
        if key in (self._asked.get(question), self._answered.get(question)):
            return
        self._asked[question] = key
        self._answered.pop(question, None)
        self._worker(question).ask(key, *arguments, **options)

    def is_asking(self, question: Question) -> bool:
        return question in self._asked

    def forget(self, *questions: Question) -> None:
        """Give these up, and let them be asked anew under the same key."""
        for question in questions:
            if self._asked.pop(question, None) is not None:
                self._workers[question].stop()
            self._answered.pop(question, None)

    def close(self) -> None:
        """No more answers."""
        for worker in self._workers.values():
            worker.close()
        self._asked.clear()

    def worker_for(self, verb: Verb) -> Worker:
        """A worker of its own for a part of the page; it lets what the person waits for go first."""
        if self._make_worker is not None:
            return self._make_worker(verb)
        worker: Worker = LatestWorker(verb, turns=self._turns, is_urgent=verb in _URGENT)
        return worker

    def _worker(self, question: Question) -> Worker:
        if question not in self._workers:
            worker = self.worker_for(question)
            worker.answered.connect(lambda key, answer: self._take(question, key, answer))
            worker.progressed.connect(lambda key, progress: self._pass_on(question, key, progress))
            worker.failed.connect(lambda key, error: self._take_error(question, key, error))
            self._workers[question] = worker
        return self._workers[question]

    def _take(self, question: Question, key: object, answer: object) -> None:
        if self._asked.get(question) == key:
            self._answered[question] = self._asked.pop(question)
            self.answered.emit(question, key, answer)

    def _pass_on(self, question: Question, key: object, progress: object) -> None:
        if self._asked.get(question) == key:
            self.progressed.emit(question, key, progress)

    def _take_error(self, question: Question, key: object, error: AttuneError) -> None:
        if self._asked.get(question) == key:
            del self._asked[question]
            self.failed.emit(question, key, error)
