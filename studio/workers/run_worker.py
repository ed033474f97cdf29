"""RunWorker: the one thread that trains; it iterates the engine's generator and sends the person's wishes back. What a
study's worker does alike is CommandedWorker's."""

from __future__ import annotations

import queue
import time
from typing import Literal

from PySide6.QtCore import QThread, Signal

from engine.commands import Command
from engine.errors import AttuneError
from engine.events import Event, RunFailed, RunPaused
from engine.faults import fault, in_words
from engine.runs.run import Run
from engine.runs.study import Study

_EMIT_EVERY = 0.1
_PAUSE_POLL = 0.2


class CommandedWorker(QThread):
    """A thread that goes through one of the engine's generators that take commands. `ended(path, error or None)` comes
    once, at the end."""

    ended = Signal(object, object)

    def __init__(self, folder: Run | Study) -> None:
        super().__init__()
        self.run_folder = folder
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._emitted_at = 0.0

    def send(self, command: Command) -> None:
        """Takes effect after the step under way; `Stop` ends all."""
        self._commands.put(command)

    def run(self) -> None:
        """The thread's body: from the first event to the last."""
        error: AttuneError | None = None
        try:
            self._work()
        except AttuneError as problem:
            error = problem
        except Exception as problem:  # noqa: BLE001 - a worker is the last net of its thread: the reason reaches the person
            error = in_words(problem) or fault(problem)
            self._break_off(error)
        self._tell_last()
        self.ended.emit(self.run_folder.path, error)

    def _work(self) -> None:
        raise NotImplementedError

    def _break_off(self, error: AttuneError) -> None:
        """What is told of an error that nobody foresaw, beside that it ended."""

    def _tell_last(self) -> None:
        """What was gathered and not told yet."""

    def _is_due(self) -> bool:
        """Whether it is time to tell what was gathered."""
        return time.perf_counter() - self._emitted_at > _EMIT_EVERY

    def _next(self, *, wait: bool) -> Command | None:
        try:
            return self._commands.get(timeout=_PAUSE_POLL) if wait else self._commands.get_nowait()
        except queue.Empty:
            return None


class RunWorker(CommandedWorker):
    """`advanced(path, events)` at most about ten times a second."""

    advanced = Signal(object, object)

    def __init__(self, run: Run, action: Literal["train", "resume"]) -> None:
        super().__init__(run)
        self._action = action
        self._gathered: list[Event] = []

    def _break_off(self, error: AttuneError) -> None:
        self._gathered.append(RunFailed(step=0, what=error.what, where=error.where, mend=error.mend))

    def _tell_last(self) -> None:
        self._emit()

    def _work(self) -> None:
        from engine import verbs

        training = verbs.train(self.run_folder) if self._action == "train" else verbs.resume(self.run_folder)
        command: Command | None = None
        is_paused = False
        while True:
            try:
                event = training.send(command)
            except StopIteration:
                return
            if event is not None:
                is_paused = isinstance(event, RunPaused)
                self._gathered.append(event)
            if is_paused or self._is_due():
                self._emit()
            command = self._next(wait=is_paused and event is None)

    def _emit(self) -> None:
        self._emitted_at = time.perf_counter()
        if self._gathered:
            gathered, self._gathered = self._gathered, []
            self.advanced.emit(self.run_folder.path, gathered)
