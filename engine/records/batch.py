"""What a batch prediction wrote."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class BatchPredicted:
    """`path` is the CSV that was written: `num_rows` rows in the order of the source, `num_blank` of them without a
    text and so without an answer; `num_abstained` are left to a person. `counts` are rows by the label that was said
    (none for a number). `seconds` from the first row to the last, on `device`."""

    path: Path
    num_rows: int
    num_blank: int
    num_abstained: int
    counts: dict[str, int]
    seconds: float
    device: str

    @property
    def rows_per_second(self) -> float:
        return self.num_rows / max(self.seconds, 1e-9)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path), "rows_per_second": self.rows_per_second}
