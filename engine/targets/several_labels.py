"""SeveralLabels: a text has any number of the labels, or none. Truths are bool [N, L]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.messages import Message, message
from engine.metrics.decision_rules import decided_several
from engine.records import Decision, Kind
from engine.targets.target import SMALLEST, Bools, Floats, Target, WorstAnswer

_HALF = 0.5


class SeveralLabels(Target):
    name: ClassVar[Kind] = "several"
    may_have_several = True
    default_loss = "binary-cross-entropy"
    leading_metric = "accuracy"
    undecided = "each label from a probability of .5 upwards"
    below_threshold = "it is not said"

    def encode(self, cells: Sequence[Any], labels: Sequence[str]) -> Bools:
        ids = {label: index for index, label in enumerate(labels)}
        found = np.zeros((len(cells), len(labels)), dtype=np.bool_)
        for row, named in enumerate(cells):
            found[row, [ids[label] for label in named if label in ids]] = True
        return found

    def strata(self, truths: NDArray[Any]) -> NDArray[np.int64]:
        """The text's rarest label, -1 for a text of none."""
        has: Bools = truths.astype(np.bool_)
        rarest_first = np.argsort(has.sum(axis=0), kind="stable")
        found: NDArray[np.int64] = rarest_first[has[:, rarest_first].argmax(axis=1)]
        return np.where(has.any(axis=1), found, -1)

    def reordered(self, truths: NDArray[Any], order: Sequence[int]) -> NDArray[Any]:
        return truths[:, list(order)]

    def has_label(self, truths: NDArray[Any], label: int) -> Bools:
        return truths[:, label].astype(np.bool_)

    def questions(self, truths: NDArray[Any], num_labels: int) -> list[NDArray[Any]]:
        del num_labels
        return list(truths.T)

    def logits(self, probabilities: Floats) -> NDArray[np.float32]:
        sure = np.clip(probabilities, SMALLEST, 1.0 - SMALLEST)
        return (np.log(sure) - np.log1p(-sure)).astype(np.float32)

    def decide(self, probabilities: ArrayLike, labels: Sequence[str], decision: Decision) -> Bools:
        return decided_several(probabilities, labels, decision)

    def error(self, probabilities: Floats, truths: NDArray[Any]) -> float:
        return float(np.mean((probabilities > _HALF) != truths))

    def merits(self, probabilities: Floats, truths: NDArray[Any]) -> Floats:
        """Right where all labels are."""
        right: Bools = ((probabilities >= _HALF) == truths).all(axis=1)
        return right.astype(np.float64)

    def worst(self, probabilities: Floats, truths: NDArray[Any], labels: Sequence[str], num: int) -> list[WorstAnswer]:
        """By the surest of a text's wrong answers."""
        said = probabilities >= _HALF
        sureness = np.where(said == truths, 0.0, np.where(said, probabilities, 1 - probabilities)).max(axis=1)
        order = np.argsort(-sureness, kind="stable")[:num].tolist()
        names = np.array(labels)
        found = [WorstAnswer(row, ", ".join(names[said[row]]), float(sureness[row])) for row in order]
        return [one for one in found if one.probability > 0]

    def headline(self, told: dict[str, Any], positive: str | None, recall: str) -> Message:
        del positive, recall
        return message(
            "It gives {value} of the texts exactly the right labels ({low} to {high}). Measured on "
            "{count:plural:text:texts}: {split}.",
            **told,
        )

    def answers_in_words(self, labels: Message) -> Message:
        return message("any of {labels}", labels=labels)

    def card(self, num_labels: int, labels: str) -> str:
        return f"This model gives a text any number of {num_labels} labels, or none: {labels}."
