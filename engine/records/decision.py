"""From probabilities to answers: a temperature, thresholds, and what was promised for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Promise:
    """ "When the model says `label`, it is right at least `precision` of the time", with this `confidence`.

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
    is said from its threshold upwards, .5 without one. `engine.metrics.deciding` decides by it.
    """

    temperature: float = 1.0
    thresholds: Mapping[str, float] = field(default_factory=dict)
    promises: tuple[Promise, ...] = ()

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
        return Decision(
            temperature=float(tree.get("temperature", 1.0)),
            thresholds={str(label): float(value) for label, value in tree.get("thresholds", {}).items()},
            promises=tuple(Promise.from_json(one) for one in tree.get("promises", [])),
        )


UNDECIDED = Decision()
"""The likeliest label, at any probability."""
