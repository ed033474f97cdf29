"""Ticks are round and few, ranges hold what matters, labels never overlap."""

from __future__ import annotations

import numpy as np
import scipy.optimize  # noqa: F401 - `spread` loads it at its first call, which is no part of a test's time
from hypothesis import given
from hypothesis import strategies as st

from studio.plots.charts.axes import round_ticks, share_range, spread, steady_end, step_ticks, value_range

places = st.lists(st.floats(-1000, 1000), min_size=1, max_size=8)


@given(st.floats(-1e5, 1e5), st.floats(1e-4, 1e6), st.integers(1, 12))
def test_ticks_are_few_and_inside(low: float, span: float, count: int) -> None:
    ticks = round_ticks(low, low + span, count)
    assert len(ticks) <= count + 1
    assert (ticks >= low - 1e-6 * max(span, abs(low))).all()
    assert (ticks <= low + span + 1e-6 * max(span, abs(low))).all()


def test_ticks_of_a_share() -> None:
    np.testing.assert_allclose(round_ticks(0.6, 1.0, 5), [0.6, 0.7, 0.8, 0.9, 1.0])


def test_step_ticks_follow_the_epochs() -> None:
    assert step_ticks(2256, 5, steps_per_epoch=564) == [0, 564, 1128, 1692, 2256]
    assert step_ticks(2256, 5, steps_per_epoch=3) == [0, 500, 1000, 1500, 2000]
    assert step_ticks(3, 5) == [0, 1, 2, 3]


@given(st.floats(1, 1e9))
def test_a_steady_end_is_near(last: float) -> None:
    assert last * 0.999 <= steady_end(last) <= last * 1.51


@given(places, st.floats(0.5, 30))
def test_labels_never_overlap(wanted: list[float], gap: float) -> None:
    found = np.sort(spread(np.array(wanted), gap, -2000, 2000))
    assert (np.diff(found) >= gap - 1e-6).all()
    assert found[0] >= -2000
    assert found[-1] <= 2000 + 1e-6


@given(places)
def test_labels_that_are_apart_stay(wanted: list[float]) -> None:
    ordered = np.sort(np.array(wanted)) + 20.0 * np.arange(len(wanted))
    np.testing.assert_allclose(spread(ordered, 20.0, -5000, 5000), ordered, atol=1e-9)


def test_labels_share_the_way_they_must_go() -> None:
    np.testing.assert_allclose(spread(np.array([10.0, 10.0]), 4.0, 0, 100), [8.0, 12.0])
    np.testing.assert_allclose(spread(np.array([99.0, 100.0, 98.0]), 10.0, 0, 100), [90.0, 100.0, 80.0])


def test_the_range_of_shares_shows_the_baseline() -> None:
    rising = 0.94 - 0.6 * np.exp(-np.arange(60) / 8)
    assert share_range(rising, 0.886) == (0.6, 1.0)
    assert share_range(np.array([0.1, 0.5]), None) == (0.0, 1.0)
    assert share_range(np.array([0.95, 0.99]), 0.42) == (0.3, 1.0)
    assert share_range(np.empty(0), 0.9) == (0.0, 1.0)


def test_the_range_of_losses_begins_at_zero() -> None:
    low, high = value_range(np.array([0.3, np.nan, 1.7, np.inf]))
    assert low == 0.0
    assert 1.7 < high < 1.9
    assert value_range(np.array([-0.4, 0.2]))[0] <= -0.4
    assert value_range(np.zeros(3)) == (0.0, 1.0)
