"""Turns: one at a time, the urgent first."""

from __future__ import annotations

import threading
import time

import pytest

from studio.workers.turns import Turns


def test_one_at_a_time() -> None:
    turns, inside, most = Turns(), [0], [0]

    def work() -> None:
        for _ in range(50):
            with turns.taken(is_urgent=False):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0)
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == [1] and not any(thread.is_alive() for thread in threads)


def test_the_urgent_one_goes_first_however_many_wait() -> None:
    turns, order = Turns(), []
    first = threading.Event()

    def take(name: str, is_urgent: bool) -> None:
        with turns.taken(is_urgent=is_urgent):
            order.append(name)

    with turns.taken(is_urgent=False):
        slow = [threading.Thread(target=take, args=(f"slow {index}", False)) for index in range(5)]
        for thread in slow:
            thread.start()
        urgent = threading.Thread(target=take, args=("urgent", True))
        urgent.start()
        while turns._num_urgent == 0:
            first.wait(0.001)
    for thread in (urgent, *slow):
        thread.join(20)
    assert order[0] == "urgent" and len(order) == 6


def test_a_turn_that_fails_is_given_back() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="no"), turns.taken(is_urgent=True):
        raise ValueError("no")
    with turns.taken(is_urgent=False):
        pass
