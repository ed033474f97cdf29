"""Query: how a page asks the engine: one verb, and who hears of its answer. Asker: a page's questions, newest first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Protocol, TypeGuard, TypeVar

from PySide6.QtCore import QObject, SignalInstance
from shiboken6 import isValid

from engine.errors import AttuneError
from engine.records import Progress
from studio.workers.latest_worker import LatestWorker, Verb
from studio.workers.turns import Turns


class Worker(Protocol):
    """The part of a latest-wins worker that an asker uses."""

    answered: SignalInstance
    progressed: SignalInstance
    failed: SignalInstance

    def ask(self, key: object, *arguments: Any, **options: Any) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...
    def setObjectName(self, name: str) -> None: ...


MakeWorker = Callable[[Verb], Worker]
"""Tests give pages workers that answer when they are told to."""
News = TypeVar("News")
Listener = Callable[[News], object]


class Query:
    """`engine.verbs.<verb>(*arguments, **options)`, told to those who asked:

    `asker.ask(Query("attend", key, run, text).success(self._take).failure(self._refuse))`

    `key` is what the question is about: what is asked under a key is not asked again under it until it is answered.
    A destroyed object whose method it is (bound, or in a `partial`) is not told any more.
    """

    def __init__(self, verb: Verb, key: object, *arguments: Any, **options: Any) -> None:
        self.verb, self.key, self.arguments, self.options = verb, key, arguments, options
        self.stays_true = False
        self.on_success: Listener[Any] | None = None
        self.on_failure: Listener[AttuneError] | None = None
        self.on_progress: Listener[Progress] | None = None

    def success(self, told: Listener[Any]) -> Query:
        """Called with the answer."""
        self.on_success = told
        return self

    def failure(self, told: Listener[AttuneError]) -> Query:
        """Called with what went wrong."""
        self.on_failure = told
        return self

    def progress(self, told: Listener[Progress]) -> Query:
        """Called about ten times a second while a long answer is computed."""
        self.on_progress = told
        return self

    def once(self) -> Query:
        """The answer stays true: as long as it is the last of its kind, it is not asked again under its key."""
        self.stays_true = True
        return self


def _listens(told: Listener[News] | None) -> TypeGuard[Listener[News]]:
    """Whether there is a listener, and it was not destroyed meanwhile."""
    owner = getattr(told.func if isinstance(told, partial) else told, "__self__", None)
    return told is not None and (not isinstance(owner, QObject) or isValid(owner))


class Asker(QObject):
    """Each kind of question has a thread of its own; the newest of a kind wins, and what was stopped is not told."""

    def __init__(
        self,
        make_worker: MakeWorker | None = None,
        parent: QObject | None = None,
        *,
        urgent: Collection[str] = (),
        in_turns: bool = True,
    ) -> None:
        """Without `make_worker` real workers answer. They compute one after the other, the `urgent` kinds of question
        first, as two that use all cores would only wait for each other; or, for what mostly reads, side by side."""
        super().__init__(parent)
        self._make_worker, self._urgent = make_worker, urgent
        self._turns = Turns() if in_turns else None
        self._workers: dict[str, Worker] = {}
        self._asked: dict[str, Query] = {}
        self._answered: dict[str, object] = {}
        self._is_closed = False
        workers = self._workers  # without self, which is gone by then: no answer may come to a page that is no more
        self.destroyed.connect(lambda: [worker.close() for worker in workers.values()])

    def ask(self, query: Query, kind: str = "") -> None:
        """`kind` where a page asks several kinds of question of one verb, which would otherwise replace each other."""
        if self._is_closed:
            return
        kind = kind or query.verb
        is_known = query.stays_true and kind in self._answered and self._answered[kind] == query.key
        if is_known or self._is_about(kind, query.key):
            return
        self._answered.pop(kind, None)
        self._asked[kind] = query
        self._worker(kind, query.verb).ask(query.key, *query.arguments, **query.options)

    def asked(self, kind: str) -> object | None:
        """The key of what is being asked; None where nothing is."""
        return self._asked[kind].key if kind in self._asked else None

    def is_asking(self, kind: str) -> bool:
        return kind in self._asked

    def stop(self, *kinds: str) -> None:
        """Forget these; an answer under way is given up."""
        for kind in kinds:
            if self._asked.pop(kind, None) is not None:
                self._workers[kind].stop()

    def forget(self, *kinds: str) -> None:
        """Give these up, and let them be asked anew under the same key."""
        self.stop(*kinds)
        for kind in kinds:
            self._answered.pop(kind, None)

    def close(self) -> None:
        """No more answers; what is asked from now on is not asked."""
        self._is_closed = True
        for worker in self._workers.values():
            worker.close()
        self._asked.clear()

    def _worker(self, kind: str, verb: Verb) -> Worker:
        if kind not in self._workers:
            worker: Worker = (
                self._make_worker(verb)
                if self._make_worker is not None
                else LatestWorker(verb, turns=self._turns, is_urgent=kind in self._urgent)
            )
            worker.setObjectName(kind)
            worker.answered.connect(partial(self._take, kind))
            worker.progressed.connect(partial(self._follow, kind))
            worker.failed.connect(partial(self._take_error, kind))
            self._workers[kind] = worker
        return self._workers[kind]

    def _is_about(self, kind: str, key: object) -> bool:
        return kind in self._asked and self._asked[kind].key == key

    def _take(self, kind: str, key: object, answer: object) -> None:
        if self._is_about(kind, key):
            self._answered[kind] = key
            told = self._asked.pop(kind).on_success
            if _listens(told):
                told(answer)

    def _follow(self, kind: str, key: object, progress: Progress) -> None:
        told = self._asked[kind].on_progress if self._is_about(kind, key) else None
        if _listens(told):
            told(progress)

    def _take_error(self, kind: str, key: object, error: AttuneError) -> None:
        if self._is_about(kind, key):
            told = self._asked.pop(kind).on_failure
            if _listens(told):
                told(error)
