"""Many runs as one: what a study knows of its variants, and what it found."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from engine.messages import Message


@dataclass(frozen=True)
class Spread:
    """A figure over seeds: its mean, its sample standard deviation, and the values themselves in the seeds' order."""

    mean: float
    deviation: float
    values: tuple[float, ...]


@dataclass(frozen=True)
class VariantResult:
    """One row of a study's table. `figures`: precision, recall, f1, accuracy (on `split`), seconds, memory_bytes.
    `title` in words; `runs` are the names of its runs inside the study's folder, in the seeds' order."""

    name: str
    title: Message
    figures: dict[str, Spread]
    runs: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        figures = {name: asdict(spread) for name, spread in self.figures.items()}
        return {"name": self.name, "title": self.title.english(), "figures": figures, "runs": list(self.runs)}


@dataclass(frozen=True)
class StudyReport:
    """What a study found so far: its table, and in words what helped and what is within noise."""

    kind: str
    state: str
    seeds: tuple[int, ...]
    split: str
    rows: tuple[VariantResult, ...]
    findings: tuple[Message, ...] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "state": self.state,
            "seeds": list(self.seeds),
            "split": self.split,
            "table": [row.to_json() for row in self.rows],
            "findings": [one.english() for one in self.findings],
        }
