"""Contents: all that a report tells of one run and one set of rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.events import RunStarted
from engine.metrics.probabilities import probabilities_of
from engine.records import Answers, Decision, Measures, Slice
from engine.runs.run import Run


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

    @property
    def found(self) -> np.ndarray:
        """Probabilities [N, L] at the saved temperature, or numbers [N, 1]."""
        return probabilities_of(self.answers, self.decision.temperature)

    @property
    def truths(self) -> np.ndarray:
        assert self.answers.truths is not None, "nothing is measured without labels"
        return self.answers.truths


@dataclass(frozen=True)
class Error:
    """`said` what was said, with its probability (nan for a number)."""

    place: int
    true: str
    said: str
    probability: float


def worst_errors(contents: Contents, num: int) -> list[Error]:
    """The most certain wrong answers first; the largest errors of numbers."""
    answers, found, truths = contents.answers, contents.found, contents.truths
    if answers.kind == "number":
        errors = np.abs(found[:, 0] - truths)
        order = np.argsort(-errors, kind="stable")[:num]
        return [
            Error(int(one), f"{truths[one]:.4g}", f"{found[one, 0]:.4g}", float("nan")) for one in order if errors[one]
        ]
    if answers.kind == "several":
        return _of_several(answers, found, truths, num)
    said = found.argmax(axis=1)
    wrong = np.flatnonzero(said != truths)
    order = wrong[np.argsort(-found[wrong, said[wrong]], kind="stable")][:num]
    labels = answers.labels
    return [
        Error(int(one), ", ".join(answers.true_labels(int(one))), labels[said[one]], float(found[one, said[one]]))
        for one in order
    ]


def _of_several(answers: Answers, found: np.ndarray, truths: np.ndarray, num: int) -> list[Error]:
    """By the surest of a text's wrong answers."""
    said = found >= 0.5
    sureness = np.where(said == truths, 0.0, np.where(said, found, 1 - found))
    worst = sureness.max(axis=1)
    order = np.argsort(-worst, kind="stable")[:num]
    named = [
        [", ".join(answers.true_labels(int(row))) for row in order],
        [", ".join(np.array(answers.labels)[said[row]]) for row in order],
    ]
    rows = zip(order, named[0], named[1], strict=True)
    return [Error(int(row), true, told, float(worst[row])) for row, true, told in rows if worst[row] > 0]
