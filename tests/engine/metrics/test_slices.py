"""Parts of the rows: known p-values, intervals and corrections."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact, ttest_ind

from engine.metrics.slices import Outcome, mean_figures, quantile_bins, share_figures


def test_shares_against_the_rest() -> None:
    rng = np.random.default_rng(0)
    right, counted, mask = rng.random(300) < 0.8, rng.random(300) < 0.5, rng.random(300) < 0.3
    ((one, rest, p_value),) = share_figures(Outcome("precision", right.astype(float), counted), [mask])
    inside, outside = right[counted & mask], right[counted & ~mask]
    assert (one.value, rest.value) == (inside.mean(), outside.mean())
    table = [[inside.sum(), (~inside).sum()], [outside.sum(), (~outside).sum()]]
    assert p_value == pytest.approx(fisher_exact(table).pvalue)
    assert one.method == "wilson" and one.low < one.value < one.high


def test_a_part_that_is_empty_or_all() -> None:
    outcome = Outcome("accuracy", np.ones(5), np.ones(5, bool))
    empty, everything = share_figures(outcome, [np.zeros(5, bool), np.ones(5, bool)])
    assert np.isnan(empty[0].value) and empty[2] == 1
    assert everything[0].value == 1 and np.isnan(everything[1].value) and everything[2] == 1


def test_means_against_the_rest() -> None:
    rng = np.random.default_rng(1)
    errors, mask = rng.exponential(1, 400), np.arange(400) < 100
    errors[mask] += 1
    ((one, rest, p_value),) = mean_figures(Outcome("mae", errors, np.ones(400, bool)), [mask])
    assert one.value == pytest.approx(errors[mask].mean()) and rest.value == pytest.approx(errors[~mask].mean())
    assert p_value == pytest.approx(ttest_ind(errors[mask], errors[~mask], equal_var=False).pvalue)
    half = 1.96 * errors[mask].std() / 10
    assert one.method == "bootstrap" and (one.high - one.low) / 2 == pytest.approx(half, rel=0.12)
    assert mean_figures(Outcome("mae", errors, np.ones(400, bool)), []) == []


def test_bins_hold_about_as_many_rows() -> None:
    assert quantile_bins(range(100)) == [(0, 24), (25, 49), (50, 74), (75, 99)]
    assert quantile_bins([1, 2, 3, 9, 9, 9, 9, 9]) == [(1, 2), (3, 3), (9, 9)]
    assert quantile_bins([5, 5, 5]) == [(5, 5)] and quantile_bins([]) == []
