"""attribute: how much each token of a text counts for the answer, by any of the five methods."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from engine.errors import InputError
from engine.inspection.attention.rollout import rollout_scores
from engine.inspection.attribution.attribution_target import Answering, ask
from engine.inspection.attribution.gradients import gradient_x_input, integrated_gradients
from engine.inspection.attribution.leave_one_out import leave_one_out
from engine.inspection.subjects.loaded_models import Trained
from engine.messages import message
from engine.models.answering import model_kind
from engine.models.capture import read_attention
from engine.records import METHODS, UNCHANGED, AttentionRecord, Attribution, Method, Progress, Switches


def attribute(
    trained: Trained, text: str, method: Method, switches: Switches = UNCHANGED, label: str | None = None
) -> Answering[Attribution]:
    """Of `label`, or of the answer that the model gives under `switches`.

    attention and rollout speak of where the model looks, whatever the label; a model that gives no answer has them too.
    Raises InputError for an unknown method, for a model without what the method needs, and as `ask` does.
    """
    match method:
        case "attention":
            yield Progress(0, 1)
            record = _read(trained, text, switches)
            return _of_maps(trained, record, method, record.received(), label)
        case "rollout":
            yield Progress(0, 1)
            record = _read(trained, text, switches)
            return _of_maps(trained, record, method, rollout_scores(trained.model, record), label)
        case "gradient":
            return (yield from gradient_x_input(ask(trained, text, switches, label)))
        case "integrated-gradients":
            return (yield from integrated_gradients(ask(trained, text, switches, label)))
        case "leave-one-out":
            return (yield from leave_one_out(ask(trained, text, switches, label)))
        case _:
            refuse_unknown(method)
            assert_never(method)


def refuse_unknown(method: str) -> None:
    """Raises InputError for what is no method."""
    if method not in METHODS:
        raise InputError(
            message("There is no method “{method}”.", method=method),
            mend=message("Choose one of: {known}.", known=list(METHODS)),
        )


def _read(trained: Trained, text: str, switches: Switches) -> AttentionRecord:
    record = read_attention(trained.model, trained.tokenizer, text, trained.max_length, switches)
    if not record.maps:
        raise InputError(
            message("This model has no attention."),
            mend=message("Choose another method, such as “leave-one-out”."),
        )
    return record


def _of_maps(
    trained: Trained, record: AttentionRecord, method: Method, scores: np.ndarray, label: str | None
) -> Attribution:
    if model_kind(trained.model) == "encoder":
        return Attribution(method, "", 0.0, record.tokens, record.special, scores)
    question = ask(trained, record.text, record.switches, label)
    return Attribution(method, question.label, question.probability, record.tokens, record.special, scores)
