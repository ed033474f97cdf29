"""Verdicts: what is said of every row under a decision, whether it is wrong and how sure the model was; numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.metrics.decision_rules import ABSTAINED, decided, decided_several
from engine.metrics.probabilities import probabilities_of
from engine.records import Answers, Decision


@dataclass(frozen=True)
class RowPredictions:
    """Row by row, N rows of L labels.

    `said`: label ids int64 [N] (`ABSTAINED` where none is), bool [N, L] for several labels, numbers float64 [N].
    `wrong` bool [N], all False without truths; `abstained` bool [N]. `sure` float64 [N]: the probability of what is
    said (of what is likeliest where nothing is), for several labels that of `question`, for a number the distance from
    the truth (0 without one). `question` int64 [N]: the label that the row is about; of several labels the worst wrong
    one, else the least sure. `badness` float64 [N] is what rows are ordered by: sure and wrong first, then what was
    left to a person, then what is right, the least sure first.
    """

    probabilities: np.ndarray
    said: np.ndarray
    wrong: np.ndarray
    abstained: np.ndarray
    sure: np.ndarray
    question: np.ndarray
    badness: np.ndarray


class Judge:
    """Judges the same answers again and again, as a threshold is dragged: what depends on the temperature alone is
    kept."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._temperature = float("nan")
        self._probabilities = np.empty((0, 0))
        self._likeliest = np.empty(0, dtype=np.int64)

    def judge(self, decision: Decision) -> RowPredictions:
        if decision.temperature != self._temperature:
            self._temperature = decision.temperature
            self._probabilities = probabilities_of(self._answers, decision.temperature)
            self._likeliest = self._probabilities.argmax(axis=1)
        if self._answers.kind == "number":
            return self._of_numbers()
        if self._answers.kind == "several":
            return self._of_several(decision)
        return self._of_one(decision)

    def _of_one(self, decision: Decision) -> RowPredictions:
        given, truths = self._probabilities, self._answers.truths
        said = decided(given, self._answers.labels, decision)
        abstained = said == ABSTAINED
        question = np.where(abstained, self._likeliest, said)
        sure = np.take_along_axis(given, question[:, None], axis=1)[:, 0]
        wrong = np.zeros(len(said), dtype=bool) if truths is None else (said != truths) & ~abstained
        return RowPredictions(given, said, wrong, abstained, sure, question, _badness(sure, wrong, abstained))

    def _of_several(self, decision: Decision) -> RowPredictions:
        given, truths = self._probabilities, self._answers.truths
        said = decided_several(given, self._answers.labels, decision)
        certain = np.where(said, given, 1.0 - given)
        mistaken = np.zeros_like(said) if truths is None else said != truths
        wrong = mistaken.any(axis=1)
        if self._answers.unknown is not None:
            wrong |= self._answers.unknown.any(axis=1)
        worst = np.where(mistaken, certain, -1.0).argmax(axis=1)
        question = np.where(wrong, worst, certain.argmin(axis=1))
        sure = np.take_along_axis(certain, question[:, None], axis=1)[:, 0]
        return RowPredictions(given, said, wrong, ~said.any(axis=1), sure, question, _badness(sure, wrong, None))

    def _of_numbers(self) -> RowPredictions:
        said, truths = self._probabilities[:, 0], self._answers.truths
        off = np.zeros(len(said)) if truths is None else np.abs(said - truths)
        none = np.zeros(len(said), dtype=bool)
        return RowPredictions(self._probabilities, said, off > 0, none, off, np.zeros(len(said), dtype=np.int64), off)


def _badness(sure: np.ndarray, wrong: np.ndarray, abstained: np.ndarray | None) -> np.ndarray:
    found = np.where(wrong, 2.0 + sure, 1.0 - sure)
    return found if abstained is None else np.where(abstained, 1.0 + sure, found)
