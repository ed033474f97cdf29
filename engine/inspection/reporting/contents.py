"""Contents: all that a report tells of one run and one set of rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.events import RunStarted
from engine.records import Answers, Decision, Measures, Slice
from engine.runs.run import Run
from engine.targets import Decided, WorstAnswer


@dataclass(frozen=True)
class Contents:
    """`table` is the name of the file with all predictions; `started` what the journal says of the run's beginning."""

    run: Run
    answers: Answers
    measures: Measures
    decision: Decision
    slices: tuple[Slice, ...]
    started: RunStarted | None
    table: str

    @cached_property
    def decided(self) -> Decided:
        """The answers by the saved decision."""
        return Decided(self.answers, self.decision)

    @property
    def truths(self) -> np.ndarray:
        """[rows] or [rows, labels]"""
        assert self.answers.truths is not None, "nothing is measured without labels"
        return self.answers.truths


def worst_errors(contents: Contents, num: int) -> list[WorstAnswer]:
    """The most certain wrong answers first; the largest errors of numbers."""
    decided = contents.decided
    return decided.target.worst(decided.probabilities, contents.truths, contents.answers.labels, num)
