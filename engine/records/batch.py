"""What became of a file of texts that were all answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class RowAnswer:
    """What is said of a row in words ("" for a deliberate silence), how sure that is, and further columns of a table of
    answers, the same for all rows."""

    answer: str
    score: float | None = None
    columns: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchPredicted:
    """`path` is the table that was written; `counts` are rows a label said, `num_abstained` those left to a person (in
    words: those that got no answer), `num_blank` those without a text. `seconds` from the first row to the last, on
    `device`."""

    path: Path
    num_rows: int
    num_abstained: int
    counts: Mapping[str, int] = field(default_factory=dict)
    rows_per_second: float = 0.0
    seconds: float = 0.0
    num_blank: int = 0
    device: str = ""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path)}
