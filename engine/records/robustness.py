"""How a classifier stands up to texts that were changed against it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

AttackMethod = Literal["character", "word"]
"""Misspelled (swapped, dropped, doubled, look-alike letters), or reworded (words replaced by near ones)."""
ATTACK_METHODS: tuple[AttackMethod, ...] = ("character", "word")


@dataclass(frozen=True)
class AttackedText:
    """One text whose answer an attack turned: before and after."""

    row: int
    before: str
    after: str
    label: str
    prediction: str
    num_changes: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Robustness:
    """`before` and `after` are metrics (precision, recall, f1, accuracy) on the same `num_rows` rows, as they are and
    attacked; `success` is the share of the rows answered rightly that the attack turned; `changed_share` the mean share
    of a turned text's words that it changed; `examples` some of the turned texts, those with few changes first;
    `intervals` the 95 % half-widths of the metrics after."""

    method: AttackMethod
    before: dict[str, float]
    after: dict[str, float]
    num_rows: int
    split: str
    success: float
    changed_share: float
    examples: tuple[AttackedText, ...] = field(default_factory=tuple)
    intervals: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
