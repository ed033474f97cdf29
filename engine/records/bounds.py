"""What a figure can be: an interval that passes it says what cannot happen."""

from __future__ import annotations

import math

BOUNDS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("log_loss", "loss", "brier", "mse", "rmse", "mae"), (0.0, math.inf)),
    **dict.fromkeys(("perplexity", "reverse_perplexity", "nll_gen", "nll_div", "nll_oracle"), (0.0, math.inf)),
    "r2": (-math.inf, 1.0),
    "spearman": (-1.0, 1.0),
}
"""Of figures that are no shares; those are from 0 to 1."""


def ends(name: str, value: float, half_width: float, *, is_difference: bool = False) -> tuple[float, float] | None:
    """(low, high) of `value` ± `half_width`, no farther than the figure `name`, or a difference of two such figures,
    can be; None where there is no interval."""
    if not (math.isfinite(value) and math.isfinite(half_width)):
        return None
    least, most = BOUNDS.get(name, (0.0, 1.0))
    if is_difference:
        least, most = least - most, most - least
    low, high = max(least, value - half_width), min(most, value + half_width)
    return min(low, value), max(high, value)
