"""Run: the folder of one training run.

config.yaml         every choice               journal.jsonl   what happened (one writer, under `lock`)
run.json            format, name, created      commands.jsonl  the inbox: what the run is told
tokenizer/          the trained tokenizer      checkpoints/    step-N/, made visible by checkpoints.json
probes/             attention of probe texts   report/         figures for people
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine import commands
from engine.commands import Command
from engine.errors import InputError
from engine.messages import message
from engine.runs.files import disk_errors, write_atomic
from engine.runs.lock import held, is_held

if TYPE_CHECKING:  # a list of runs opens without the choices and locks, which are slow to load
    from engine.config.run import RunConfig

FORMAT = 1
RunState = Literal["new", "running", "paused", "finished", "stopped", "failed", "interrupted"]


@dataclass(frozen=True)
class Run:
    """A run on disk; `path` is absolute. Cheap to make: everything is read when asked for."""

    path: Path

    @staticmethod
    def create(config: RunConfig, folder: Path, name: str | None = None) -> Run:
        """Make `folder/name` (a free name is found when none is given). Raises InputError when it exists already, and
        for corrections that are not there."""
        from engine.runs.correction_files import with_own_corrections

        chosen = safe_name(name) if name else _free_name(folder, config)
        path = (folder / chosen).resolve()
        if path.exists() and any(path.iterdir()):
            raise InputError(
                message("There is a run of this name already."),
                str(path),
                message("Choose another name, or resume that run."),
            )
        config = with_own_corrections(config, path)
        with disk_errors(path):
            (path / "checkpoints").mkdir(parents=True, exist_ok=True)
        write_atomic(path / "config.yaml", config.to_yaml())
        about = {"format": FORMAT, "name": name or chosen, "created": time.time()}
        write_atomic(path / "run.json", json.dumps(about, ensure_ascii=False))
        return Run(path)

    @staticmethod
    def open(path: Path) -> Run:
        """Raises InputError when the folder holds no run, or one of another version."""
        path = path.resolve()
        try:
            about = json.loads((path / "run.json").read_text(encoding="utf-8"))
            found = int(about["format"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                message("This folder holds no run."),
                str(path),
                message("A run's folder contains run.json and config.yaml."),
            ) from error
        if found != FORMAT:
            raise InputError(
                message(
                    "The run was written by another version (format {found}, this one reads {known}).",
                    found=found,
                    known=FORMAT,
                ),
                str(path),
                message("Open it with the version of Attune that wrote it."),
            )
        return Run(path)

    @property
    def about(self) -> dict[str, Any]:
        tree: dict[str, Any] = json.loads((self.path / "run.json").read_text(encoding="utf-8"))
        return tree

    @property
    def name(self) -> str:
        return str(self.about.get("name", self.path.name))

    @cached_property
    def config(self) -> RunConfig:
        from engine.config.run import from_yaml
        from engine.runs.correction_files import with_placed_corrections

        return with_placed_corrections(from_yaml(self.path / "config.yaml"), self.path)

    @property
    def journal(self) -> Path:
        return self.path / "journal.jsonl"

    @property
    def checkpoints(self) -> dict[str, Any]:
        """`{"best": "step-N" or None, "last", "kept": [...], "metric", "value"}`; empty before the first checkpoint."""
        try:
            tree: dict[str, Any] = json.loads((self.path / "checkpoints.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return tree

    @property
    def state(self) -> RunState:
        """From the journal's end; a run that did not end and that nobody trains was interrupted."""
        last = last_lifecycle(self.journal)
        if last in (None, "RunStarted", "RunResumed", "RunPaused"):
            if self.is_locked:
                return "paused" if last == "RunPaused" else "running"
            return "new" if last is None else "interrupted"
        return last  # type: ignore[return-value]

    @property
    def is_locked(self) -> bool:
        """Whether some process trains this run now."""
        return is_held(self.path)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run for training. Raises InputError when another process does."""
        with held(self.path, message("The run is being trained already.")):
            yield

    def send(self, command: Command) -> None:
        """Put a command into the inbox; the process that trains the run takes it after its next step."""
        with disk_errors(self.path), (self.path / "commands.jsonl").open("ab") as inbox:
            inbox.write((json.dumps(commands.to_json(command)) + "\n").encode("utf-8"))


def runs_in(folder: Path) -> list[Run]:
    """Every readable run of a folder, newest first."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(InputError):
            found.append(Run.open(path))
    return sorted(found, key=lambda run: run.about.get("created", 0.0), reverse=True)


_LIFECYCLE = ("RunStarted", "RunResumed", "RunPaused", "RunFinished", "RunFailed")


def last_lifecycle(journal: Path) -> str | None:
    """The last lifecycle event's name; for RunFinished its state ("finished", "stopped"), for RunFailed "failed"."""
    for line in _lines_from_end(journal):
        if not line.startswith(b'{"event":"Run'):
            continue
        with contextlib.suppress(ValueError, KeyError):
            tree = json.loads(line)
            if tree["event"] == "RunFinished":
                return str(tree["state"])
            if tree["event"] == "RunFailed":
                return "failed"
            if tree["event"] in _LIFECYCLE:
                return str(tree["event"])
    return None


def _lines_from_end(path: Path) -> Iterator[bytes]:
    """Whole lines, last first, read in blocks: the end of a journal says its state, however long it is."""
    if not path.exists():
        return
    with path.open("rb") as file:
        position = file.seek(0, os.SEEK_END)
        rest = b""
        while position > 0:
            step = min(65536, position)
            position -= step
            file.seek(position)
            lines = (file.read(step) + rest).split(b"\n")
            rest = lines[0]
            yield from reversed(lines[1:])
        yield rest


def safe_name(name: str) -> str:
    """A name that every file system takes. Raises InputError where nothing of it is left."""
    cleaned = re.sub(r'[\x00-\x1f<>:"/\\|?*]+', "-", name).strip(" .")[:100]
    if not cleaned:
        raise InputError(message("This cannot be a run's name."), name, message("Use letters and digits."))
    return cleaned


def _free_name(folder: Path, config: RunConfig) -> str:
    stem = safe_name(config.title or config.model.name)
    number = 1
    while (folder / (stem if number == 1 else f"{stem} {number}")).exists():
        number += 1
    return stem if number == 1 else f"{stem} {number}"
