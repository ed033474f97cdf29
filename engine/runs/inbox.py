"""Inbox: commands that other processes put into a run's folder, taken one by one by the process that trains it."""

from __future__ import annotations

import contextlib
import json

from engine import commands
from engine.commands import Command
from engine.runs.journal import JournalReader
from engine.runs.run import Run


class Inbox:
    """Only commands that arrive after it was opened count; what an earlier session left unread is out of date."""

    def __init__(self, run: Run) -> None:
        path = run.path / "commands.jsonl"
        self._reader = JournalReader(path, path.stat().st_size if path.exists() else 0)
        self._waiting: list[Command] = []

    def next(self) -> Command | None:
        for line in self._reader.read_lines():
            with contextlib.suppress(ValueError, KeyError, TypeError):  # a line that is no command commands nothing
                self._waiting.append(commands.from_json(json.loads(line)))
        return self._waiting.pop(0) if self._waiting else None
