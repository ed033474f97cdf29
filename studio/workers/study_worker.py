"""StudyWorker: the one thread that trains, when it runs a study, or a search: many runs, one after the other."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal

from engine.commands import Command
from engine.events import RunPaused
from engine.records import Progress, StudyReport
from engine.records.search import SearchRecord
from engine.runs.study import RunNews, Study
from studio.workers.run_worker import CommandedWorker


@dataclass(frozen=True)
class StudyStanding:
    """How far a study is. `share` of its texts is read, or of its minutes or trials gone; `seconds_left` is nan before
    there is a pace; `report` the newest table, or a search's record; `running` the run that trains now; `advanced`
    those that told something since the last standing."""

    share: float
    seconds_left: float
    report: StudyReport | SearchRecord | None
    running: Path | None
    advanced: tuple[Path, ...] = ()
    is_paused: bool = False


class StudyWorker(CommandedWorker):
    """`stood(path, standing)` at most about ten times a second."""

    stood = Signal(object, object)

    def __init__(self, study: Study) -> None:
        super().__init__(study)
        self._report: StudyReport | SearchRecord | None = None
        self._running: Path | None = None
        self._advanced: dict[Path, None] = {}
        self._pace: _Pace | None = None
        self._is_paused = False

    def _work(self) -> None:
        from engine import verbs

        is_search = self.run_folder.kind == "search"
        studying = verbs.search(self.run_folder) if is_search else verbs.go_on(self.run_folder)
        command: Command | None = None
        while True:
            try:
                progress = studying.send(command)
            except StopIteration as end:
                self._report, self._running, self._is_paused = end.value, None, False
                self._emit(1.0 if end.value.state == "finished" else math.nan)
                return
            is_news = isinstance(progress.partial, RunNews)
            was_paused = self._is_paused
            if is_news:
                self._is_paused = isinstance(progress.partial.event, RunPaused)
            self._take(progress, is_changed=self._is_paused != was_paused)
            command = self._next(wait=self._is_paused and not is_news)

    def _take(self, progress: Progress, *, is_changed: bool) -> None:
        is_report = isinstance(progress.partial, StudyReport | SearchRecord)
        if is_report:
            self._report = progress.partial
        elif isinstance(progress.partial, RunNews):
            self._running = progress.partial.run
            self._advanced[self._running] = None
        self._pace = self._pace or _Pace(progress.done, time.perf_counter())
        if self._is_due() or is_report or is_changed:
            self._emit(progress.done / max(1, progress.total), self._pace.seconds_left(progress))

    def _emit(self, share: float, seconds_left: float = math.nan) -> None:
        self._emitted_at = time.perf_counter()
        advanced, self._advanced = tuple(self._advanced), {}
        standing = StudyStanding(share, seconds_left, self._report, self._running, advanced, self._is_paused)
        self.stood.emit(self.run_folder.path, standing)


@dataclass(frozen=True)
class _Pace:
    """Since this session began; what earlier ones did says nothing about how fast it goes now."""

    done: int
    began: float

    def seconds_left(self, progress: Progress) -> float:
        taken = progress.done - self.done
        passed = time.perf_counter() - self.began
        return passed / taken * (progress.total - progress.done) if taken > 0 else math.nan
