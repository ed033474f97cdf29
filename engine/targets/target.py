"""Target: what a row's truth is, and all that is done by it. N rows, L labels.

`truths` are as `records.Answers` has them: what `encode` makes of cells. `probabilities` [N, L] are what
`Target.probabilities` makes of logits; for a target without labels the values themselves, [N, 1].
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.messages import Message
from engine.metrics.decision_rules import label_scores
from engine.metrics.predictions import predictions
from engine.metrics.probabilities import probabilities
from engine.records import UNDECIDED, Answers, Decision, Kind, Prediction

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SMALLEST = 1e-9
"""A probability of 0 or 1 is taken for one that is this far from it, so that it has a logit."""


@dataclass(frozen=True)
class WorstAnswer:
    """A wrong answer to row number `place` (from 0): `said` in words, its probability (nan where there is none)."""

    place: int
    said: str
    probability: float


class Target(ABC):
    """Stateless; `registry.target_of` gives the one object of each kind."""

    name: ClassVar[Kind]
    """As files and configs write it."""
    is_categorical: ClassVar[bool] = True
    """Labels have names, and what a model says of them are probabilities."""
    is_exclusive: ClassVar[bool] = False
    """Every text has exactly one of the labels."""
    may_have_several: ClassVar[bool] = False
    """A text has any number of the labels, or none; each is a question of its own."""
    default_loss: ClassVar[str]
    """The name of the loss by which probabilities are read where nothing was trained."""
    leading_metric: ClassVar[str]
    """What two runs are compared by."""

    # truths

    @abstractmethod
    def encode(self, cells: Sequence[Any], labels: Sequence[str]) -> NDArray[Any]:
        """The truths of N cells of a split's column of labels, as `records.Answers` has them."""

    @abstractmethod
    def strata(self, truths: NDArray[Any]) -> NDArray[np.int64]:
        """[N]: numbers by which rows are spread evenly over parts."""

    @abstractmethod
    def reordered(self, truths: NDArray[Any], order: Sequence[int]) -> NDArray[Any]:
        """The truths when label number `order[i]` becomes number i."""

    def has_label(self, truths: NDArray[Any], label: int) -> Bools:
        """[N]: whether a row has label number `label`."""
        found: Bools = truths == label
        return found

    def truth_in_words(self, answers: Answers, place: int) -> str:
        """The truth of row number `place`, for a person; "" where it is that there is no label."""
        return ", ".join(answers.true_labels(place))

    @abstractmethod
    def questions(self, truths: NDArray[Any], num_labels: int) -> list[NDArray[Any]]:
        """[N] each: what one linear model a question is asked, yes or no (or a number)."""

    # answers

    def probabilities(self, logits: ArrayLike, loss: str, temperature: float = 1.0) -> Floats:
        """[N, L] from logits [N, L] divided by `temperature`, of a model trained with the loss of this name."""
        return probabilities(logits, self.name, loss, temperature)

    @abstractmethod
    def logits(self, probabilities: Floats) -> NDArray[np.float32]:
        """[N, L]: what gives these probabilities back under the `default_loss`."""

    def predictions(
        self, probabilities: ArrayLike, labels: Sequence[str], decision: Decision = UNDECIDED
    ) -> list[Prediction]:
        """What is said of each row, in words."""
        return predictions(probabilities, labels, self.name, decision)

    @abstractmethod
    def decide(self, probabilities: ArrayLike, labels: Sequence[str], decision: Decision) -> NDArray[Any]:
        """What is said at the decision's thresholds: ids [N] (-1 where the text is left to a person), of several labels
        bool [N, L], numbers [N]."""

    def scores(self, probabilities: ArrayLike, label: int) -> Floats:
        """[N]: what a threshold on label number `label` is compared with."""
        return label_scores(probabilities, label, several=self.may_have_several)

    @abstractmethod
    def error(self, probabilities: Floats, truths: NDArray[Any]) -> float:
        """How wrong the likeliest answers are in the mean: the share of wrong ones, or the mean squared error."""

    @abstractmethod
    def merits(self, probabilities: Floats, truths: NDArray[Any]) -> Floats:
        """[N]: each row's part of the `leading_metric`: 1 for a right answer and 0 for a wrong one, or how far off."""

    @abstractmethod
    def worst(self, probabilities: Floats, truths: NDArray[Any], labels: Sequence[str], num: int) -> list[WorstAnswer]:
        """The most certain of the wrong answers, at most `num`, the worst first."""

    # words

    def headline_metric(self, *, has_positive: bool) -> str:
        """The figure that a report begins with; `has_positive`: of two labels one is the positive one."""
        del has_positive
        return self.leading_metric

    @abstractmethod
    def headline(self, told: dict[str, Any], positive: str | None, recall: str) -> Message:
        """How good it is in one sentence. `told` has value, low, high, count and split; `recall` is that of the label
        `positive`, if there is one."""

    def answers_in_words(self, labels: Message) -> Message:
        """What it says of a text; `labels` are its labels in words."""
        return labels

    @abstractmethod
    def card(self, num_labels: int, labels: str) -> str:
        """For a model card, in English: what the model says of a text."""

    hub_task: ClassVar[str] = "text-classification"
    """As the hub calls it."""
    undecided: ClassVar[str]
    """For a model card: what it says where no threshold was saved; "" where there can be none."""
    below_threshold: ClassVar[str] = ""
    """For a model card: what happens below a label's threshold."""
    misuse: ClassVar[str] = ""
    """For a model card: one more thing that it must not be used for."""
