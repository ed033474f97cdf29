"""Exact and t tests against scipy's, and the rows that a test needs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from engine.metrics.significance import (
    exact_p,
    mean_difference,
    rows_needed,
    welch_difference,
)


@pytest.mark.parametrize(("better", "worse"), [(0, 0), (1, 0), (4, 0), (9, 13), (13, 9), (200, 150), (5000, 5100)])
def test_mcnemar_is_the_two_sided_binomial_test(better: int, worse: int) -> None:
    expected = stats.binomtest(better, better + worse).pvalue if better + worse else 1.0
    assert exact_p(better, worse) == pytest.approx(expected, rel=1e-9)


def test_mcnemar_never_calls_four_rows_a_proof() -> None:
    assert exact_p(4, 0) == 0.125
    assert exact_p(6, 0) < 0.05 < exact_p(5, 0)


def test_differences_by_students_t() -> None:
    values = np.array([0.3, -0.1, 0.7, 0.4])
    found, known = mean_difference(values), stats.ttest_1samp(values, 0)
    assert found.p_value == pytest.approx(known.pvalue)
    low, high = known.confidence_interval(0.95)
    assert found.half_width == pytest.approx((high - low) / 2)


def test_differences_of_what_does_not_belong_together() -> None:
    before, after = [0.8, 0.82, 0.79, 0.85], [0.9, 0.88, 0.95]
    found, known = welch_difference(before, after), stats.ttest_ind(after, before, equal_var=False)
    assert found.p_value == pytest.approx(known.pvalue)
    low, high = known.confidence_interval(0.95)
    assert found.half_width == pytest.approx((high - low) / 2)


def test_one_value_proves_nothing() -> None:
    found = mean_difference([0.2])
    assert found.p_value == 1.0 and math.isnan(found.half_width)
    assert welch_difference([0.1, 0.2], [0.9]).p_value == 1.0


def test_values_all_alike() -> None:
    assert mean_difference([0.0, 0.0, 0.0]).p_value == 1.0
    assert mean_difference([0.1, 0.1, 0.1]).p_value == 0.0


def test_needed_rows_find_the_difference_in_four_of_five_draws() -> None:
    chances, count = (0.05, 0.03), 1000
    needed = rows_needed(int(count * chances[0]), int(count * chances[1]), count)
    assert needed is not None and needed > count
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(needed, [*chances, 1 - sum(chances)], size=2000)
    found = np.mean([exact_p(int(one), int(other)) < 0.05 for one, other, _ in drawn])
    assert 0.76 < found < 0.84


def test_no_number_of_rows_tells_what_is_alike() -> None:
    assert rows_needed(7, 7, 1000) is None
    assert rows_needed(501, 500, 3000) is None, "more than a hundred times as many"
    assert (rows_needed(30, 20, 1000, 5) or 0) > (rows_needed(30, 20, 1000) or 0)
