"""The console: lines reach it whatever letters it knows, and a program outlives it where it should.

A pipe may be closed (`| head -1`), a file that takes the output may be full, a window's program has no console at all.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO, cast

from engine.command_line.console import say

_LETTERS = "backslashreplace"


class OutputLost(Exception):
    """What was to be printed cannot be: `reason` is empty where simply nobody reads it any more."""

    def __init__(self, problem: BaseException) -> None:
        is_closed = isinstance(problem, BrokenPipeError | ValueError) or getattr(problem, "errno", 0) == errno.EINVAL
        self.reason = "" if is_closed else str(getattr(problem, "strerror", None) or problem)
        super().__init__(self.reason)


class Outlet(io.TextIOBase):
    """A stream's stand-in. A letter that the stream does not know is written as its number; when the stream is gone,
    OutputLost is raised once, or nothing where the program goes on without it (`may_vanish`)."""

    def __init__(self, stream: TextIO | None, *, may_vanish: bool) -> None:
        self._stream = stream
        self._is_gone = stream is None
        self.may_vanish = may_vanish
        self.told = ""
        """Said on standard error when the stream vanishes."""
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors=_LETTERS)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return getattr(self._stream, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return _LETTERS

    def isatty(self) -> bool:
        try:
            return not self._is_gone and self._stream is not None and self._stream.isatty()
        except ValueError:
            return False

    def fileno(self) -> int:
        if self._stream is None:
            raise io.UnsupportedOperation("no console")
        return self._stream.fileno()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._is_gone or self._stream is None:
            return len(text)
        try:
            return self._stream.write(text)
        except UnicodeEncodeError:
            return self._stream.write(text.encode(self.encoding, _LETTERS).decode(self.encoding))
        except (OSError, ValueError) as problem:
            self._lose(problem)
            return len(text)

    def flush(self) -> None:
        if self._is_gone or self._stream is None:
            return
        try:
            self._stream.flush()
        except (OSError, ValueError) as problem:
            self._lose(problem)

    def _lose(self, problem: BaseException) -> None:
        self._is_gone = True
        self._lead_away()
        if not self.may_vanish:
            raise OutputLost(problem) from problem
        if self.told and sys.stderr is not None:
            say(self.told, sys.stderr)

    def _lead_away(self) -> None:
        """What still waits in the stream goes nowhere, so that closing it at the end of the program raises nothing."""
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)


@contextlib.contextmanager
def outlets() -> Iterator[None]:
    """Everything that is printed within goes through outlets. Raises OutputLost where it has nowhere to go."""
    out, err = Outlet(sys.stdout, may_vanish=False), Outlet(sys.stderr, may_vanish=True)
    with contextlib.redirect_stdout(cast(TextIO, out)), contextlib.redirect_stderr(cast(TextIO, err)):
        yield


@contextlib.contextmanager
def without_console() -> Iterator[None]:
    """Within, what is done goes on when nobody takes its output any more: a training is worth more than its lines."""
    out: Any = sys.stdout
    if not isinstance(out, Outlet):
        yield
        return
    before, out.may_vanish = out.may_vanish, True
    out.told = "Nobody takes the output any more; the training goes on. Ctrl+C stops it and keeps everything."
    try:
        yield
    finally:
        out.may_vanish, out.told = before, ""


def occupy_closed() -> None:
    """Where the program was started without standard input, output or error, their numbers are taken: else the next
    file that is opened would get what is printed."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                os.open(os.devnull, os.O_RDWR)
