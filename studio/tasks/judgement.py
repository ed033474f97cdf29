"""Verdict: what a person should think of a run, in one sentence; whose losses it is read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.config.run import RunConfig
from engine.runs.history import History

VerdictKind = Literal[
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
PRETRAINING, MODEL, WRITER, CRITIC = "pretraining", "model", "generator", "discriminator"
"""Players, as events name them."""
_FEWEST = 10


@dataclass(frozen=True)
class Verdict:
    """`kind` chooses icon and colour: an ended run is "done" (good, or without a yardstick), "level" with its yardstick
    or "beaten" by it; "behind" may still change."""

    kind: VerdictKind
    sentence: str


def is_rehearsing(history: History, config: RunConfig) -> bool:
    """Whether it still learns to guess the next word, before the task itself."""
    return 0 < history.last_step <= config.training.pretraining.steps


def course_of_loss(history: History, player: str) -> tuple[float, float, int] | None:
    """(mean of the first fifth of a player's losses, of the last fifth, how many); None for fewer than ten."""
    losses = history.steps(player)[1]
    finite = losses[np.isfinite(losses)]
    if len(finite) < _FEWEST:
        return None
    part = max(1, len(finite) // 5)
    return float(finite[:part].mean()), float(finite[-part:].mean()), len(losses)
