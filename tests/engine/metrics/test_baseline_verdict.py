"""Better, worse, or not to be told apart: as the rows allow."""

from __future__ import annotations

import numpy as np
import pytest

from engine.metrics.baseline_verdict import baseline_verdict
from engine.metrics.confidence_intervals import wilson_half_width


def test_shares_are_told_apart_by_their_rows() -> None:
    assert baseline_verdict(0.90, 0.88, num_rows=400) == "level"
    assert baseline_verdict(0.90, 0.88, num_rows=40_000) == "better"
    assert baseline_verdict(0.88, 0.90, num_rows=40_000) == "worse"


def test_less_of_an_error_is_better() -> None:
    assert baseline_verdict(1.0, 2.0, num_rows=400, is_share=False, rises=False) == "better"
    assert baseline_verdict(2.0, 1.0, num_rows=400, is_share=False, rises=False) == "worse"


@pytest.mark.parametrize("value", [0.0, 0.02, 0.5, 0.97, 1.0])
@pytest.mark.parametrize("rows", [1, 7, 400, 100_000])
def test_the_interval_counts_for_the_rows_that_it_came_from(value: float, rows: int) -> None:
    """Told by its interval alone, a share is judged as if the rows were known."""
    width = float(wilson_half_width(np.array([value * rows]), np.array([rows]))[0])
    for yardstick in (0.0, 0.3, 0.5, 0.9, 1.0):
        expected = baseline_verdict(value, yardstick, num_rows=rows)
        assert baseline_verdict(value, yardstick, num_rows=10**9, half_width=width) == expected


@pytest.mark.parametrize(("value", "yardstick"), [(np.nan, 0.5), (0.5, np.nan), (np.inf, 0.5)])
def test_what_is_no_number_is_not_judged(value: float, yardstick: float) -> None:
    assert baseline_verdict(value, yardstick, num_rows=400) == "level"


def test_no_rows_judge_nothing() -> None:
    assert baseline_verdict(1.0, 0.0, num_rows=0) == "level"


def test_clearly_is_said_by_chance_at_most_once_in_twenty() -> None:
    """Two equally good models on the same rows."""
    chance = np.random.default_rng(0)
    hits = chance.binomial(300, 0.8, (2000, 2)) / 300
    said = [baseline_verdict(float(one), float(other), num_rows=300) != "level" for one, other in hits]
    assert np.mean(said) <= 0.06
