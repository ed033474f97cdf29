"""Target: what a row's truth is, and all that is done by it. N rows, L labels.

`truths` are as `records.Answers` has them: what `encode` makes of cells. `probabilities` [N, L] are what
`Target.probabilities` makes of logits; for a target without labels the values themselves, [N, 1].
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.messages import Message
from engine.metrics.calibration import fitted_temperature
from engine.metrics.decided_figures import Tally
from engine.metrics.decision_rules import label_scores
from engine.metrics.label_errors import LabelErrors
from engine.metrics.resampling import RowFigures
from engine.records import UNDECIDED, Answers, Decision, Figure, Prediction, TargetKind

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


@dataclass(frozen=True)
class RowDoubts:
    """What is said of each row, held against its truth; [N] each.

    `wrong` is all False without truths, `silent` where no label is said. `sure`: the probability of what is said (of
    what is likeliest where nothing is), of several labels that of `question`, of a number the distance from the truth
    (0 without one). `question`: the label that the row is about; of several labels the worst wrong one, else the least
    sure. `badness` is what rows are ordered by: sure and wrong first, then what was left to a person, then what is
    right, the least sure first.
    """

    wrong: Bools
    silent: Bools
    sure: Floats
    question: NDArray[np.int64]
    badness: Floats

    @cached_property
    def largest(self) -> float:
        """The most that `sure` is of any row; 1 without rows."""
        return float(self.sure.max()) if len(self.sure) else 1.0


class Target(ABC):
    """Stateless; `registry.target_of` gives the one object of each kind."""

    name: ClassVar[TargetKind]
    """As files and configs write it."""
    is_categorical: ClassVar[bool] = True
    """Labels have names, and what a model says of them are probabilities."""
    is_exclusive: ClassVar[bool] = False
    """Every text has exactly one of the labels."""
    may_have_several: ClassVar[bool] = False
    """A text has any number of the labels, or none; each is a question of its own."""
    default_loss: ClassVar[str]
    """The name of the loss by which probabilities are read where nothing was trained."""
    validated: ClassVar[tuple[str, ...]]
    """What a validation measures and the best checkpoint can be chosen by, the usual one first."""
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

    def label_ids(self, truth: Any) -> list[int]:
        """Of the labels that one row has, as they stand in `truths`; [] for numbers."""
        del truth
        return []

    def true_labels(self, answers: Answers, place: int) -> tuple[str, ...]:
        """The own labels of row number `place` in words, those that the model does not know too; () for numbers and
        without labels."""
        if answers.truths is None:
            return ()
        found = [answers.labels[one] for one in self.label_ids(answers.truths[place])]
        if answers.unknown is not None:
            found += [answers.strangers[one].label for one in np.flatnonzero(answers.unknown[place])]
        return tuple(found)

    @abstractmethod
    def own_label(self, answers: Answers, place: int) -> str | tuple[str, ...] | float:
        """The truth of row number `place`, as a file of corrections has it. Only of answers with truths."""

    def truth_in_words(self, answers: Answers, place: int) -> str:
        """The truth of row number `place`, for a person; "" where it is that there is no label."""
        return ", ".join(self.true_labels(answers, place))

    def with_unknown(self, truths: NDArray[Any], unknown: Bools, num_labels: int) -> NDArray[Any]:
        """[N] or [N, L + U]: truths where the `unknown` labels [N, U] follow the `num_labels` that the model has."""
        del unknown, num_labels
        return truths

    def positive(self, labels: Sequence[str], positive_label: str | None) -> int | None:
        """The id of the positive one of two labels (without a choice the second one); None for all else."""
        del labels, positive_label
        return None

    @abstractmethod
    def questions(self, truths: NDArray[Any], num_labels: int) -> list[NDArray[Any]]:
        """[N] each: what one linear model a question is asked, yes or no (or a number)."""

    # answers

    @abstractmethod
    def probabilities(self, logits: ArrayLike, loss: str, temperature: float = 1.0) -> Floats:
        """[N, L] from logits [N, L] divided by `temperature`, of a model trained with the loss of this name; numbers
        [N, 1] come back as they are."""

    @abstractmethod
    def logits(self, probabilities: Floats) -> NDArray[np.float32]:
        """[N, L]: what gives these probabilities back under the `default_loss`."""

    @abstractmethod
    def predictions(
        self, probabilities: ArrayLike, labels: Sequence[str], decision: Decision = UNDECIDED
    ) -> list[Prediction]:
        """What is said of each row, in words."""

    @abstractmethod
    def decide(self, probabilities: ArrayLike, labels: Sequence[str], decision: Decision) -> NDArray[Any]:
        """What is said at the decision's thresholds: ids [N] (-1 where the text is left to a person), of several labels
        bool [N, L], numbers [N]."""

    def scores(self, probabilities: ArrayLike, label: int) -> Floats:
        """[N]: what a threshold on label number `label` is compared with."""
        return label_scores(probabilities, label, several=self.may_have_several)

    def usual_threshold(self, num_labels: int) -> float | None:
        """From where on a label without a threshold is said; None where it must be the likeliest, and for numbers."""
        del num_labels
        return None

    def warmed(self, decision: Decision, temperature: float, labels: Sequence[str], loss: str) -> Decision:
        """The decision at another temperature. Where a label's probability follows from one difference of scores alone
        (two labels with softmax, several labels with a sigmoid each) a threshold moves to where the same texts reach
        it, and so its promise holds; elsewhere thresholds go."""
        del decision, labels, loss
        return Decision(temperature=temperature)

    # how good they are

    def num_answered(self, said: NDArray[Any]) -> int:
        """Rows of which something is said; of several labels none of them is an answer too."""
        return len(said)

    @abstractmethod
    def row_doubts(self, probabilities: Floats, said: NDArray[Any], answers: Answers) -> RowDoubts:
        """Of what `decide` said."""

    def tally(self, said: NDArray[Any], truths: NDArray[Any], num_labels: int) -> Tally | None:
        """Rows counted by label; `truths` are ids below `num_labels`, or bool [N, num_labels], of which the model knows
        the first ones. None for what has no labels."""
        del said, truths, num_labels
        return None

    def figures(self, said: NDArray[Any], truths: NDArray[Any]) -> dict[str, Figure]:
        """The figures that stand first on a page, of what has no `tally`."""
        raise NotImplementedError(self.name)

    row_figures: ClassVar[Callable[..., RowFigures]]
    """All figures as functions of how often a row counts, of (probabilities, truths, positive, *, has_ranking=True,
    num_strangers=0): the last `num_strangers` labels are those that the model does not know, and with `has_ranking`
    False AUC and average precision are left out."""

    @abstractmethod
    def simplest(self, truths: NDArray[Any], num_labels: int, num_strangers: int = 0) -> Floats:
        """What can be said without reading, [N, L] or [N, 1]: every label's share of these rows, so the most frequent
        one; the mean number. The last labels may be ones that nobody can say."""

    @abstractmethod
    def label_errors(self, probabilities: Floats, truths: NDArray[Any], labels: Sequence[str]) -> LabelErrors:
        """Rows whose label is likely wrong, by whoever did not learn from them."""

    def confidences(self, probabilities: ArrayLike, truths: ArrayLike) -> tuple[Floats, Bools]:
        """(what was said, whether it came true), one entry a question; not of numbers."""
        raise NotImplementedError(self.name)

    def log_loss(self, probabilities: ArrayLike, truths: ArrayLike) -> float:
        """The mean of -log of what was said of the truth; not of numbers."""
        raise NotImplementedError(self.name)

    def fitted_temperature(self, logits: ArrayLike, truths: NDArray[Any], loss: str) -> float:
        """The temperature of the least log loss, of logits [N, L]. 1 where there is none to find: every answer is
        right, so that colder is always better, or there are no rows."""
        found = self.probabilities(logits, loss)
        if not len(found) or self.merits(found, truths).all():
            return 1.0
        return fitted_temperature(lambda one: self.log_loss(self.probabilities(logits, loss, one), truths))

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
