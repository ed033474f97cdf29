"""Confusion: rows counted by their label and the label said, and the colours that tell them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtGui import QColor

from engine.metrics.decision_rules import ABSTAINED
from studio.numbers import number, percent
from studio.theme import mixed, tokens
from studio.translation import tr

_LEAST_SCALE = 0.05
"""Mistakes are coloured by their share of the row, up to the largest one, but never as if less than this were much."""
_READABLE = 4.5


@dataclass(frozen=True)
class Pair:
    """Rows of label `truth` that were said to be `said`."""

    truth: int
    said: int
    count: int
    share: float


@dataclass(frozen=True, eq=False)
class Confusion:
    """`counts` int64 [L, L + 1]: the last column counts the rows that are left to a person; it is shown where the
    decision can leave any (`can_abstain`)."""

    labels: tuple[str, ...]
    counts: np.ndarray
    can_abstain: bool = False

    @property
    def num_columns(self) -> int:
        return len(self.labels) + self.can_abstain

    @cached_property
    def shares(self) -> np.ndarray:
        """[L, L + 1] of each row's rows."""
        totals = np.maximum(self.counts.sum(axis=1, keepdims=True), 1)
        found: np.ndarray = self.counts / totals
        return found

    @cached_property
    def scale(self) -> float:
        """The share of a row at which a mistake has its full colour."""
        mistakes = self.shares[:, : len(self.labels)] * ~np.eye(len(self.labels), dtype=bool)
        return max(_LEAST_SCALE, float(mistakes.max(initial=0.0)))

    def said_at(self, column: int) -> int:
        """The label of a column, or `ABSTAINED`."""
        return column if column < len(self.labels) else ABSTAINED

    def column_of(self, said: int) -> int:
        return said if said != ABSTAINED else len(self.labels)

    def column_name(self, column: int) -> str:
        return self.labels[column] if column < len(self.labels) else tr("to a person")

    def pairs(self, num: int) -> list[Pair]:
        """The pairs that are mixed up most often, by rows; the abstained are not mixed up."""
        size = len(self.labels)
        mistakes = np.where(np.eye(size, dtype=bool), 0, self.counts[:, :size])
        order = np.argsort(-mistakes, axis=None, kind="stable")[:num]
        found = []
        for place in order.tolist():
            truth, said = divmod(place, size)
            if mistakes[truth, said]:
                found.append(Pair(truth, said, int(mistakes[truth, said]), float(self.shares[truth, said])))
        return found

    def told(self, truth: int, column: int) -> str:
        """A cell in words."""
        label, count = self.labels[truth], number(int(self.counts[truth, column]))
        share = percent(float(self.shares[truth, column]))
        values = {"label": label, "count": count, "share": share}
        if column >= len(self.labels):
            return tr("{label}, left to a person: {count} ({share})", **values)
        if column == truth:
            return tr("{label}, said rightly: {count} ({share})", **values)
        return tr("{label}, said to be {said}: {count} ({share})", said=self.labels[column], **values)

    def fill(self, truth: int, column: int) -> str:
        """The colour of a cell: blue where it is right, orange where it is not, grey where nothing is said."""
        return fill_of(float(self.shares[truth, column]), self._kind(truth, column), self.scale)

    def _kind(self, truth: int, column: int) -> str:
        if column >= len(self.labels):
            return "abstained"
        return "right" if truth == column else "wrong"


def fill_of(share: float, kind: str, scale: float = 1.0) -> str:
    colours = tokens()
    if kind == "right":
        return mixed(colours.s1, colours.card, 0.12 + 0.7 * share)
    if kind == "abstained":
        return mixed(colours.text3, colours.card, 0.08 + 0.4 * share)
    strength = min(1.0, share / scale) ** 0.6
    return mixed(colours.s2, colours.card, 0.03 + 0.6 * strength)


def ink_on(fill: str) -> str:
    """Readable words on a colour: the theme's own ink where its contrast is 4.5 : 1 or more, else white or black."""
    for ink in (tokens().text, "#FFFFFF", "#000000"):
        if contrast(ink, fill) >= _READABLE:
            return ink
    return max(("#FFFFFF", "#000000"), key=lambda ink: contrast(ink, fill))


def contrast(one: str, other: str) -> float:
    """Of two colours, 1 to 21 (WCAG 2.1)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in QColor(colour).getRgb()[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
