"""Answers that breathe: waited for while a thread works."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillBusy
from typing import TypeVar

from engine.records import Progress

Result = TypeVar("Result")

_BREATH = 0.05
_BEGUN = Progress(0, 1)


def beside(work: Callable[[], Result], progress: Progress = _BEGUN) -> Generator[Progress, None, Result]:
    """The result of what does not breathe by itself, worked on in a thread of its own; where nobody waits any more it
    still ends by itself."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="beside")
    future = pool.submit(work)
    pool.shutdown(wait=False)
    return (yield from waited(future, progress))


def waited(future: Future[Result], progress: Progress) -> Generator[Progress, None, Result]:
    """The result of what a thread works on, telling `progress` meanwhile."""
    while True:
        try:
            return future.result(timeout=_BREATH)
        except StillBusy:
            yield progress
