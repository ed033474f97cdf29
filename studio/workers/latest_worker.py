"""LatestWorker: asks the engine one verb in a thread of its own; the newest request wins."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from engine.errors import AttuneError
from engine.faults import fault, in_words
from engine.records import Progress
from studio.workers.turns import Turns

Verb = str
"""The name of what `engine.verbs` can be asked."""
_TELL_EVERY = 0.1


@dataclass(frozen=True)
class _Request:
    key: object
    arguments: tuple[Any, ...]
    options: dict[str, Any]


_CLOSED: list[LatestWorker] = []
"""Closed workers, until their threads have ended: a QObject must not die in another thread than its own."""


class LatestWorker(QObject):
    """`ask(key, …)` calls `engine.verbs.<verb>(…)`; `answered(key, answer)` or `failed(key, error)` comes back in the
    asker's thread. A request that waits is replaced by the next one; one that is being answered is finished, but its
    answer is dropped when a newer request has come.

    A verb whose answer takes long is a generator of `Progress`: `progressed(key, progress)` comes about ten times a
    second, and the generator is closed as soon as it is not wanted any more (`stop`, `close`, or a newer request)."""

    answered = Signal(object, object)
    progressed = Signal(object, object)
    failed = Signal(object, object)
    started_asking = Signal(object)
    _done = Signal(object, object, object)
    _told = Signal(object, object)

    def __init__(
        self, verb: Verb, parent: QObject | None = None, *, turns: Turns | None = None, is_urgent: bool = True
    ) -> None:
        """With `turns` it computes only when it is its turn; what is not urgent lets what is go first."""
        super().__init__(parent)
        self._verb = verb
        self._turns, self._is_urgent = turns, is_urgent
        self._changed = threading.Condition()
        self._waiting: _Request | None = None
        self._running: _Request | None = None
        self._wanted: _Request | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        with self._changed:
            return self._waiting is not None or self._running is not None

    def ask(self, key: object, *arguments: Any, **options: Any) -> None:
        """`key` comes back with the answer, so that the asker knows what was answered."""
        with self._changed:
            self._waiting = self._wanted = _Request(key, arguments, options)
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=f"ask-{self._verb}", daemon=True)
            self._thread.start()
        self.started_asking.emit(key)

    def stop(self) -> None:
        """Forget what was asked, whether it waits or is being answered."""
        with self._changed:
            self._waiting = self._wanted = None

    def close(self) -> None:
        """No more answers. The one under way is finished in the background and dropped: the window does not wait."""
        with self._changed:
            self._closing = True
            self._waiting = self._wanted = None
            self._changed.notify()
        _CLOSED[:] = [worker for worker in _CLOSED if worker.is_alive]
        _CLOSED.append(self)

    def wait(self, seconds: float) -> None:
        """Until its thread has ended, at most so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    @property
    def is_alive(self) -> bool:
        """Whether its thread has not ended yet."""
        return self._thread is not None and self._thread.is_alive()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._running = None
                while self._waiting is None and not self._closing:
                    self._changed.wait()
                if self._closing:
                    return
                request, self._waiting = self._waiting, None
                self._running = request
            assert request is not None
            answer, error = self._answer(request)
            with self._changed:
                if self._closing:
                    return
                is_wanted = self._wanted is request
            if is_wanted:
                self._done.emit(request, answer, error)

    def _answer(self, request: _Request) -> tuple[object, AttuneError | None]:
        try:
            from engine import verbs

            with self._turn():
                answer = getattr(verbs, self._verb)(*request.arguments, **request.options)
            return (self._drained(request, answer) if isinstance(answer, Generator) else answer), None
        except AttuneError as error:
            return None, error
        except Exception as problem:  # noqa: BLE001 - a worker is the last net of its thread: the reason reaches the person
            return None, in_words(problem) or fault(problem)

    def _turn(self) -> AbstractContextManager[None]:
        return self._turns.taken(is_urgent=self._is_urgent) if self._turns else nullcontext()

    def _drained(self, request: _Request, parts: Generator[Progress, None, object]) -> object:
        """The generator's result; None when it was given up half-way, which nobody waits for any more."""
        told = time.perf_counter()
        while self._wanted is request:
            try:
                with self._turn():
                    progress = next(parts)
            except StopIteration as end:
                return end.value
            if time.perf_counter() - told > _TELL_EVERY:
                told = time.perf_counter()
                self._told.emit(request, progress)
        parts.close()
        return None

    def _pass_on(self, request: _Request, progress: Progress) -> None:
        if self._wanted is request:
            self.progressed.emit(request.key, progress)

    def _deliver(self, request: _Request, answer: object, error: AttuneError | None) -> None:
        with self._changed:
            if self._wanted is not request:
                return
            self._wanted = None
        if error is None:
            self.answered.emit(request.key, answer)
        else:
            self.failed.emit(request.key, error)


def wait_for_closed(seconds: float = 5.0) -> None:
    """Let closed workers finish what they compute: a process that ends under a busy thread of torch's aborts."""
    until = time.perf_counter() + seconds
    for worker in _CLOSED:
        worker.wait(max(0.0, until - time.perf_counter()))
