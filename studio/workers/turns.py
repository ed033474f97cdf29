"""Turns: workers that share the processor's cores compute one after the other, and the urgent one goes first.

Two threads that both use all cores wait for each other at every barrier of every parallel region: an answer comes
sooner when it waits for its turn.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Shared by the workers of one page. A long answer takes a turn for each of its parts."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_taken = False
        self._num_urgent = 0

    @contextmanager
    def taken(self, *, is_urgent: bool) -> Iterator[None]:
        """Wait for a turn; those that are not urgent let all urgent ones go first."""
        with self._changed:
            self._num_urgent += is_urgent
            while self._is_taken or (self._num_urgent and not is_urgent):
                self._changed.wait()
            self._num_urgent -= is_urgent
            self._is_taken = True
        try:
            yield
        finally:
            with self._changed:
                self._is_taken = False
                self._changed.notify_all()
