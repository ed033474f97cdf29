"""One sentence on a generator's variety, over all that was measured so far."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.messages import Message, message

Level = Literal["good", "warning", "bad"]
Floats = NDArray[np.float64]

_NUM_SMOOTHED = 3
_AS_VARIED = 0.9
"""From this share of real text's different word pairs on, texts count as varied as real ones."""
_MORE_VARIED = 1.2
_NOTABLE_FALL = 0.07
"""In shares of real text's different word pairs; measurements of 1,000 texts differ by about .02 by chance."""


@dataclass(frozen=True)
class Verdict:
    """`since` is the step from which on the sentence holds, where it names one."""

    level: Level
    message: Message
    since: int | None = None


def variety_verdict(
    steps: ArrayLike,
    distinct_2: ArrayLike,
    self_bleu_4: ArrayLike,
    real_text: Mapping[str, float],
    *,
    self_bleu_margin: float = 0.15,
    distinct_share: float = 0.6,
) -> Verdict | None:
    """The verdict after the last of `steps`; all arrays [measurements]. None while there is nothing to compare.

    bad: collapsed, by the same limits as `signs_of_collapse`. warning: falling since its best, or steadily below real
    text. good: as varied as real text, or more. All but a collapse is judged on medians of three measurements, so that
    chance in a single one says nothing.
    """
    shares = _shares(np.asarray(distinct_2, dtype=np.float64), real_text.get("distinct_2", math.nan))
    excess = np.asarray(self_bleu_4, dtype=np.float64) - real_text.get("self_bleu_4", math.nan)
    known = np.isfinite(shares) & np.isfinite(excess)
    if not known.any():
        return None
    at = np.asarray(steps, dtype=np.int64)[known]
    shares, excess = shares[known], excess[known]
    collapsed = (excess > self_bleu_margin) | (shares < distinct_share)
    if collapsed[-1]:
        since = int(at[_first_of_last_stretch(collapsed)])
        return Verdict("bad", message("Its texts repeat themselves since step {step}.", step=since), since)
    return _trend(at, _smoothed(shares), _smoothed(excess), self_bleu_margin)


def _trend(at: NDArray[np.int64], shares: Floats, excess: Floats, margin: float) -> Verdict:
    """Of a generator that has not collapsed."""
    now = float(shares[-1])
    best = int(len(shares) - 1 - np.argmax(np.minimum(shares, 1.0)[::-1]))
    is_below = now < _AS_VARIED or excess[-1] > margin / 2
    if is_below and shares[best] - now > _NOTABLE_FALL:
        since = int(at[best])
        return Verdict(
            "warning",
            message(
                "Variety is falling since step {step}: {share} % of the different word pairs that real texts have.",
                step=since,
                share=round(100 * now),
            ),
            since,
        )
    if is_below:
        return Verdict("warning", _below(now))
    if now > _MORE_VARIED:
        return Verdict(
            "good", message("Its texts are more varied than real ones: mixed-up words count as variety, too.")
        )
    return Verdict("good", message("Its texts are as varied as real ones."))


def _below(share: float) -> Message:
    if share < _AS_VARIED:
        return message(
            "Its texts are less varied than real ones: {share} % of the different word pairs that those have.",
            share=round(100 * share),
        )
    return message("Its texts resemble each other more than real ones do.")


def _shares(values: Floats, real: float) -> Floats:
    """Of real text's; 1 where real text has none itself."""
    return np.ones_like(values) if real == 0 else values / real


def _first_of_last_stretch(holds: NDArray[np.bool_]) -> int:
    """Where the last unbroken stretch of what holds at the end begins."""
    broken = np.flatnonzero(~holds)
    return int(broken[-1]) + 1 if len(broken) else 0


def _smoothed(values: Floats) -> Floats:
    """The median of each measurement and those before it, three in all."""
    return np.array([np.median(values[max(0, end - _NUM_SMOOTHED) : end]) for end in range(1, len(values) + 1)])
