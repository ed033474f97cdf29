"""SeveralLabels: a text has any number of the labels, or none. Truths are bool [N, L]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.messages import Message, message
from engine.metrics.calibration import confidences_of_each, log_loss_of_each
from engine.metrics.decided_figures import Tally, tally_of_sets
from engine.metrics.decision_rules import decided_several, warmed
from engine.metrics.label_counts import frequencies
from engine.metrics.label_errors import errors_of_sets
from engine.metrics.label_figures import LabelSetFigures
from engine.metrics.probabilities import separate_probabilities
from engine.records import UNDECIDED, Answers, Decision, Prediction, TargetKind
from engine.targets.target import SMALLEST, Bools, Floats, RowDoubts, Target, WorstAnswer

_HALF = 0.5


class SeveralLabels(Target):
    name: ClassVar[TargetKind] = "several"
    may_have_several = True
    default_loss = "binary-cross-entropy"
    validated = ("f1", "precision", "recall", "accuracy", "loss", "f1_micro")
    leading_metric = "accuracy"
    undecided = "each label from a probability of .5 upwards"
    below_threshold = "it is not said"
    decide = staticmethod(decided_several)
    row_figures = LabelSetFigures
    label_errors = staticmethod(errors_of_sets)
    confidences = staticmethod(confidences_of_each)
    log_loss = staticmethod(log_loss_of_each)

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

    def label_ids(self, truth: Any) -> list[int]:
        found: list[int] = np.flatnonzero(truth).tolist()
        return found

    def own_label(self, answers: Answers, place: int) -> tuple[str, ...]:
        return self.true_labels(answers, place)

    def with_unknown(self, truths: NDArray[Any], unknown: Bools, num_labels: int) -> NDArray[Any]:
        del num_labels
        return np.concatenate([np.asarray(truths, dtype=bool), unknown], axis=1)

    def questions(self, truths: NDArray[Any], num_labels: int) -> list[NDArray[Any]]:
        del num_labels
        return list(truths.T)

    def probabilities(self, logits: ArrayLike, loss: str, temperature: float = 1.0) -> Floats:
        del loss
        return separate_probabilities(logits, temperature)

    def logits(self, probabilities: Floats) -> NDArray[np.float32]:
        sure = np.clip(probabilities, SMALLEST, 1.0 - SMALLEST)
        return (np.log(sure) - np.log1p(-sure)).astype(np.float32)

    def predictions(
        self, probabilities: ArrayLike, labels: Sequence[str], decision: Decision = UNDECIDED
    ) -> list[Prediction]:
        given = np.asarray(probabilities, dtype=np.float64)
        chosen = decided_several(given, labels, decision).tolist()
        named = [tuple(label for label, is_said in zip(labels, row, strict=True) if is_said) for row in chosen]
        trees = (dict(zip(labels, row, strict=True)) for row in given.tolist())
        return [Prediction(", ".join(said), tree, said) for said, tree in zip(named, trees, strict=True)]

    def usual_threshold(self, num_labels: int) -> float:
        del num_labels
        return _HALF

    def warmed(self, decision: Decision, temperature: float, labels: Sequence[str], loss: str) -> Decision:
        del labels, loss
        return warmed(decision, temperature)

    def row_doubts(self, probabilities: Floats, said: NDArray[Any], answers: Answers) -> RowDoubts:
        certain = np.where(said, probabilities, 1.0 - probabilities)
        mistaken = np.zeros_like(said) if answers.truths is None else said != answers.truths
        wrong = np.asarray(mistaken.any(axis=1))
        if answers.unknown is not None:
            wrong |= answers.unknown.any(axis=1)
        question = np.where(wrong, np.where(mistaken, certain, -1.0).argmax(axis=1), certain.argmin(axis=1))
        sure = np.take_along_axis(certain, question[:, None], axis=1)[:, 0]
        silent = np.asarray(~said.any(axis=1))
        return RowDoubts(wrong, silent, sure, question, np.where(wrong, 2.0 + sure, 1.0 - sure))

    def tally(self, said: NDArray[Any], truths: NDArray[Any], num_labels: int) -> Tally:
        """Labels that the model does not know are never said."""
        never = np.zeros((len(said), num_labels - said.shape[1]), dtype=np.bool_)
        return tally_of_sets(np.concatenate([said, never], axis=1) if never.size else said, truths.astype(bool))

    def simplest(self, truths: NDArray[Any], num_labels: int, num_strangers: int = 0) -> Floats:
        del num_labels
        return frequencies(truths.astype(bool), num_strangers)

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
