"""Folders of what was computed once, under `answers/` in a run's folder: whole or not at all, every file with its sum,
the oldest ones forgotten."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.messages import message
from engine.runs.checksums import Damage, fits, is_plain_name, read_object
from engine.runs.partial_files import aside_of, discard
from engine.runs.run import Run

_NUM_KEPT = 8
_MOST_FILES = 1000
_MOST_ATTEMPTS = 20
_believed: set[tuple[Any, ...]] = set()
"""Answers whose sums were compared in this process, by their files' sizes and times: hashing them again and again would
cost more than reading them."""


def put(aside: Path, path: Path, is_kept: Callable[[], bool]) -> None:
    """In the place of what lies there. Where other processes put the same there meanwhile (`is_kept`), theirs will
    do."""
    for attempt in range(_MOST_ATTEMPTS):
        former = aside_of(path)
        with contextlib.suppress(FileNotFoundError):
            path.replace(former)
        discard(former)
        try:
            aside.replace(path)
            return
        except OSError:
            if is_kept():
                return
            if attempt == _MOST_ATTEMPTS - 1:
                raise


def believe(path: Path, sums: Any) -> None:
    """Compare every file with its sum, once. Raises Damage for one that does not fit."""
    if not isinstance(sums, dict) or not sums or not all(is_plain_name(name) for name in sums):
        raise Damage(message("it holds something else"))
    states = [(path / name).stat() for name in sums]
    key = (
        str(path),
        *((name, sums[name], state.st_size, state.st_mtime_ns) for name, state in zip(sums, states, strict=True)),
    )
    if key in _believed:
        return
    for name, expected in sums.items():
        if not fits(path / name, expected):
            raise Damage(message("its check-sum does not fit"))
    _believed.add(key)


def weights_of(run: Run, checkpoint: str) -> str:
    """The check-sum of a checkpoint's weights; a saved threshold does not change it."""
    try:
        manifest = run.path / "checkpoints" / checkpoint / "manifest.json"
        return str(read_object(manifest)["sha256"]["model.safetensors"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def files_of(source: Any) -> list[Any]:
    """Size and time of every file that a source is made of."""
    if isinstance(source, (list, tuple)):
        return [files_of(one) for one in source]
    path = Path(source).expanduser() if isinstance(source, str) else None
    if path is None or not path.exists():
        return []
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())[:_MOST_FILES]
    return [(str(one), one.stat().st_size, one.stat().st_mtime_ns) for one in files]


def forget_old(folder: Path) -> None:
    """The oldest ones make room. What others write aside meanwhile is none of them."""
    found = []
    for one in folder.iterdir():
        with contextlib.suppress(OSError):  # another process forgets them too
            if one.is_dir() and not one.name.startswith("."):
                found.append((one.stat().st_mtime, one))
    for _, path in sorted(found)[:-_NUM_KEPT]:
        shutil.rmtree(path, ignore_errors=True)
