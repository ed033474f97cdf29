"""Atomic writes, and a full disk said in words."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from engine.errors import RunFailure
from engine.messages import message
from engine.runs.asides import aside_of


@contextlib.contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns the disk's errors into words. Raises RunFailure."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RunFailure(
                message("The disk is full."),
                str(path),
                message("Free some space, then resume: the last checkpoint is safe."),
            ) from error
        raise RunFailure(
            message("Writing failed: {reason}.", reason=error.strerror or str(error)),
            str(path),
            message("Check that the folder is there and that you may write to it."),
        ) from error


def write_atomic(path: Path, content: bytes | str) -> None:
    """Readers see the old content or the new, never a part. Raises RunFailure when the disk refuses."""
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
            aside.unlink(missing_ok=True)
