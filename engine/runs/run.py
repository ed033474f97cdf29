"""Run: the folder of one training run.

config.yaml         every choice               journal.jsonl   what happened (one writer, under `lock`)
run.json            format, name, created,     commands.jsonl  the inbox: what the run is told
                    sums of what was chosen
tokenizer/          the trained tokenizer      checkpoints/    step-N/, made visible by checkpoints.json
probes/             attention of probe texts   report/         figures for people
"""

from __future__ import annotations

import contextlib
import json
import os
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
from engine.runs.checksums import line_tree, sealed, sha256
from engine.runs.damaged_run import DamagedRun, opened_or_damaged
from engine.runs.files import disk_errors, write_atomic
from engine.runs.lock import held, is_held
from engine.runs.names import free_name, plain_text, safe_name
from engine.runs.pointer import found_checkpoints
from engine.runs.run_facts import FORMAT, RUN_FILE, read_run

if TYPE_CHECKING:  # a list of runs opens without the choices and locks, which are slow to load
    from engine.config.run import RunConfig

SUMMED = ("config.yaml", "used_corrections.jsonl")
"""The files whose sums stand in run.json: what was chosen, and never changes."""

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

        chosen = safe_name(name) if name else free_name(folder, config.title or config.model.name)
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
        about = {
            "format": FORMAT,
            "name": plain_text(name or chosen),
            "created": time.time(),
            "sums": {file: sha256(path / file) for file in SUMMED if (path / file).is_file()},
        }
        write_atomic(path / "run.json", sealed(about))
        return Run(path)

    @staticmethod
    def open(path: Path) -> Run:
        """Raises InputError when the folder holds no run, one of another version, or one whose run.json is damaged."""
        path = path.resolve()
        read_run(path)
        return Run(path)

    @property
    def about(self) -> dict[str, Any]:
        """run.json. Raises InputError where it was spoilt or taken away meanwhile."""
        return read_run(self.path)

    @property
    def name(self) -> str:
        """Its folder's where it cannot be read any more."""
        with contextlib.suppress(InputError):
            return str(self.about.get("name", self.path.name))
        return self.path.name

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
        """`{"best": "step-N" or None, "last", "kept": [...], "metric", "value"}`; empty before the first checkpoint.
        Where checkpoints.json cannot be believed: what the steps' own folders say."""
        return found_checkpoints(self.path)

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


def runs_in(folder: Path) -> list[Run | DamagedRun]:
    """Every run of a folder, newest first; those that cannot be opened with the reason."""
    found: list[tuple[float, Run | DamagedRun]] = []
    for path in folders_in(folder):
        one = opened_or_damaged(path.absolute(), Run.open, RUN_FILE)
        if isinstance(one, DamagedRun):
            found.append((one.created, one))
        elif one is not None:
            with contextlib.suppress(InputError):  # taken away meanwhile
                found.append((float(one.about.get("created", 0.0)), one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0], reverse=True)]


def folders_in(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where it is none, or may not be read."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []


_LIFECYCLE = ("RunStarted", "RunResumed", "RunPaused", "RunFinished", "RunFailed")


def last_lifecycle(journal: Path) -> str | None:
    """The last lifecycle event's name; for RunFinished its state ("finished", "stopped"), for RunFailed "failed"."""
    for line in _lines_from_end(journal):
        if not line.startswith(b'{"event":"Run'):
            continue
        with contextlib.suppress(ValueError, KeyError):
            tree = line_tree(line)
            if tree["event"] == "RunFinished":
                return str(tree["state"])
            if tree["event"] == "RunFailed":
                return "failed"
            if tree["event"] in _LIFECYCLE:
                return str(tree["event"])
    return None


def last_saved(journal: Path) -> int | None:
    """The step of the last checkpoint that the journal tells of."""
    for line in _lines_from_end(journal):
        if line.startswith(b'{"event":"CheckpointSaved"'):
            with contextlib.suppress(ValueError):
                step = line_tree(line).get("step")
                return step if isinstance(step, int) else None
    return None


def ends_whole(journal: Path) -> bool:
    """Whether its last line is whole. An empty one has none."""
    with journal.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _lines_from_end(path: Path) -> Iterator[bytes]:
    """Whole lines, last first, read in blocks: the end of a journal says its state, however long it is."""
    if not path.is_file():
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
