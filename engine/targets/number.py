"""Number: every text has a number. Truths are float64 [N], answers [N, 1]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.messages import Message, message
from engine.metrics.label_errors import LabelErrors, errors_of_numbers
from engine.metrics.number_figures import NumberFigures, figures_of_numbers
from engine.records import UNDECIDED, Answers, Decision, Figure, Prediction, TargetKind
from engine.targets.target import Bools, Floats, RowDoubts, Target, WorstAnswer


class Number(Target):
    name: ClassVar[TargetKind] = "number"
    is_categorical = False
    default_loss = "mse"
    validated = ("loss", "mse", "mae", "r2")
    leading_metric = "mae"
    hub_task = "text-regression"
    undecided = ""
    row_figures = NumberFigures

    def encode(self, cells: Sequence[Any], labels: Sequence[str]) -> Floats:
        del labels
        return np.array(cells, dtype=np.float64)

    def strata(self, truths: NDArray[Any]) -> NDArray[np.int64]:
        """All alike."""
        return np.zeros(len(truths), dtype=np.int64)

    def reordered(self, truths: NDArray[Any], order: Sequence[int]) -> NDArray[Any]:
        del order
        return truths

    def has_label(self, truths: NDArray[Any], label: int) -> Bools:
        raise AssertionError(f"a number has no label {label}")

    def own_label(self, answers: Answers, place: int) -> float:
        assert answers.truths is not None
        return float(answers.truths[place])

    def truth_in_words(self, answers: Answers, place: int) -> str:
        return "" if answers.truths is None else f"{answers.truths[place]:.4g}"

    def questions(self, truths: NDArray[Any], num_labels: int) -> list[NDArray[Any]]:
        del num_labels
        return [truths]

    def probabilities(self, logits: ArrayLike, loss: str, temperature: float = 1.0) -> Floats:
        del loss, temperature
        return np.asarray(logits, dtype=np.float64)

    def logits(self, probabilities: Floats) -> NDArray[np.float32]:
        return probabilities.astype(np.float32)

    def decide(self, probabilities: ArrayLike, labels: Sequence[str], decision: Decision) -> Floats:
        """The number itself."""
        del labels, decision
        return np.asarray(probabilities, dtype=np.float64)[:, 0]

    def predictions(
        self, probabilities: ArrayLike, labels: Sequence[str], decision: Decision = UNDECIDED
    ) -> list[Prediction]:
        """The label is the number itself."""
        return [Prediction(f"{value:.4g}", {}) for value in self.decide(probabilities, labels, decision).tolist()]

    def row_doubts(self, probabilities: Floats, said: NDArray[Any], answers: Answers) -> RowDoubts:
        off = np.zeros(len(said)) if answers.truths is None else np.abs(said - answers.truths)
        none = np.zeros(len(said), dtype=bool)
        return RowDoubts(off > 0, none, off, np.zeros(len(said), dtype=np.int64), off)

    def figures(self, said: NDArray[Any], truths: NDArray[Any]) -> dict[str, Figure]:
        """mae, rmse, r2 and bias; {} without rows."""
        found = figures_of_numbers(said, truths) if len(said) else {}
        return {name: Figure(found[name]) for name in ("mae", "rmse", "r2", "bias") if name in found}

    def simplest(self, truths: NDArray[Any], num_labels: int, num_strangers: int = 0) -> Floats:
        del num_labels, num_strangers
        return np.full((len(truths), 1), truths.astype(np.float64).mean())

    def label_errors(self, probabilities: Floats, truths: NDArray[Any], labels: Sequence[str]) -> LabelErrors:
        del labels
        return errors_of_numbers(probabilities[:, 0], truths)

    def error(self, probabilities: Floats, truths: NDArray[Any]) -> float:
        return float(np.mean((probabilities[:, 0] - truths) ** 2))

    def merits(self, probabilities: Floats, truths: NDArray[Any]) -> Floats:
        """How far off it is."""
        off: Floats = np.abs(probabilities[:, 0] - truths)
        return off

    def worst(self, probabilities: Floats, truths: NDArray[Any], labels: Sequence[str], num: int) -> list[WorstAnswer]:
        """The largest errors."""
        del labels
        errors = self.merits(probabilities, truths)
        order = np.argsort(-errors, kind="stable")[:num].tolist()
        return [WorstAnswer(row, f"{probabilities[row, 0]:.4g}", float("nan")) for row in order if errors[row]]

    def headline(self, told: dict[str, Any], positive: str | None, recall: str) -> Message:
        del positive, recall
        return message(
            "Its numbers are {value} off in the mean ({low} to {high}). Measured on {count:plural:text:texts}: "
            "{split}.",
            **told,
        )

    def card(self, num_labels: int, labels: str) -> str:
        del num_labels, labels
        return "This model reads a text and says a number."
