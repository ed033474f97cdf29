"""What a labelling project is told while a person labels: which texts come next and why, and how good the model is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.messages import Message
from engine.records.measures import Figure

Order = Literal["teaching", "row", "chance", "like"]
"""What comes next: what teaches most, by row, at random, or what looks like one label."""

Why = Literal["border", "unsure", "new", "check", "chance", "row", "like"]
"""Near the border of two labels, no label sure, unlike the labelled texts, a check text, and the plain orders."""


@dataclass(frozen=True)
class Mark:
    """Characters `start` to `end` of a text speak for a label; `weight` is what they add to its score."""

    start: int
    end: int
    label: str
    weight: float


@dataclass(frozen=True)
class NextText:
    """A text to label next. `why` it comes, with the two `labels` that it lies between, how sure the best one is
    (`share`) or how many labelled texts are like it (`num_like`). `chances` by label, the likeliest first, and `marks`
    are empty for a check text, and before there is a model."""

    row: int
    text: str
    why: Why
    labels: tuple[str, ...] = ()
    share: float = 0.0
    num_like: int = 0
    chances: Mapping[str, float] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()

    @property
    def is_check(self) -> bool:
        return self.why == "check"

    @property
    def suggestion(self) -> str | None:
        """The likeliest label; None where nothing may be suggested."""
        return next(iter(self.chances), None)

    def to_json(self) -> dict[str, Any]:
        told = {"row": self.row, "text": self.text, "why": self.why, "check": self.is_check}
        return {
            **told,
            "labels": list(self.labels),
            "sure": self.share if self.why in ("border", "unsure", "like") else None,
            "num_like": self.num_like if self.why == "new" else None,
            "suggestion": self.suggestion,
            "chances": dict(self.chances),
        }


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """Accuracy on check texts by labels: `labels` int64 [points] as a person counts them, check texts among them;
    `accuracy`, `low`, `high` float64 [points] with 95 % intervals. `chance` are the same figures of as many texts drawn
    by chance, nan where they were not measured."""

    labels: NDArray[np.int64]
    accuracy: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    chance: NDArray[np.float64]

    def to_json(self) -> dict[str, Any]:
        return {
            "labels": self.labels.tolist(),
            "accuracy": self.accuracy.tolist(),
            "low": self.low.tolist(),
            "high": self.high.tolist(),
            "chance": [None if np.isnan(one) else float(one) for one in self.chance],
        }


@dataclass(frozen=True)
class Advantage:
    """What choosing gains over chance: accuracy of `num_labels` labels each (check texts among them), on the same
    check texts; `gain` is the difference with its 95 % interval."""

    num_labels: int
    chosen: float
    chance: float
    gain: Figure

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "gain": self.gain.to_json()}


@dataclass(frozen=True, eq=False)
class Projection:
    """How many labels the target needs: about `labels` (`low` to `high`), or None where that cannot honestly be said
    and `why_not` tells the reason. `ahead` float64 [points, 2]: labels and accuracy on the fitted curve."""

    target: float
    labels: int | None = None
    low: int = 0
    high: int = 0
    why_not: Message | None = None
    ahead: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))

    def to_json(self) -> dict[str, Any]:
        why_not = self.why_not.english() if self.why_not is not None else None
        return {"target": self.target, "labels": self.labels, "low": self.low, "high": self.high, "why_not": why_not}


@dataclass(frozen=True, eq=False)
class LabelsLearned:
    """What the model that learned from `num_learned` labels says: `right` of `checked` check texts, the curve, what
    choosing gains and what a target needs, each None where too little is known. `seconds` it took to learn."""

    num_learned: int
    num_labels: int
    right: int
    checked: int
    accuracy: Figure | None
    curve: LearningCurve | None = None
    advantage: Advantage | None = None
    projection: Projection | None = None
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        parts = {"curve": self.curve, "advantage": self.advantage, "projection": self.projection}
        return {
            "num_learned": self.num_learned,
            "num_labels": self.num_labels,
            "right": self.right,
            "checked": self.checked,
            "accuracy": self.accuracy.to_json() if self.accuracy is not None else None,
            **{name: part.to_json() if part is not None else None for name, part in parts.items()},
        }


@dataclass(frozen=True)
class Contradiction:
    """A nearly equal text that was labelled otherwise; `likeness` from 0 to 1 is the cosine of their weighted words."""

    row: int
    text: str
    label: str
    likeness: float


@dataclass(frozen=True)
class LabelsTaken:
    """What a file of labels gave: how many were taken, how many rows say nothing or were not found, labels that are
    new, and rows whose label was another one before."""

    num_taken: int
    num_empty: int
    num_unknown: int
    num_changed: int
    new_labels: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "new_labels": list(self.new_labels)}
