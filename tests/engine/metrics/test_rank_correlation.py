"""Rankings: Kendall's tau by counting pairs, and shares among the best."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.rank_correlation import (
    kendall_tau,
    ranks_anything,
    share_among_best,
)


def tau_by_pairs(one: list[int], other: list[int]) -> float:
    """(agreeing - quarrelling pairs) / sqrt(pairs that differ in one x in the other) (Kendall 1945)."""
    pairs = list(itertools.combinations(range(len(one)), 2))
    signs = [(np.sign(one[a] - one[b]), np.sign(other[a] - other[b])) for a, b in pairs]
    agreement = sum(first * second for first, second in signs)
    differing = [sum(bool(sign[place]) for sign in signs) for place in (0, 1)]
    return float(agreement / math.sqrt(differing[0] * differing[1]))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12))
def test_tau_counts_pairs(pairs: list[tuple[int, int]]) -> None:
    one, other = [first for first, _ in pairs], [second for _, second in pairs]
    if len(set(one)) == 1 or len(set(other)) == 1:
        assert kendall_tau(one, other) is None
    else:
        assert kendall_tau(one, other) == pytest.approx(tau_by_pairs(one, other), abs=1e-12)


def test_share_among_best() -> None:
    scores = [0.1, 0.5, 0.3, 0.1]
    assert share_among_best(scores, [1]) == 1.0
    assert share_among_best(scores, [1, 0]) == 0.5
    assert share_among_best(scores, [0, 3]) == 0.0
    assert ranks_anything(scores) and not ranks_anything([1.0, 1.0]) and not ranks_anything([2.0])
