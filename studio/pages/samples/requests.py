"""Requests: what the page asks the engine: new texts to look at or to take away, and the sweep through temperatures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from engine.errors import AttuneError
from engine.records import Progress
from engine.runs.run import Run
from studio.workers.latest_worker import LatestWorker, Verb
from studio.workers.turns import Turns

Kind = Literal["draw", "export", "sweep"]
_VERBS: dict[Kind, Verb] = {"draw": "generate", "export": "generate", "sweep": "sweep"}


class Worker(Protocol):
    """The part of a latest-wins worker that the page uses."""

    answered: SignalInstance
    progressed: SignalInstance
    failed: SignalInstance

    def ask(self, key: object, *arguments: Any, **options: Any) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


class Requests(QObject):
    """`answered(kind, path, answer)`, `progressed(kind, path, progress)`, `failed(kind, path, error)`: `path` is the
    run that was asked about. Each kind is asked once at a time."""

    answered = Signal(str, object, object)
    progressed = Signal(str, object, object)
    failed = Signal(str, object, object)

    def __init__(self, make_worker: Callable[[Verb], Worker] | None = None, parent: QObject | None = None) -> None:
        """Without `make_worker` real ones, which compute in turns; the sweep lets texts go first."""
        super().__init__(parent)
        self._make_worker, self._turns = make_worker, Turns()
        self._workers: dict[Kind, Worker] = {}
        self._asked: dict[Kind, Path] = {}
        workers = self._workers  # without self, which is gone by then
        self.destroyed.connect(lambda: [worker.close() for worker in workers.values()])

    def ask(self, kind: Kind, run: Run, **options: Any) -> None:
        self._asked[kind] = run.path
        self._worker(kind).ask(run.path, run, **options)
        self.progressed.emit(kind, run.path, Progress(0, 1))

    def asked_about(self, kind: Kind) -> Path | None:
        """The run that is being asked about; None where nothing is."""
        return self._asked.get(kind)

    def stop(self, *kinds: Kind) -> None:
        """Forget these; an answer under way is given up."""
        for kind in kinds:
            if self._asked.pop(kind, None) is not None:
                self._workers[kind].stop()

    def close(self) -> None:
        """No more answers."""
        for worker in self._workers.values():
            worker.close()
        self._asked.clear()

    def _worker(self, kind: Kind) -> Worker:
        if kind not in self._workers:
            worker = self._made(kind)
            worker.answered.connect(lambda path, answer: self._take(kind, path, answer))
            worker.progressed.connect(lambda path, progress: self._pass_on(kind, path, progress))
            worker.failed.connect(lambda path, error: self._take_error(kind, path, error))
            self._workers[kind] = worker
        return self._workers[kind]

    def _made(self, kind: Kind) -> Worker:
        if self._make_worker is not None:
            return self._make_worker(_VERBS[kind])
        worker: Worker = LatestWorker(_VERBS[kind], turns=self._turns, is_urgent=kind == "draw")
        return worker

    def _take(self, kind: Kind, path: Path, answer: object) -> None:
        if self._asked.get(kind) == path:
            del self._asked[kind]
            self.answered.emit(kind, path, answer)

    def _pass_on(self, kind: Kind, path: Path, progress: Progress) -> None:
        if self._asked.get(kind) == path:
            self.progressed.emit(kind, path, progress)

    def _take_error(self, kind: Kind, path: Path, error: AttuneError) -> None:
        if self._asked.get(kind) == path:
            del self._asked[kind]
            self.failed.emit(kind, path, error)
