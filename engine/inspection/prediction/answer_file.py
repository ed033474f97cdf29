"""A file of answers: where it may be written, and how it takes its place only when it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.config.data import Source
from engine.errors import InputError, RunFailure
from engine.messages import message
from engine.runs.partial_files import aside_of, clear_litter_of


def refuse_place(data: Source, out: Path) -> None:
    """Raises InputError for a place that is a folder, in none, or among the texts themselves."""
    try:
        is_folder, is_lost = out.is_dir(), not out.parent.is_dir()
        given = [Path(one).expanduser() for one in ([data] if isinstance(data, str) else data)]
        is_source = out.exists() and any(one.exists() and one.samefile(out) for one in given)
    except OSError as error:
        raise _unwritable(out, error) from error
    if is_folder or is_lost:
        raise InputError(
            message("The answers cannot be written there."),
            str(out),
            message("Name a file in a folder that exists."),
        )
    if is_source:
        raise InputError(
            message("The answers would overwrite the texts that they are about."),
            str(out),
            message("Name another file to write."),
        )


def _unwritable(out: Path, error: OSError) -> InputError:
    return InputError(
        message("The answers cannot be written there: {reason}.", reason=error.strerror or str(error)),
        str(out),
        message("Name a file in a folder that you may write to."),
    )


@contextmanager
def written_aside(out: Path, encoding: str) -> Iterator[Any]:
    """A file that takes the place of `out` when it is whole. Raises InputError where none can be made."""
    part = aside_of(out)
    clear_litter_of(out)
    try:
        file = part.open("w", encoding=encoding, errors="replace", newline="")
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        with file:
            yield file
        part.replace(out)
    except OSError as error:
        raise RunFailure(
            message("Writing failed: {reason}.", reason=error.strerror or str(error)),
            str(out),
            message("Free some space, or name a file on another disk."),
        ) from error
    finally:
        part.unlink(missing_ok=True)
