"""How fast it learns: seconds that went into measuring are not among those of a token."""

from __future__ import annotations

import pytest

from engine.training import throughput
from engine.training.throughput import Throughput


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(throughput, "time", found)
    return found


def test_measuring_does_not_make_it_slower(clock: Clock) -> None:
    pace = Throughput(100)
    pace.count(500, 0.0)
    clock.now = 1.0
    with pace.measuring():
        clock.now = 11.0
    told = pace.tell(1, 0.1, 0, 0)
    assert told.tokens_per_second == 500 and told.seconds == 11


def test_without_a_step_the_speed_is_the_last_one(clock: Clock) -> None:
    pace = Throughput(100)
    pace.count(300, 0.0)
    clock.now = 2.0
    assert pace.tell(1, 0.1, 0, 0).tokens_per_second == 150
    clock.now = 9.0
    assert pace.tell(1, 0.1, 0, 0).tokens_per_second == 150


def test_a_pause_while_it_measures_counts_once(clock: Clock) -> None:
    pace = Throughput(100)
    with pace.measuring():
        clock.now = 1.0
        pace.pause()
        clock.now = 50.0
        pace.go_on()
        clock.now = 51.0
    pace.count(100, 0.0)
    clock.now = 53.0
    told = pace.tell(2, 0.1, 0, 0)
    assert told.tokens_per_second == 50 and told.seconds == 4
