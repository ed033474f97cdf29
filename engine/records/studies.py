"""Many runs as one: what a study knows of its variants, and what it found."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.messages import Message

QUALITIES = ("precision", "recall", "f1", "accuracy")
"""The metrics of labels that a study's table has columns for."""


@dataclass(frozen=True)
class Spread:
    """A figure over seeds: its mean, its sample standard deviation, and the values themselves in the seeds' order. Of
    one seed `half_width` is that of the 95 % interval over the rows that were measured; nan where there is none."""

    mean: float
    deviation: float
    values: tuple[float, ...]
    half_width: float = math.nan

    def to_json(self) -> dict[str, Any]:
        tree = {"mean": self.mean, "deviation": self.deviation, "values": list(self.values)}
        return tree if math.isnan(self.half_width) else {**tree, "half_width": self.half_width}


@dataclass(frozen=True)
class VariantResult:
    """One row of a study's table. `title` in words; `runs` are the names of its runs inside the study's folder and
    `states` how they stand ("waiting" before they begin), in the order of the study's seeds.

    `figures` of the runs that are finished, whose `seeds` they are: every metric that the best checkpoint was measured
    by on the report's `split`, seconds (of training, evaluations included), memory_bytes (the most in use at once while
    it trained: of the device, or of the whole program where the CPU trains), texts (read in all).
    """

    name: str
    title: Message
    figures: dict[str, Spread]
    runs: tuple[str, ...]
    states: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        figures = {name: spread.to_json() for name, spread in self.figures.items()}
        tree = {"name": self.name, "title": self.title.english(), "figures": figures, "runs": list(self.runs)}
        return {**tree, "states": list(self.states), "seeds": list(self.seeds)}


Sign = Literal["helped", "harmed", "noise", "open", "note"]


@dataclass(frozen=True)
class StudyReport:
    """What a study found so far: its table, and in words what helped and what is within noise. `signs` say of each
    finding what it is: a verdict, a question that is still open, or a note on costs, failures and what was held equal.
    `take` is the name of the run that it advises to take, "" before that is known; None where it does not advise.
    """

    kind: str
    state: str
    seeds: tuple[int, ...]
    split: str
    rows: tuple[VariantResult, ...]
    findings: tuple[Message, ...] = field(default_factory=tuple)
    signs: tuple[Sign, ...] = field(default_factory=tuple)
    take: str | None = None

    @property
    def num_runs(self) -> int:
        return sum(len(row.runs) for row in self.rows)

    @property
    def num_done(self) -> int:
        """Runs that are over, well or badly."""
        return sum(state in ("finished", "failed") for row in self.rows for state in row.states)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "state": self.state,
            "seeds": list(self.seeds),
            "split": self.split,
            "table": [row.to_json() for row in self.rows],
            "findings": [one.english() for one in self.findings],
        }
