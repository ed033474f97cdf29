"""Where a run's checkpoints lie, and whether they are whole; no model is loaded."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.messages import message
from engine.runs.checksums import Damage, fits, is_plain_name, read_object, sha256
from engine.runs.pointer import step_number
from engine.runs.run import Run

__all__ = ["ASKED", "MANIFEST", "RESUMED", "checkpoint_path", "read_manifest", "sha256", "step_of", "verify"]

MANIFEST = "manifest.json"
ASKED = ("config.json",)
"""What a checkpoint must hold to be asked."""

RESUMED = (*ASKED, "trainer.json", "optimizer.safetensors", "random.safetensors")
"""What it must hold so that a run can go on from it."""

_NOBODY_READS = frozenset((MANIFEST, "Thumbs.db", "desktop.ini"))


def checkpoint_path(run: Run, which: str = "best") -> Path:
    """The folder of "best" (or, while there is none, the last), "last" or "step-N". Raises InputError."""
    named = run.checkpoints
    name = (named.get("best") or named.get("last")) if which == "best" else named.get(which, which)
    path = run.path / "checkpoints" / name if isinstance(name, str) and is_plain_name(name) else None
    if path is None or not path.is_dir():
        raise InputError(
            message("The run has no checkpoint yet."), str(run.path), message("Train it until its first evaluation.")
        )
    return path


def step_of(path: Path) -> int:
    """The step after which a checkpoint was written."""
    return step_number(path.name)


def read_manifest(path: Path) -> dict[str, Any]:
    """{file: its sum, or those that are right} of a checkpoint. Raises InputError for one that cannot be believed."""
    file = path / MANIFEST
    try:
        sums = read_object(file).get("sha256")
    except (OSError, Damage) as error:
        raise _damaged(file) from error
    if not isinstance(sums, dict) or not sums or not all(is_plain_name(name) for name in sums):
        raise _damaged(file)
    return sums


def verify(path: Path, needed: Collection[str] = ASKED) -> None:
    """Compare every file with the manifest. Raises InputError naming the damaged file, one that is missing of those
    needed, or one that does not belong there: whoever opens the folder would read it too."""
    sums = read_manifest(path)
    for name, expected in sums.items():
        if not fits(path / name, expected):
            raise _damaged(path / name)
    for name in needed:
        if name not in sums:
            raise _damaged(path / name)
    for file in _strangers(path, sums):
        raise InputError(
            message("A file lies in this checkpoint that does not belong to it."),
            str(file),
            message("Move it elsewhere; then the checkpoint opens."),
        )


def _strangers(path: Path, sums: Collection[str]) -> list[Path]:
    """Files that no sum is known of; hidden ones (what is written aside, a system's own) are read by nobody."""
    try:
        found = [file for file in sorted(path.rglob("*")) if file.is_file()]
    except OSError as error:
        raise _damaged(path) from error
    names = ((file.relative_to(path).as_posix(), file) for file in found)
    return [
        file
        for name, file in names
        if name not in sums and file.name not in _NOBODY_READS and not file.name.startswith(".")
    ]


def _damaged(file: Path) -> InputError:
    return InputError(
        message("A file of this checkpoint is damaged: its check-sum does not fit."),
        str(file),
        message("Use another checkpoint of the run, or train it again."),
    )
