"""Learning rates of every step."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config.optimizer import Constant, OneCycle, ReduceOnPlateau, WarmupCosine, WarmupLinear
from engine.training.schedules import RateSchedule


def test_linear_rises_and_falls() -> None:
    schedule = RateSchedule(WarmupLinear(warmup_share=0.1), 1.0, 100)
    assert [schedule.rate(step) for step in (1, 5, 10, 11)] == pytest.approx([0.1, 0.5, 1.0, 1.0])
    assert schedule.rate(56) == pytest.approx(0.5)
    assert 0 < schedule.rate(100) < 0.02


def test_cosine_is_half_at_half() -> None:
    schedule = RateSchedule(WarmupCosine(warmup_share=0.0, final_share=0.2), 1.0, 100)
    assert schedule.rate(1) == pytest.approx(1.0)
    assert schedule.rate(51) == pytest.approx(0.6)


def test_one_cycle_peaks_once() -> None:
    schedule = RateSchedule(OneCycle(rise_share=0.3), 1.0, 101)
    rates = [schedule.rate(step) for step in range(1, 102)]
    assert rates[0] == pytest.approx(1 / 25) and max(rates) == pytest.approx(1.0) == rates[30]
    assert rates[:31] == sorted(rates[:31]) and rates[30:] == sorted(rates[30:], reverse=True)


def test_plateau_falls_after_patience() -> None:
    schedule = RateSchedule(ReduceOnPlateau(factor=0.5, patience=1), 1.0, 100)
    for loss in (1.0, 0.9, 0.95, 0.95):
        schedule.observe(loss)
    assert schedule.rate(10) == pytest.approx(0.5)


@pytest.mark.parametrize("spec", [Constant(), WarmupLinear(), WarmupCosine(), ReduceOnPlateau(), OneCycle()])
@given(st.integers(1, 500), st.floats(1e-6, 1.0))
def test_set_by_hand_and_restored(spec: Constant, step: int, rate: float) -> None:
    schedule = RateSchedule(spec, 0.1, 500)
    schedule.set_rate(step, rate)
    assert schedule.rate(step) == pytest.approx(rate)
    again = RateSchedule(spec, 0.1, 500)
    again.restore(schedule.state())
    assert [again.rate(at) for at in (1, 250, 500)] == [schedule.rate(at) for at in (1, 250, 500)]
    assert all(schedule.rate(at) > 0 for at in (1, 2, 250, 499, 500))
