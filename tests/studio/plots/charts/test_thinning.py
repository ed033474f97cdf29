"""Thinned curves keep their extremes, whatever the way they grew."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.plots.charts.thinning import Envelope, smooth, zigzag

numbers = st.floats(-1e6, 1e6, allow_nan=False)
curves = st.lists(numbers, min_size=1, max_size=400)


def _grown(values: list[float], capacity: int, portion: int) -> Envelope:
    envelope = Envelope(capacity)
    ys = np.array(values)
    xs = np.arange(1.0, len(ys) + 1)
    for end in [*range(portion, len(ys), portion), len(ys)]:
        envelope.follow(xs[:end], ys[:end])
    return envelope


@settings(deadline=None, max_examples=60)
@given(curves, st.integers(2, 50), st.integers(1, 90))
def test_growing_equals_reading_at_once(values: list[float], capacity: int, portion: int) -> None:
    grown, whole = _grown(values, capacity, portion), _grown(values, capacity, len(values))
    for name in ("xs", "low", "high", "counts"):
        np.testing.assert_array_equal(getattr(grown, name), getattr(whole, name))
    np.testing.assert_allclose(grown.means, whole.means, rtol=1e-9, atol=1e-6)


@settings(deadline=None, max_examples=60)
@given(curves, st.integers(2, 50))
def test_extremes_and_counts_survive(values: list[float], capacity: int) -> None:
    envelope = _grown(values, capacity, 37)
    assert len(envelope) <= capacity
    assert envelope.low.min() == min(values)
    assert envelope.high.max() == max(values)
    assert envelope.counts.sum() == len(values)
    assert envelope.xs[-1] == len(values)
    assert (np.diff(envelope.xs) > 0).all()


def test_values_that_are_not_finite_are_left_out() -> None:
    envelope = Envelope(4)
    envelope.follow(np.arange(8.0), np.array([1.0, np.nan, np.inf, 3.0, np.nan, np.nan, 2.0, 4.0]))
    np.testing.assert_array_equal(envelope.low, [1.0, 3.0, np.nan, 2.0])
    np.testing.assert_array_equal(envelope.means, [1.0, 3.0, np.nan, 3.0])
    np.testing.assert_array_equal(envelope.counts, [1, 1, 0, 2])


def test_a_cut_curve_is_read_again() -> None:
    envelope = Envelope(8)
    xs = np.arange(1.0, 101.0)
    envelope.follow(xs, xs)
    envelope.follow(xs[:20], xs[:20])
    assert envelope.high.max() == 20.0
    regrown = np.concatenate([xs[:20], np.full(100, -5.0)])
    envelope.follow(np.arange(1.0, 121.0), regrown)
    assert envelope.low.min() == -5.0
    assert envelope.high.max() == 20.0


@given(numbers, st.integers(1, 100), st.floats(0.1, 50))
def test_smoothing_keeps_a_constant(value: float, count: int, half_life: float) -> None:
    smoothed = smooth(np.full(count, value), np.ones(count), half_life)
    np.testing.assert_allclose(smoothed, value, rtol=1e-9, atol=1e-9)


@given(curves, st.floats(0.1, 50))
def test_smoothing_stays_between_the_extremes(values: list[float], half_life: float) -> None:
    smoothed = smooth(np.array(values), np.ones(len(values)), half_life)
    assert smoothed[0] == np.float64(values[0])
    assert smoothed.min() >= min(values) - 1e-6
    assert smoothed.max() <= max(values) + 1e-6


def test_smoothing_halves_a_step_after_its_half_life() -> None:
    values = np.concatenate([np.zeros(2000), np.ones(10)])
    assert abs(smooth(values, np.ones(len(values)), 10.0)[-1] - 0.5) < 1e-6


def test_zigzag_goes_through_both_extremes() -> None:
    xs, ys = zigzag(np.array([1.0, 2.0]), np.array([0.0, 0.5]), np.array([1.0, 0.7]))
    np.testing.assert_array_equal(xs, [1, 1, 2, 2])
    np.testing.assert_array_equal(ys, [0.0, 1.0, 0.5, 0.7])
