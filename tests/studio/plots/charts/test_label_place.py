"""A label beside a line stands where it covers the least."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF

from studio.plots.charts.label_place import place_beside

FRAME = QRectF(50, 10, 400, 250)
SIZE = QSizeF(90, 16)
STEPS = np.linspace(0, 80, 30)


def _x(step: np.ndarray | float) -> np.ndarray | float:
    """The pixel of a step, of 100 in all."""
    return FRAME.left() + step * FRAME.width() / 100


END = float(_x(80))


def _place(step: float, *curves: np.ndarray) -> QRectF:
    """Curves are shares of the frame's height."""
    lines = [(_x(STEPS), FRAME.bottom() - curve * FRAME.height()) for curve in curves]
    return place_beside(FRAME, _x(step), SIZE, lines, END)


def test_stands_above_on_the_left_where_nothing_is() -> None:
    place = _place(50, np.full(30, 0.4))
    assert place.right() < _x(50) and place.top() < 40


def test_goes_down_where_curves_run_at_the_top() -> None:
    place = _place(50, np.full(30, 0.98), np.full(30, 0.97))
    assert place.bottom() > FRAME.bottom() - 30


def test_goes_to_the_middle_where_both_edges_are_taken() -> None:
    place = _place(50, np.full(30, 0.98), np.full(30, 0.03))
    assert abs(place.center().y() - FRAME.center().y()) < 20


@pytest.mark.parametrize("step", [0, 3, 40, 78, 80])
def test_stays_in_the_frame_and_off_the_labels_at_the_line_ends(step: float) -> None:
    place = _place(step, 0.2 + STEPS / 100)
    assert FRAME.contains(place)
    assert place.right() <= END


def test_rather_covers_curves_than_labels_that_it_would_only_touch() -> None:
    before = [np.where(STEPS < 70, level, np.nan) for level in (0.97, 0.5, 0.03)]
    assert _place(70, *before).right() <= END


def test_values_that_are_not_finite_are_no_curve() -> None:
    assert _place(50, np.full(30, np.nan)).top() < 40
