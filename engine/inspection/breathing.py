"""Answers that breathe: waited for while a thread works, or run to their end where nobody waits in between."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillBusy
from typing import TypeVar

from engine.records import Progress

Result = TypeVar("Result")

_BREATH = 0.05


def finished(working: Generator[None, None, Result]) -> Result:
    """Run a generator that only breathes to its end."""
    while True:
        try:
            next(working)
        except StopIteration as end:
            result: Result = end.value
            return result


def waited(future: Future[Result], progress: Progress) -> Generator[Progress, None, Result]:
    """The result of what a thread works on, telling `progress` meanwhile: a solver does not breathe by itself."""
    while True:
        try:
            return future.result(timeout=_BREATH)
        except StillBusy:
            yield progress
