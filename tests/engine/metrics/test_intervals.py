"""No interval passes what its figure can be, whatever the rows are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.registry import METRICS, ends
from engine.metrics.resampling import bootstrapped
from engine.metrics.significance import mean_difference, welch_difference

NAMES = tuple(METRICS)
FLOATS = st.floats(0, 1)


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(NAMES), value=FLOATS, drawn=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_a_bootstrap_stays_where_the_figure_can_be(name: str, value: float, drawn: list[float]) -> None:
    least, most = METRICS[name].bounds
    value = max(value, least)
    found = bootstrapped(name, value, drawn)
    assert least <= found.low <= value <= found.high <= most


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(NAMES), value=FLOATS, width=st.floats(0, 20))
def test_the_ends_of_a_mean_over_seeds_too(name: str, value: float, width: float) -> None:
    least, most = METRICS[name].bounds
    value = max(value, least)
    found = ends(name, value, width)
    assert found is not None and least <= found[0] <= value <= found[1] <= most


@settings(max_examples=30, deadline=None)
@given(before=st.lists(FLOATS, min_size=1, max_size=4), after=st.lists(FLOATS, min_size=1, max_size=4))
def test_a_difference_of_shares_lies_between_minus_1_and_1(before: list[float], after: list[float]) -> None:
    size = min(len(before), len(after))
    paired = mean_difference(np.array(after[:size]) - np.array(before[:size]))
    for one in (welch_difference(before, after), paired):
        found = ends("f1", one.mean, one.half_width, is_difference=True)
        if math.isnan(one.half_width):
            assert found is None
        else:
            assert found is not None and -1 <= found[0] <= one.mean <= found[1] <= 1


def test_without_an_interval_there_are_no_ends() -> None:
    assert ends("f1", 0.5, math.nan) is None and ends("f1", math.nan, 0.1) is None
    assert ends("mse", 3.0, 5.0) == (0.0, 8.0) and ends("r2", 0.9, 0.5) == pytest.approx((0.4, 1.0))
    assert ends("accuracy", 0.2, 0.9, is_difference=True) == pytest.approx((-0.7, 1.0))
