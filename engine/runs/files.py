"""Atomic writes, and a full disk said in words."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.errors import AttuneError
from engine.faults import disk_error, disk_number, is_memory
from engine.messages import Message
from engine.runs.partial_files import aside_of


@contextlib.contextmanager
def disk_errors(path: Path, mend: Message | None = None, needed: Callable[[], int] | None = None) -> Iterator[None]:
    """Turns the disk's errors into words, whichever library tells of them. `mend` instead of the usual advice for a
    full disk; `needed` says how many bytes are to be written. Raises DiskError."""
    try:
        yield
    except AttuneError:
        raise
    except Exception as problem:
        if disk_number(problem) is None or is_memory(problem):
            raise
        raise disk_error(problem, path, mend, needed() if needed is not None else 0) from problem


def write_atomic(path: Path, content: bytes | str) -> None:
    """Readers see the old content or the new, never a part. Raises DiskError when the disk refuses."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    aside = aside_of(path)
    with disk_errors(path):
        try:
            with aside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            with contextlib.suppress(OSError):  # the first error counts
                aside.unlink(missing_ok=True)
