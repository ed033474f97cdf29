"""breath: long work in a thread of its own gives itself up where it takes breath, once nobody wants it any more.

What reads a file or cuts texts into tokens calls `breathe()` between two pieces. That costs nothing and does nothing
unless somebody waits for the work by `wanted_until`. Work that breathes by itself is a generator: `drain` runs it to
its end, `telling` and `mapped` tell something else meanwhile.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

Result = TypeVar("Result")
Told = TypeVar("Told")

_given_up: ContextVar[threading.Event | None] = ContextVar("given_up", default=None)


class GivenUp(Exception):
    """The work is not wanted any more."""


def breathe() -> None:
    """Raises GivenUp where the work is not wanted any more."""
    given_up = _given_up.get()
    if given_up is not None and given_up.is_set():
        raise GivenUp


@contextlib.contextmanager
def wanted_until(given_up: threading.Event) -> Iterator[None]:
    """What is done within gives itself up at its next breath after `given_up` was set."""
    token = _given_up.set(given_up)
    try:
        yield
    finally:
        _given_up.reset(token)


def drain(working: Generator[Any, None, Result]) -> Result:
    """What a generator returns, run to its end."""
    while True:
        try:
            next(working)
        except StopIteration as end:
            result: Result = end.value
            return result


def mapped(working: Generator[Any, None, Result], say: Callable[[Any], Told]) -> Generator[Told, None, Result]:
    """The same work, which yields `say(…)` of whatever it yields."""
    while True:
        try:
            told = next(working)
        except StopIteration as end:
            result: Result = end.value
            return result
        yield say(told)


def telling(working: Generator[Any, None, Result], told: Told) -> Generator[Told, None, Result]:
    """The same work, which yields `told` whenever it breathes."""
    return (yield from mapped(working, lambda _: told))
