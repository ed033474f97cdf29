"""From probabilities to answers: a temperature, thresholds, and what was promised for them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Promise:
    """ "When the model says `label`, it is right at least `precision` of the time", with this `confidence`. An empty
    label stands for whichever one of many it says: all of them then have the same threshold.

    `threshold` is the least probability from which the label is said; None where nothing can be promised, and then
    `rows_needed` validation rows would do, if they are like those at hand (None: no number would). `lower_bound` is
    what the validation rows guarantee at the threshold. Of the `num_rows` validation rows: `recall` of the label,
    `coverage` (the share of all rows that still get an answer), `precision_seen`.
    """

    label: str
    precision: float
    confidence: float
    threshold: float | None
    num_rows: int
    lower_bound: float = 0.0
    precision_seen: float = 0.0
    recall: float = 0.0
    coverage: float = 0.0
    rows_needed: int | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> Promise:
        return Promise(**tree)


@dataclass(frozen=True)
class Decision:
    """How a model's logits become an answer; it is saved in the model's config.json under "decision".

    Logits are divided by `temperature`. A label with a threshold is said from that probability upwards, else the model
    abstains (“send to a person”); a label without one is said when it is the likeliest. Of several labels a text each
    is said from its threshold upwards, .5 without one. `engine.metrics.decision_rules` decides by it.
    """

    temperature: float = 1.0
    thresholds: Mapping[str, float] = field(default_factory=dict)
    promises: tuple[Promise, ...] = ()

    def with_promise(self, promise: Promise, labels: Sequence[str], *, several: bool = False) -> Decision:
        """The same, with the threshold of a promise that could be made. What it contradicts is dropped: an older
        promise of its label, one of all labels and, as both of two labels with thresholds are at least .5, a lower
        threshold of the other label. `several`: a text may have several labels, so that each stands alone."""
        if promise.threshold is None:
            return self
        own = dict.fromkeys([promise.label] if promise.label else labels, promise.threshold)
        is_pair = len(labels) == 2 and not several
        kept = {label: value for label, value in self.thresholds.items() if not is_pair or value >= 0.5}
        others = tuple(one for one in self.promises if one.label in kept and one.label not in own)
        return replace(self, thresholds={**kept, **own}, promises=(*others, promise))

    def __bool__(self) -> bool:
        return self.temperature != 1.0 or bool(self.thresholds)

    def to_json(self) -> dict[str, Any]:
        return {
            "temperature": self.temperature,
            "thresholds": dict(self.thresholds),
            "promises": [one.to_json() for one in self.promises],
        }

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> Decision:
        temperature = float(tree.get("temperature", 1.0))
        if not 0 < temperature < math.inf:
            raise ValueError(temperature)
        return Decision(
            temperature=temperature,
            thresholds={str(label): float(value) for label, value in tree.get("thresholds", {}).items()},
            promises=tuple(Promise.from_json(one) for one in tree.get("promises", [])),
        )


UNDECIDED = Decision()
"""The likeliest label, at any probability."""
