"""What the command line prints: JSON lines, bars, and one line of progress for whoever watches."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any, TypeVar

from engine.command_line.console import say_json
from engine.records import Progress

Result = TypeVar("Result")

_BAR = 40


def print_json(tree: dict[str, Any]) -> None:
    """One line; where the console knows few letters, the others as JSON writes them in ASCII."""
    knows_all = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")
    say_json(tree, is_ascii=not knows_all)


def bar(share: float) -> str:
    """`share` from 0 to 1."""
    return "█" * round(_BAR * share)


def answered(answering: Generator[Progress, None, Result]) -> Result:
    """The result of a long answer; how far it is stands in one line of a terminal's standard error meanwhile."""
    is_watched = sys.stderr.isatty()
    try:
        while True:
            progress = next(answering)
            if progress.note is not None:
                print(progress.note.english(), file=sys.stderr, flush=True)
            if is_watched and progress.total > 1:
                print(f"\r{progress.done:,} of {progress.total:,}", end="", file=sys.stderr, flush=True)
    except StopIteration as end:
        result: Result = end.value
        return result
    finally:
        answering.close()  # what was interrupted takes its half-written files away
        if is_watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
