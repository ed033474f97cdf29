"""Intervals and corrections against scipy's and statsmodels', and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from engine.metrics.confidence_intervals import (
    half_width_of_draws,
    holm,
    mean_half_width,
    wilson,
    wilson_figure,
    wilson_half_width,
)


@settings(max_examples=40, deadline=None)
@given(total=st.integers(0, 500), hit=st.floats(0, 1))
def test_wilsons_lies_between_0_and_1_and_is_scipys(total: int, hit: float) -> None:
    hits = round(total * hit)
    low, high = (float(one) for one in wilson(hits, total))
    assert 0 <= low <= high <= 1
    assert float(wilson_half_width(hits, total)) == pytest.approx((high - low) / 2)
    if total:
        assert low <= hits / total <= high
        expected = stats.binomtest(hits, total).proportion_ci(method="wilson")
        assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilsons_of_many_shares_are_those_of_statsmodels() -> None:
    totals = np.arange(1, 400)
    hits = (totals * 0.37).astype(np.int64)
    for found, expected in zip(wilson(hits, totals), proportion_confint(hits, totals, method="wilson"), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_wilson_by_hand() -> None:
    """81 of 263: (.255, .366) (Newcombe 1998, table I)."""
    assert float(wilson_half_width(81, 263)) == pytest.approx((0.3662 - 0.2553) / 2, abs=1e-4)
    figure = wilson_figure(81, 263)
    assert figure.value == 81 / 263 and (figure.low, figure.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_a_share_of_none_is_not_certain() -> None:
    assert 0.02 < float(wilson_half_width(0, 50)) < 0.1
    assert float(wilson_half_width(0, 0)) == 0.5 and wilson_figure(0, 0).value == 0.0


def test_the_interval_of_a_mean_is_students() -> None:
    values = np.array([0.3, -0.1, 0.7, 0.4])
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert float(mean_half_width(values)) == pytest.approx((high - low) / 2, abs=1e-12)
    np.testing.assert_allclose(
        mean_half_width(np.stack([values, 2 * values], axis=1)), (high - low) / 2 * np.arange(1, 3)
    )
    assert math.isnan(mean_half_width([4.0]))


def test_intervals_of_few_values_hold_the_truth() -> None:
    """Of 2,000 samples of 5 normal numbers, about 95 % have the true mean within the half-width; z would hold 88 %."""
    samples = np.random.default_rng(0).normal(3, 2, size=(5, 2000))
    held = np.abs(samples.mean(axis=0) - 3) <= mean_half_width(samples)
    assert 0.935 < held.mean() < 0.965


@pytest.mark.parametrize(
    ("given_p", "corrected"),
    [([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]), ([0.9, 0.8], [1.0, 1.0]), ([0.2], [0.2]), ([], [])],
)
def test_holm_by_hand(given_p: list[float], corrected: list[float]) -> None:
    """Holm 1979: the least of four is held against a quarter of the level, and none passes one that failed."""
    assert holm(given_p).tolist() == pytest.approx(corrected)


def test_holms_correction_is_that_of_statsmodels() -> None:
    p_values = np.random.default_rng(0).beta(0.3, 3, 40)
    rejected, corrected, *_ = multipletests(p_values, 0.05, method="holm")
    assert holm(p_values).tolist() == corrected.tolist()
    assert ((holm(p_values) <= 0.05) == rejected).all()


def test_half_the_width_of_draws_is_that_of_their_middle() -> None:
    drawn = np.random.default_rng(0).normal(0, 1, (2, 40_000))
    np.testing.assert_allclose(half_width_of_draws(drawn), 1.96, rtol=0.02)
