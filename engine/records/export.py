"""A model that was exported: what was written, and how closely it answers as the studio does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Format = Literal["hf", "onnx"]
"""A folder of transformers, or an ONNX file with what it needs."""

BUILT_IN = "built-in texts"
"""What an export was checked on where no texts of the model's own are at hand."""


@dataclass(frozen=True)
class Exported:
    """`files` are names in `folder`, with their bytes. On `num_rows` texts of `checked_on` ("test", "validation" or
    `BUILT_IN`) the files' probabilities differ from the studio's by `max_difference` at most (numbers: of 1 or of the
    number, whichever is larger). `snippet` is Python that asks the model.
    `is_in_words`: rows were answered in words; `max_difference` is the share of those that are answered otherwise."""

    format: Format
    files: dict[str, int]
    max_difference: float
    num_rows: int
    folder: Path
    snippet: str
    checked_on: str = ""
    is_in_words: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "folder": str(self.folder),
            "files": list(self.files),
            "bytes": self.files,
            "max_difference": self.max_difference,
            "num_rows": self.num_rows,
            "checked_on": self.checked_on,
            "snippet": self.snippet,
        }
