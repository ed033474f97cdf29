"""What the Evaluation page asks the engine, and about what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject

from engine.records import Answers
from engine.runs.run import Run
from studio.workers.latest_worker import Verb
from studio.workers.questions import Inquiries, Questions, Worker

_OF_FIGURES: dict[str, Verb] = {
    "examine": "examine",
    "counted": "counted",
    "measure": "measure",
    "calibrate": "calibrate",
    "promise": "promise",
    "report": "report",
}
_URGENT = ("examine", "promise")
"""What a person waits for; the rest is measured beside it."""
_OF_ROWS: dict[str, Verb] = {
    "attribute": "attribute",
    "similar": "similar",
    "suspects": "suspects",
    "slices": "slices",
    "speed": "speed",
}


@dataclass(frozen=True, eq=False)
class Subject:
    """The run and the answers that are looked over, and what every verb needs to hear about them. Equal only to itself:
    other answers are another subject. `run` is None where a foreign model answered."""

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


def evaluation_inquiries(
    make_worker: Callable[[Verb], Worker] | None = None, parent: QObject | None = None
) -> Inquiries:
    """What the figures ask, one worker a kind of question."""
    return Inquiries(_OF_FIGURES, _URGENT, make_worker, parent)


class Requests(Questions):
    """What the rows ask, each verb in a worker that the page makes, so that what a person waits for goes first."""

    def __init__(self, worker_for: Callable[[Verb], Worker], parent: QObject | None = None) -> None:
        super().__init__(_OF_ROWS, (), worker_for, parent)
