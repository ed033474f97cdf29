"""OneLabel: every text has exactly one of the labels. Truths are ids [N], -1 for a label that is not among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.messages import Message, message
from engine.metrics.decision_rules import decided
from engine.records import Decision, Kind
from engine.targets.target import SMALLEST, Bools, Floats, Target, WorstAnswer


class OneLabel(Target):
    name: ClassVar[Kind] = "one"
    is_exclusive = True
    default_loss = "cross-entropy"
    leading_metric = "accuracy"
    undecided = "the likeliest label"
    below_threshold = "the text is left to a person"
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

    def questions(self, truths: NDArray[Any], num_labels: int) -> list[NDArray[Any]]:
        """One a label; two labels are one question."""
        return [truths == code for code in ([1] if num_labels == 2 else range(num_labels))]

    def logits(self, probabilities: Floats) -> NDArray[np.float32]:
        return np.log(np.clip(probabilities, SMALLEST, 1.0 - SMALLEST)).astype(np.float32)

    def decide(self, probabilities: ArrayLike, labels: Sequence[str], decision: Decision) -> NDArray[np.int64]:
        return decided(probabilities, labels, decision)

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
