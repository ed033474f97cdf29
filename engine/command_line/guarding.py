"""The last net of the command line: whatever happens becomes words and an exit code.

0 good, 1 it failed, 2 wrong input, 130 stopped by Ctrl+C or a signal.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from engine.command_line.console import say
from engine.command_line.ending import STOPPED, Ending, tell_stopped
from engine.command_line.outlets import OutputLost
from engine.command_line.printing import print_json
from engine.errors import AttuneError, Fault, InputError
from engine.faults import fault, in_words
from engine.messages import message

_NUM_KEPT = 20
"""Reports of faults that stay; older ones are deleted."""


def guarded(action: Callable[[], int], words: Sequence[str], ending: Ending) -> int:
    """What `action` returns, or the exit code of what ended it, told in words. SystemExit (of --help) passes."""
    try:
        try:
            return _flushed(action())
        except SystemExit:
            sys.stdout.flush()
            raise
        except Exception as problem:
            if ending.is_told:
                raise KeyboardInterrupt from problem
            if isinstance(problem, OutputLost):
                raise
            return _flushed(_told(problem, words))
    except OutputLost as lost:
        if lost.reason:
            say(f"The output cannot be written: {lost.reason}.", sys.stderr)
        return 1
    except KeyboardInterrupt:
        tell_stopped()
        return STOPPED


def readable(words: Sequence[str]) -> list[str]:
    """The arguments as they were meant where the system took their letters for bytes. Raises InputError for one that
    is no UTF-8."""
    return [_letters(word, words[place - 1] if place else "", place + 1) for place, word in enumerate(words)]


def _letters(word: str, before: str, place: int) -> str:
    with contextlib.suppress(UnicodeEncodeError):
        word.encode("utf-8")
        return word
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeError as error:
        raise InputError(
            message("“{word}” is not written in UTF-8.", word=_shown(word)),
            before if before.startswith("-") else message("argument {place}", place=place),
            message("Write it in UTF-8; give a file whose name is not another name."),
        ) from error


def _shown(word: str) -> str:
    """With bytes that are no letters as numbers."""
    try:
        return os.fsencode(word).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return word.encode("utf-8", "backslashreplace").decode("utf-8")


def tell(error: AttuneError, words: Sequence[str] = ()) -> AttuneError:
    """One line on standard error; returns what was told. A fault's details are written into a file first."""
    if "--debug" in words:
        for line in _details(error).splitlines():
            say(line, sys.stderr)
    told = _with_report(error, words) if isinstance(error, Fault) else error
    say(" ".join(str(told).split()), sys.stderr)
    return told


def _told(problem: Exception, words: Sequence[str]) -> int:
    error = tell(in_words(problem) or fault(problem), words)
    if "--json" in words:
        print_json({"error": error.to_json()})
    return error.exit_code


def _flushed(code: int) -> int:
    sys.stdout.flush()
    return code


# --- reports of faults ------------------------------------------------------------------------------------------


def _with_report(error: Fault, words: Sequence[str]) -> AttuneError:
    """The same error, saying where its details are."""
    file = _report(error, words)
    if file is None:
        return AttuneError(
            error.what, error.where, message("This is a fault of Attune. Please report it with what --debug shows.")
        )
    return AttuneError(
        error.what,
        str(file),
        message("This is a fault of Attune. Please report it with the details in this file, or show them by --debug."),
    )


def _report(error: AttuneError, words: Sequence[str]) -> Path | None:
    """Write the details down; None where no disk takes them."""
    about = f"{time.strftime('%Y-%m-%d %H:%M:%S')}  Python {platform.python_version()}  {platform.platform()}\n"
    content = f"{about}{' '.join(words)}\n\n{_details(error)}"
    name = f"fault-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    for folder in _folders():
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / name
            file.write_text(content, encoding="utf-8", errors="backslashreplace")
            _forget_old(folder)
            return file
    return None


def _folders() -> Iterator[Path]:
    named = os.environ.get("ATTUNE_CACHE")
    if named:
        yield Path(named) / "faults"
    else:
        import platformdirs

        yield platformdirs.user_cache_path("attune") / "faults"
    with contextlib.suppress(OSError):  # no folder for what is temporary
        yield Path(tempfile.gettempdir()) / "attune-faults"


def _forget_old(folder: Path) -> None:
    for file in sorted(folder.glob("fault-*.txt"))[:-_NUM_KEPT]:
        file.unlink(missing_ok=True)


def _details(error: AttuneError) -> str:
    return "".join(traceback.format_exception(error.__cause__ or error))
