"""lock: one process at a time trains a run or runs a study; the file `lock` in its folder says that it is held."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from engine.errors import InputError
from engine.messages import Message, message
from engine.runs.files import disk_errors


def is_held(folder: Path) -> bool:
    """Whether some process holds the folder now. Where the lock cannot be tried (a disk that may only be read, a folder
    in its place) nobody holds it."""
    if not (folder / "lock").is_file():
        return False
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / "lock").acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


@contextlib.contextmanager
def held(folder: Path, refusal: Message) -> Iterator[None]:
    """Hold the folder. Raises InputError with `refusal` when another process does, RunFailure when the disk refuses."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "lock")
    with disk_errors(folder / "lock"):
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise InputError(refusal, str(folder), message("Wait for it, or stop it first.")) from error
    try:
        yield
    finally:
        lock.release()
