"""What the command line prints: JSON lines, bars, and one line of progress for whoever watches."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator
from typing import Any, TypeVar

from engine.records import Progress

Result = TypeVar("Result")

_BAR = 40


def print_json(tree: dict[str, Any]) -> None:
    print(json.dumps(tree, ensure_ascii=False), flush=True)


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
        if is_watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
