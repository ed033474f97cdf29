"""OneLabel: every text has exactly one of the labels. Truths are ids [N], -1 for a label that is not among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.messages import Message, message
from engine.metrics.calibration import confidences_of_likeliest, log_loss_of_ids
from engine.metrics.decided_figures import tally_of_ids
from engine.metrics.decision_rules import ABSTAINED, decided, threshold_of, warmed
from engine.metrics.label_counts import frequencies, one_hot, positive_id
from engine.metrics.label_errors import errors_of_ids
from engine.metrics.label_figures import LabelFigures
from engine.metrics.probabilities import shared_probabilities
from engine.records import UNDECIDED, Answers, Decision, Prediction, TargetKind
from engine.targets.target import SMALLEST, Bools, Floats, RowDoubts, Target, WorstAnswer


class OneLabel(Target):
    name: ClassVar[TargetKind] = "one"
    is_exclusive = True
    default_loss = "cross-entropy"
    validated = ("f1", "precision", "recall", "accuracy", "loss", "auc", "average_precision", "precision_at_recall")
    leading_metric = "accuracy"
    undecided = "the likeliest label"
    below_threshold = "the text is left to a person"
    probabilities = staticmethod(shared_probabilities)
    decide = staticmethod(decided)
    positive = staticmethod(positive_id)
    tally = staticmethod(tally_of_ids)
    row_figures = LabelFigures
    label_errors = staticmethod(errors_of_ids)
    confidences = staticmethod(confidences_of_likeliest)
    log_loss = staticmethod(log_loss_of_ids)
    misuse = "Texts that belong to none of its labels: it has no word for them and says one of its own."

    def encode(self, cells: Sequence[Any], labels: Sequence[str]) -> NDArray[np.int64]:
        ids = {label: index for index, label in enumerate(labels)}
        return np.array([ids.get(label, -1) for label in cells], dtype=np.int64)

    def strata(self, truths: NDArray[Any]) -> NDArray[np.int64]:
        """The label."""
        return truths.astype(np.int64)

    def reordered(self, truths: NDArray[Any], order: Sequence[int]) -> NDArray[Any]:
        ids = truths.astype(np.int64)
        return np.where(ids < 0, ids, np.argsort(order)[ids])

    def label_ids(self, truth: Any) -> list[int]:
        return [int(truth)] if truth >= 0 else []

    def own_label(self, answers: Answers, place: int) -> str:
        return self.true_labels(answers, place)[0]

    def with_unknown(self, truths: NDArray[Any], unknown: Bools, num_labels: int) -> NDArray[Any]:
        return np.where(unknown.any(axis=1), num_labels + unknown.argmax(axis=1), truths)

    def questions(self, truths: NDArray[Any], num_labels: int) -> list[NDArray[Any]]:
        """One a label; two labels are one question."""
        return [truths == code for code in ([1] if num_labels == 2 else range(num_labels))]

    def logits(self, probabilities: Floats) -> NDArray[np.float32]:
        return np.log(np.clip(probabilities, SMALLEST, 1.0 - SMALLEST)).astype(np.float32)

    def predictions(
        self, probabilities: ArrayLike, labels: Sequence[str], decision: Decision = UNDECIDED
    ) -> list[Prediction]:
        given = np.asarray(probabilities, dtype=np.float64)
        found = decided(given, labels, decision)
        is_open = found == ABSTAINED
        thresholds = [threshold_of(decision, label, labels) for label in labels]
        places = np.where(is_open, given.argmax(axis=1), found).tolist()
        return [
            Prediction(
                labels[place], dict(zip(labels, row, strict=True)), abstains=abstains, threshold=thresholds[place]
            )
            for place, row, abstains in zip(places, given.tolist(), is_open.tolist(), strict=True)
        ]

    def usual_threshold(self, num_labels: int) -> float | None:
        return 0.5 if num_labels <= 2 else None

    def warmed(self, decision: Decision, temperature: float, labels: Sequence[str], loss: str) -> Decision:
        if len(labels) != 2 or loss == "binary-cross-entropy":
            return super().warmed(decision, temperature, labels, loss)
        return warmed(decision, temperature)

    def num_answered(self, said: NDArray[Any]) -> int:
        return int((said != ABSTAINED).sum())

    def row_doubts(self, probabilities: Floats, said: NDArray[Any], answers: Answers) -> RowDoubts:
        silent = said == ABSTAINED
        question = said.copy()
        question[silent] = probabilities[silent].argmax(axis=1)
        sure = np.take_along_axis(probabilities, question[:, None], axis=1)[:, 0]
        wrong = np.zeros(len(said), dtype=bool) if answers.truths is None else (said != answers.truths) & ~silent
        badness = np.where(silent, 1.0 + sure, np.where(wrong, 2.0 + sure, 1.0 - sure))
        return RowDoubts(wrong, silent, sure, question, badness)

    def simplest(self, truths: NDArray[Any], num_labels: int, num_strangers: int = 0) -> Floats:
        return frequencies(one_hot(truths.astype(np.int64), num_labels), num_strangers)

    def error(self, probabilities: Floats, truths: NDArray[Any]) -> float:
        return float(np.mean(probabilities.argmax(axis=1) != truths))

    def merits(self, probabilities: Floats, truths: NDArray[Any]) -> Floats:
        right: Bools = probabilities.argmax(axis=1) == truths
        return right.astype(np.float64)

    def worst(self, probabilities: Floats, truths: NDArray[Any], labels: Sequence[str], num: int) -> list[WorstAnswer]:
        said = probabilities.argmax(axis=1)
        wrong = np.flatnonzero(said != truths)
        order = wrong[np.argsort(-probabilities[wrong, said[wrong]], kind="stable")][:num].tolist()
        return [WorstAnswer(row, labels[said[row]], float(probabilities[row, said[row]])) for row in order]

    def headline_metric(self, *, has_positive: bool) -> str:
        return "precision" if has_positive else "accuracy"

    def headline(self, told: dict[str, Any], positive: str | None, recall: str) -> Message:
        if positive is None:
            return message(
                "It gives {value} of the texts the right label ({low} to {high}). Measured on "
                "{count:plural:text:texts}: {split}.",
                **told,
            )
        return message(
            "When it says “{label}”, it is right {value} of the time ({low} to {high}), and it finds {recall} of them. "
            "Measured on {count:plural:text:texts}: {split}.",
            label=positive,
            recall=recall,
            **told,
        )

    def card(self, num_labels: int, labels: str) -> str:
        return f"This model gives a text one of {num_labels} labels: {labels}."
