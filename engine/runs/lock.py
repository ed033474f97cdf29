"""lock: one process at a time trains a run or runs a study; the file `lock` in its folder says that it is held."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from engine.errors import InputError
from engine.messages import Message, message


def is_held(folder: Path) -> bool:
    """Whether some process holds the folder now."""
    if not (folder / "lock").exists():
        return False
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / "lock").acquire(timeout=0):
            return False
    except Timeout:
        return True


@contextlib.contextmanager
def held(folder: Path, refusal: Message) -> Iterator[None]:
    """Hold the folder. Raises InputError with `refusal` when another process does."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / "lock").acquire(timeout=0):
            yield
    except Timeout as error:
        raise InputError(refusal, str(folder), message("Wait for it, or stop it first.")) from error
