"""Subject: the run and the answers that are looked over, and what every verb needs to hear about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.records import Answers
from engine.runs.run import Run


@dataclass(frozen=True, eq=False)
class Subject:
    """Equal only to itself: other answers are another subject. `run` is None where a foreign model answered."""

    run: Run | None
    answers: Answers

    @property
    def checkpoint(self) -> str:
        return self.answers.checkpoint or "best"

    @property
    def rows(self) -> dict[str, Any]:
        """The rows that were answered, as options of a verb."""
        if self.answers.split == "data":
            return {"source": self.answers.source, "checkpoint": self.checkpoint}
        return {"split": self.answers.split, "checkpoint": self.checkpoint}
