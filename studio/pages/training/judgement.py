"""Verdict: what a person should think of a run, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.runs.history import History

Kind = Literal[
    "waiting",
    "learning",
    "flat",
    "overfitting",
    "falling",
    "paused",
    "done",
    "level",
    "behind",
    "beaten",
    "halted",
    "failed",
]
_FEWEST = 10


@dataclass(frozen=True)
class Verdict:
    """`kind` chooses icon and colour: an ended run is "done" (good, or without a yardstick), "level" with its yardstick
    or "beaten" by it; "behind" may still change."""

    kind: Kind
    sentence: str


def course_of_loss(history: History, player: str) -> tuple[float, float, int] | None:
    """(mean of the first fifth of a player's losses, of the last fifth, how many); None for fewer than ten."""
    losses = history.steps(player)[1]
    finite = losses[np.isfinite(losses)]
    if len(finite) < _FEWEST:
        return None
    part = max(1, len(finite) // 5)
    return float(finite[:part].mean()), float(finite[-part:].mean()), len(losses)
