"""Label place: where a label beside a vertical line covers the least of the curves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSizeF

_GAP, _EDGE, _CLEAR = 8.0, 4.0, 4.0
_COLUMNS = 12
Line = tuple[np.ndarray, np.ndarray]
"""(xs, ys) of a curve, in pixels"""


def place_beside(frame: QRectF, x: float, size: QSizeF, lines: Sequence[Line], end: float) -> QRectF:
    """The rectangle for a label of this size beside the pixel column `x`: left before right, top before bottom.

    `end` is the pixel where the curves end; the labels of the lines stand to the right of it.
    """
    tops = (frame.top() + _EDGE, frame.bottom() - size.height() - _EDGE, frame.center().y())
    lefts = (x - _GAP - size.width(), x + _GAP)
    places = [QRectF(left, top, size.width(), size.height()) for top in tops for left in lefts]
    return min(places, key=lambda place: _cost(frame, place, lines, end))


def _cost(frame: QRectF, place: QRectF, lines: Sequence[Line], end: float) -> float:
    """How many of the label's columns are crossed by curves; far more where it would stick out or lie on labels."""
    cost = 0.0
    if place.left() < frame.left() or place.right() > frame.right():
        cost += 1000.0
    if place.right() > end:
        cost += 100.0
    columns = np.linspace(place.left(), place.right(), _COLUMNS)
    for xs, ys in lines:
        finite = np.isfinite(ys)
        if finite.any():
            heights = np.interp(columns, xs[finite], ys[finite], left=np.nan, right=np.nan)
            cost += float(np.sum((heights > place.top() - _CLEAR) & (heights < place.bottom() + _CLEAR)))
    return cost
