"""Inquiries: what the Attention page asks the engine, each kind of question in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from engine.errors import AttuneError
from studio.workers.latest_worker import LatestWorker, Verb
from studio.workers.turns import Turns

Question = Literal[
    "answer", "plain", "second", "one-out", "marks", "rollout", "importance", "trust", "effect", "heads", "exact"
]
_VERBS: dict[Question, Verb] = {
    "answer": "attend",
    "plain": "attend",
    "second": "attend",
    "one-out": "attribute",
    "marks": "attribute",
    "rollout": "rollout",
    "importance": "importance",
    "trust": "trust",
    "effect": "switch_effect",
    "heads": "heads",
    "exact": "exact_map",
}

_URGENT: tuple[Question, ...] = ("answer", "plain", "second", "exact")


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
    what was asked last and not stopped since. The same question with the same key is asked once."""

    answered = Signal(str, object, object)
    progressed = Signal(str, object, object)
    failed = Signal(str, object, object)

    def __init__(self, make_worker: Callable[[Verb], Worker] | None = None, parent: QObject | None = None) -> None:
        """Without `make_worker` real ones, which compute in turns: what a person waits for first."""
        super().__init__(parent)
        self._make_worker = make_worker
        self._turns = Turns()
        self._workers: dict[Question, Worker] = {}
        workers = self._workers  # without self, which is gone by then: no answer may come to a page that is no more
        self.destroyed.connect(lambda: [worker.close() for worker in workers.values()])
        self._asked: dict[Question, object] = {}
        self._answered: dict[Question, object] = {}

    def ask(self, question: Question, key: object, *arguments: Any, **options: Any) -> None:
        """`key` comes back with the answer. What was asked or answered under this key already is not asked again."""
        if key in (self._asked.get(question), self._answered.get(question)):
            return
        self._asked[question] = key
        self._answered.pop(question, None)
        self._worker(question).ask(key, *arguments, **options)

    def is_asking(self, question: Question) -> bool:
        return question in self._asked

    def stop(self, *questions: Question) -> None:
        """Forget these; an answer under way is given up."""
        for question in questions:
            if self._asked.pop(question, None) is not None:
                self._workers[question].stop()

    def forget(self, *questions: Question) -> None:
        """Let these be asked anew under the same key."""
        self.stop(*questions)
        for question in questions:
            self._answered.pop(question, None)

    def close(self) -> None:
        """No more answers."""
        for worker in self._workers.values():
            worker.close()
        self._asked.clear()

    def _worker(self, question: Question) -> Worker:
        if question not in self._workers:
            worker = self._made(question)
            self.destroyed.connect(worker.close)
            worker.answered.connect(lambda key, answer: self._take(question, key, answer))
            worker.progressed.connect(lambda key, progress: self._pass_on(question, key, progress))
            worker.failed.connect(lambda key, error: self._take_error(question, key, error))
            self._workers[question] = worker
        return self._workers[question]

    def _made(self, question: Question) -> Worker:
        if self._make_worker is not None:
            return self._make_worker(_VERBS[question])
        worker: Worker = LatestWorker(_VERBS[question], turns=self._turns, is_urgent=question in _URGENT)
        return worker

    def _take(self, question: Question, key: object, answer: object) -> None:
        if self._asked.get(question) == key:
            del self._asked[question]
            self._answered[question] = key
            self.answered.emit(question, key, answer)

    def _pass_on(self, question: Question, key: object, progress: object) -> None:
        if self._asked.get(question) == key:
            self.progressed.emit(question, key, progress)

    def _take_error(self, question: Question, key: object, error: AttuneError) -> None:
        if self._asked.get(question) == key:
            del self._asked[question]
            self.failed.emit(question, key, error)
