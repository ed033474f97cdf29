"""Target: one text under attack, and how far the attack has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from engine.tasks.attacks.reading import Answers
from engine.tasks.attacks.words import Cut

_SHARE = 0.2
_MOST_CHANGES = 16
_MOST_TRIED = 32


@dataclass
class Target:
    """`answers` [labels] are the model's to the text with its `changes`; `places` the words in the order in which they
    are tried, those that count most first."""

    row: int
    cut: Cut
    truth: int
    answers: Answers
    chance: Random
    places: list[int] = field(default_factory=list)
    changes: dict[int, str] = field(default_factory=dict)

    @property
    def budget(self) -> int:
        """A fifth of the words may be changed, at least one; of long texts 16, for more would take too long."""
        return min(_MOST_CHANGES, max(1, int(_SHARE * len(self.cut.words))))

    @property
    def num_tried(self) -> int:
        """Words that are tried at most: some cannot be changed, and some changes do not help."""
        return min(len(self.places), _MOST_TRIED, 2 * self.budget + 1)

    @property
    def is_turned(self) -> bool:
        return int(self.answers.argmax()) != self.truth

    @property
    def is_over(self) -> bool:
        return self.is_turned or len(self.changes) >= self.budget

    def text(self) -> str:
        return self.cut.text(self.changes)
