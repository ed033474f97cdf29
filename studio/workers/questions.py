"""Questions: what a page asks the engine, each kind of question in a thread of its own; only the newest counts.

The Evaluation page alone asks in this way still; all others with a `Query`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from studio.workers.latest_worker import LatestWorker, Verb
from studio.workers.query import Worker
from studio.workers.turns import Turns


class Questions(QObject):
    """`answered(kind, key, answer)`, `progressed(kind, key, progress)`, `failed(kind, key, error)`: only of what was
    asked last of a kind and not stopped since."""

    answered = Signal(str, object, object)
    progressed = Signal(str, object, object)
    failed = Signal(str, object, object)

    def __init__(
        self,
        verbs: Mapping[str, Verb],
        urgent: Collection[str] = (),
        make_worker: Callable[[Verb], Worker] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`verbs` by kind of question; the `urgent` ones are computed before the others. Without `make_worker` real
        workers, which compute in turns: two that use all cores would only wait for each other."""
        super().__init__(parent)
        self._verbs, self._urgent, self._make_worker = verbs, urgent, make_worker
        self._turns = Turns()
        self._workers: dict[str, Worker] = {}
        workers = self._workers  # without self, which is gone by then: no answer may come to a page that is no more
        self.destroyed.connect(lambda: [worker.close() for worker in workers.values()])
        self._asked: dict[str, object] = {}

    def ask(self, kind: str, key: object, *arguments: Any, **options: Any) -> None:
        """`key` comes back with the answer."""
        self._asked[kind] = key
        self._worker(kind).ask(key, *arguments, **options)

    def asked(self, kind: str) -> object | None:
        """The key of what is being asked; None where nothing is."""
        return self._asked.get(kind)

    def is_asking(self, kind: str) -> bool:
        return kind in self._asked

    def stop(self, *kinds: str) -> None:
        """Forget these; an answer under way is given up."""
        for kind in kinds:
            if self._asked.pop(kind, None) is not None:
                self._workers[kind].stop()

    def close(self) -> None:
        """No more answers."""
        for worker in self._workers.values():
            worker.close()
        self._asked.clear()

    def _worker(self, kind: str) -> Worker:
        if kind not in self._workers:
            worker = self.worker_for(self._verbs[kind], is_urgent=kind in self._urgent)
            worker.setObjectName(kind)
            worker.answered.connect(lambda key, answer: self._take(kind, key, answer))
            worker.progressed.connect(lambda key, progress: self._pass_on(kind, key, progress))
            worker.failed.connect(lambda key, error: self._take_error(kind, key, error))
            self._workers[kind] = worker
        return self._workers[kind]

    def worker_for(self, verb: Verb, *, is_urgent: bool = False) -> Worker:
        """A worker of its own for a part of the page, which computes in the same turns."""
        if self._make_worker is not None:
            return self._make_worker(verb)
        worker: Worker = LatestWorker(verb, turns=self._turns, is_urgent=is_urgent)
        return worker

    def _take(self, kind: str, key: object, answer: object) -> None:
        if self._asked.get(kind) == key:
            del self._asked[kind]
            self.answered.emit(kind, key, answer)

    def _pass_on(self, kind: str, key: object, progress: object) -> None:
        if self._asked.get(kind) == key:
            self.progressed.emit(kind, key, progress)

    def _take_error(self, kind: str, key: object, error: AttuneError) -> None:
        if self._asked.get(kind) == key:
            del self._asked[kind]
            self.failed.emit(kind, key, error)


class Inquiries(Questions):
    """Questions whose answers stay true: what is asked or was answered under a key is not asked again under it."""

    def __init__(
        self,
        verbs: Mapping[str, Verb],
        urgent: Collection[str] = (),
        make_worker: Callable[[Verb], Worker] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(verbs, urgent, make_worker, parent)
        self._answered: dict[str, object] = {}
        self.answered.connect(self._remember)

    def ask(self, kind: str, key: object, *arguments: Any, **options: Any) -> None:
        if key in (self.asked(kind), self._answered.get(kind)):
            return
        self._answered.pop(kind, None)
        super().ask(kind, key, *arguments, **options)

    def forget(self, *kinds: str) -> None:
        """Give these up, and let them be asked anew under the same key."""
        self.stop(*kinds)
        for kind in kinds:
            self._answered.pop(kind, None)

    def _remember(self, kind: str, key: object, _answer: object) -> None:
        self._answered[kind] = key
