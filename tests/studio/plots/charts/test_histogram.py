"""Lengths in bins, labels in bars."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.plots.charts.class_balance import BalanceBars, balance_rows
from studio.plots.charts.histogram import Histogram
from studio.plots.charts.length_bins import MAX_BINS, length_bins, round_ticks


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=200), st.integers(4, 8192))
def test_every_text_is_in_a_bin(values, limit):
    lengths = np.array(values)
    bins = length_bins(lengths, limit)
    assert bins.counts.sum() == len(values)
    assert bins.num_over == sum(value > limit for value in values)
    assert 1 <= len(bins.counts) <= MAX_BINS + 1
    assert bins.num_over == 0 or bins.right >= limit


def test_the_axis_ends_where_the_texts_do():
    bins = length_bins(np.array([3, 5, 8, 13]), limit=256)
    assert bins.right < 20 and bins.median == 6


@pytest.mark.parametrize("end", [5, 40, 287, 9000, 20_000])
def test_ticks_are_round_and_few(end):
    ticks = round_ticks(end)
    assert ticks[0] == 0 and ticks[-1] <= end and 2 <= len(ticks) <= 7


def test_bars_gather_what_finds_no_place():
    rows = balance_rows({f"label {i}": 100 - i for i in range(77)}, most=6)
    assert [row.label for row in rows[:2]] == ["label 0", "label 1"]
    assert len(rows) == 6 and rows[-1].is_rest and rows[-1].label == "72 more labels"
    assert sum(row.share for row in rows) == pytest.approx(1)


def test_bars_stand_largest_first():
    assert [row.label for row in balance_rows({"spam": 1, "ham": 3}, most=6)] == ["ham", "spam"]


def test_both_plots_draw_and_speak(qtbot):
    histogram, bars = Histogram(), BalanceBars()
    for widget in (histogram, bars):
        qtbot.addWidget(widget)
        widget.resize(300, 140)
    histogram.show_lengths(np.array([], dtype=np.int64), 64)
    empty = histogram.grab().toImage()
    histogram.show_lengths(np.arange(1, 100), 64)
    assert histogram.grab().toImage() != empty
    assert "35 pass the limit of 64" in histogram.accessibleDescription()
    bars.show_balance({"ham": 3, "spam": 1})
    assert not bars.grab().isNull()
    assert bars.accessibleDescription() == "ham: 3; spam: 1"
