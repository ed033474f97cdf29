"""Where a run's checkpoints lie, and whether they are whole; no model is loaded."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from engine.errors import InputError
from engine.messages import message
from engine.runs.run import Run


def checkpoint_path(run: Run, which: str = "best") -> Path:
    """The folder of "best" (or, while there is none, the last), "last" or "step-N". Raises InputError."""
    named = run.checkpoints
    name = (named.get("best") or named.get("last")) if which == "best" else named.get(which, which)
    path: Path | None = run.path / "checkpoints" / name if name else None
    if path is None or not path.is_dir():
        raise InputError(
            message("The run has no checkpoint yet."), str(run.path), message("Train it until its first evaluation.")
        )
    return path


def step_of(path: Path) -> int:
    """The step after which a checkpoint was written."""
    return int(path.name.removeprefix("step-"))


def verify(path: Path) -> None:
    """Compare every file with the manifest. Raises InputError naming the damaged file."""
    try:
        sums: dict[str, str | list[str]] = json.loads((path / "manifest.json").read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError) as error:
        raise _damaged(path / "manifest.json") from error
    for name, expected in sums.items():
        file = path / name
        if not file.is_file() or sha256(file) not in ([expected] if isinstance(expected, str) else expected):
            raise _damaged(file)


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _damaged(file: Path) -> InputError:
    return InputError(
        message("A file of this checkpoint is damaged: its check-sum does not fit."),
        str(file),
        message("Use another checkpoint of the run, or train it again."),
    )
