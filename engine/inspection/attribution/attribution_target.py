"""Question: one answer to one text, whose reasons are asked for."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from engine.config.losses import MeanSquaredError
from engine.errors import InputError
from engine.inspection.subjects.loaded_models import Trained
from engine.messages import message
from engine.models.answering import answers_of, index_of, logits_of, loss_choice_of, model_kind, prediction_of
from engine.models.capture import inputs_of
from engine.models.lens import Lens
from engine.models.mechanisms import forward
from engine.models.reading import ReadText, read_text
from engine.records import UNCHANGED, Progress, Switches

Result = TypeVar("Result")
Answering = Generator[Progress, None, Result]
"""Yields between chunks of work: whoever asks for something newer meanwhile closes it there."""

Ids = tuple[int, ...]


@dataclass(frozen=True)
class AttributionTarget:
    """Why does `trained` under `switches` answer `label` to this text? `answer` is the label's place among the logits,
    `probability` what it gets (the number itself where the target is a number)."""

    trained: Trained
    read: ReadText
    switches: Switches
    answer: int
    label: str
    probability: float

    @property
    def is_number(self) -> bool:
        model = self.trained.model
        return model_kind(model) == "classifier" and isinstance(loss_choice_of(model), MeanSquaredError)

    @property
    def words(self) -> np.ndarray:
        """[words]: places of the tokens that stand for a part of the text."""
        return np.flatnonzero(~np.array(self.read.special))

    def without(self, places: Iterable[int]) -> Ids:
        """The text's ids less those at `places`."""
        left_out = {int(place) for place in places}
        return tuple(index for place, index in enumerate(self.read.input_ids) if place not in left_out)


def ask(trained: Trained, text: str, switches: Switches = UNCHANGED, label: str | None = None) -> AttributionTarget:
    """The question about `label`, or about the likeliest answer under `switches`.

    Raises InputError for a model that gives no answer, a label that it does not know, a text in which it reads nothing
    and a switched-off head that it has not.
    """
    _refuse_silent(trained)
    if label is not None and trained.labels and label not in trained.labels:
        raise InputError(
            message("There is no label “{label}”.", label=label),
            mend=message("Choose one of: {labels}.", labels=list(trained.labels)),
        )
    read = read_text(trained.tokenizer, text, trained.max_length)
    logits = _logits(trained, read, switches)
    answer = index_of(trained.model, trained.tokenizer, label, logits)
    return AttributionTarget(
        trained, read, switches, answer, _name(trained, answer, logits), _said(trained, logits, answer)
    )


def answer_under(question: AttributionTarget, switches: Switches) -> tuple[int, float]:
    """(likeliest answer, probability of the question's own) for the same text under other switches."""
    logits = _logits(question.trained, question.read, switches)
    return int(logits.argmax()), _said(question.trained, logits, question.answer)


def _refuse_silent(trained: Trained) -> None:
    if model_kind(trained.model) == "encoder":
        raise InputError(
            message("This model says nothing, it only looks: there is no answer to give reasons for."),
            mend=message("Choose a classifier or a language model, or one of the methods “attention” and “rollout”."),
        )


def _logits(trained: Trained, read: ReadText, switches: Switches) -> Tensor:
    """[answers]."""
    inputs = inputs_of(read, trained.model)
    with torch.inference_mode():
        logits = logits_of(forward(trained.model, inputs, Lens(switches), trained.mechanism), inputs["attention_mask"])
    assert logits is not None  # a model that says nothing was refused
    return logits[0]


def _said(trained: Trained, logits: Tensor, answer: int) -> float:
    return float(answers_of(trained.model, logits[None])[0, answer])


def _name(trained: Trained, answer: int, logits: Tensor) -> str:
    """A classifier's label, the next token as text, or the number."""
    if trained.labels:
        return trained.labels[answer]
    if model_kind(trained.model) == "causal-lm":
        return str(trained.tokenizer.decode([answer])) or str(answer)
    return prediction_of(trained.model, trained.tokenizer, logits).label
