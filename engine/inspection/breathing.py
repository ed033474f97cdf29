"""finished: the result of an answer that breathes, where nobody waits in between."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")


def finished(working: Generator[None, None, Result]) -> Result:
    """Run a generator that only breathes to its end."""
    while True:
        try:
            next(working)
        except StopIteration as end:
            result: Result = end.value
            return result
