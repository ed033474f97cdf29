"""Whether a model is clearly better than a yardstick, clearly worse, or not to be told from it."""

from __future__ import annotations

import math
from typing import Literal

Standing = Literal["better", "level", "worse"]

_Z = 1.959963984540054
"""Of a two-sided 95 % interval."""


def baseline_verdict(
    value: float,
    yardstick: float,
    *,
    num_rows: int,
    half_width: float | None = None,
    is_share: bool = True,
    rises: bool = True,
) -> Standing:
    """How `value` stands to `yardstick`, both measured on the same `num_rows` rows; `rises`: more is better.

    "level" where 0 lies in the 95 % interval of their difference. `half_width` is that of `value`'s own interval; where
    it is not known it follows from the rows alone. The interval of the difference takes both as independent: as they
    were measured on the same rows it is rather too wide, so that "clearly" is never said too early.
    """
    difference = value - yardstick
    if not math.isfinite(difference) or num_rows < 1:
        return "level"
    known = half_width if half_width is not None and math.isfinite(half_width) else None
    if is_share:
        counted = num_rows if known is None else _rows_behind(value, known)
        needed = _apart(value, yardstick, counted)
    else:
        needed = math.sqrt(2) * (known if known is not None else _of_errors(value, num_rows))
    if abs(difference) <= needed:
        return "level"
    return "better" if (difference > 0) == rises else "worse"


def _apart(share: float, other: float, num_rows: float) -> float:
    """How far two shares of as many rows must lie apart (Newcombe 1998: each limit that looks towards the other)."""
    upper, lower = max(share, other), min(share, other)
    return math.hypot(upper - _wilson(upper, num_rows)[0], _wilson(lower, num_rows)[1] - lower)


def _wilson(share: float, num_rows: float) -> tuple[float, float]:
    """A share's interval (Wilson 1927); all where nothing was counted."""
    if num_rows <= 0:
        return 0.0, 1.0
    held = min(1.0, max(0.0, share))
    shrink = 1 + _Z**2 / num_rows
    centre = (held + _Z**2 / (2 * num_rows)) / shrink
    half = _Z * math.sqrt(held * (1 - held) / num_rows + _Z**2 / (4 * num_rows**2)) / shrink
    return max(0.0, centre - half), min(1.0, centre + half)


def _rows_behind(share: float, half_width: float) -> float:
    """How many rows a share was counted on, as its interval tells: `_wilson` solved for its rows. Precision, recall and
    F1 are about some of the rows alone, and a yardstick's are about as many."""
    if half_width >= 0.5:
        return 0.0
    if half_width <= 0:
        return math.inf
    held = min(1.0, max(0.0, share))
    spread = held * (1 - held)
    linear = 2 * half_width**2 * _Z**2 - spread * _Z**2
    constant = _Z**4 * (half_width**2 - 0.25)
    return (-linear + math.sqrt(linear**2 - 4 * half_width**2 * constant)) / (2 * half_width**2)


def _of_errors(mean: float, num_rows: int) -> float:
    """Half the width of a mean error's interval: errors spread about as much as they are large (exponential)."""
    return _Z * abs(mean) / math.sqrt(num_rows)
