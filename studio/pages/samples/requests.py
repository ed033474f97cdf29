"""Requests: what the page asks the engine: new texts to look at or to take away, and the sweep through temperatures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject

from engine.records import Progress
from engine.runs.run import Run
from studio.workers.latest_worker import Verb
from studio.workers.questions import Questions, Worker

Kind = Literal["draw", "export", "sweep"]
_VERBS: dict[str, Verb] = {"draw": "generate", "export": "generate", "sweep": "sweep"}


class Requests(Questions):
    """Questions about a run, whose path is their key; the sweep lets texts go first."""

    def __init__(self, make_worker: Callable[[Verb], Worker] | None = None, parent: QObject | None = None) -> None:
        super().__init__(_VERBS, ("draw",), make_worker, parent)

    def ask_run(self, kind: Kind, run: Run, **options: Any) -> None:
        self.ask(kind, run.path, run, **options)
        self.progressed.emit(kind, run.path, Progress(0, 1))

    def asked_about(self, kind: Kind) -> Path | None:
        """The run that is being asked about; None where nothing is."""
        path = self.asked(kind)
        return path if isinstance(path, Path) else None
