"""meanwhile: long work before the first step in a thread of its own, so that it can be stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from engine.breath import GivenUp, wanted_until
from engine.commands import Command, Stop
from engine.events import Event

Result = TypeVar("Result")
_BREATH = 0.05


def in_background(work: Callable[[], Result], wishes: list[Command]) -> Generator[Event | None, Command | None, Result]:
    """What `work` returns, made in a thread of its own: commands are taken meanwhile, and Stop gives it up."""
    given_up = threading.Event()

    def watched() -> Result:
        with wanted_until(given_up):
            return work()

    if _is_to_stop(wishes):
        raise GivenUp
    pool = ThreadPoolExecutor(1, thread_name_prefix="prepare")
    try:
        future = pool.submit(watched)
        while not future.done():
            command = yield None
            wishes.extend([] if command is None else [command])
            if _is_to_stop(wishes):
                given_up.set()
            if not future.done():
                time.sleep(_BREATH)
        found = future.result()
        if _is_to_stop(wishes):
            raise GivenUp
        return found
    finally:
        given_up.set()
        pool.shutdown(wait=False)


def _is_to_stop(wishes: list[Command]) -> bool:
    return any(isinstance(wish, Stop) for wish in wishes)
