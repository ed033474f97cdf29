"""The threshold for a wanted recall: it reaches it, and no higher one does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metrics.threshold import precision_recall_at, threshold_for_recall


@given(
    rows=st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=60),
    recall=st.floats(0.01, 1.0),
)
def test_reaches_the_recall_and_no_higher_one_does(rows: list[tuple[int, bool]], recall: float) -> None:
    scores, truths = np.array([score / 20 for score, _ in rows]), np.array([truth for _, truth in rows])
    threshold = threshold_for_recall(scores, truths, recall)
    if not truths.any():
        assert threshold == 0.0
        return
    assert precision_recall_at(scores, truths, threshold)[1] >= recall - 1e-9
    higher = [score for score in scores if score > threshold]
    assert all(precision_recall_at(scores, truths, score)[1] < recall for score in higher)


def test_by_hand() -> None:
    scores, truths = [0.9, 0.8, 0.7, 0.6, 0.5], [1, 0, 1, 1, 0]
    assert threshold_for_recall(scores, truths, 2 / 3) == 0.7
    assert precision_recall_at(scores, truths, 0.7) == pytest.approx((2 / 3, 2 / 3))


def test_rounding_asks_for_no_row_too_many() -> None:
    scores = np.linspace(1, 0.05, 20)
    assert precision_recall_at(scores, np.ones(20), threshold_for_recall(scores, np.ones(20), 0.85))[1] == 0.85


def test_nothing_chosen_divides_by_nothing() -> None:
    assert precision_recall_at([0.1, 0.2], [1, 0], 0.9) == (0.0, 0.0)
    assert precision_recall_at([0.1, 0.2], [0, 0], 0.15) == (0.0, 0.0)
