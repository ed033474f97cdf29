"""What an answer to a text comes to, in words, bars and marks."""

from __future__ import annotations

import numpy as np

from engine.records import Prediction
from studio.numbers import likelihood
from studio.pages.try_it.asking import Tried
from studio.plots.attention.marked_text import Marks
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.bar_list import Bar
from studio.widgets.label_names import all_quoted, label_name, quoted

_MOST_LABELS = 8


def sentence(prediction: Prediction) -> str:
    """What it says, how surely, and whether that is enough; or that it can say nothing."""
    if prediction.labels is not None:
        return _several(prediction)
    if not prediction.probabilities:
        if not prediction.label:
            return tr("This model only reads: it has no part that gives an answer. Fine-tune it on labelled texts.")
        return tr("It says {number}.", number=prediction.label)
    label = quoted(prediction.label)
    share = likelihood(prediction.probabilities[prediction.label])
    if prediction.abstains and prediction.threshold is not None:
        return tr(
            "It would leave this text to a person: {label} is the likeliest with {share}, but it is said from "
            "{threshold} only.",
            label=label,
            share=share,
            threshold=likelihood(prediction.threshold),
        )
    if prediction.threshold is not None:
        return tr(
            "It says {label} with {share}; it is said from {threshold}.",
            label=label,
            share=share,
            threshold=likelihood(prediction.threshold),
        )
    return tr("It says {label} with {share}.", label=label, share=share)


def _several(prediction: Prediction) -> str:
    if not prediction.labels:
        return tr("It says none of its labels.")
    return tr("It says {labels}.", labels=all_quoted(prediction.labels))


def short_answer(prediction: Prediction) -> tuple[str, str]:
    """(what is said, how surely) for a line in a list."""
    if prediction.labels is not None:
        return ", ".join(map(label_name, prediction.labels)) or tr("none"), ""
    if not prediction.probabilities:
        return prediction.label or tr("no answer"), ""
    label = tr("to a person") if prediction.abstains else label_name(prediction.label)
    return label, likelihood(prediction.probabilities[prediction.label])


def bars(prediction: Prediction) -> list[Bar]:
    """The likeliest labels, what is said in the accent's colour."""
    said = {prediction.label} if prediction.labels is None else set(prediction.labels)
    said = set() if prediction.abstains else said
    ordered = sorted(prediction.probabilities.items(), key=lambda item: -item[1])[:_MOST_LABELS]
    return [
        Bar(
            label_name(label),
            probability,
            likelihood(probability),
            color=tokens().accent if label in said else tokens().text3,
            strong=label in said,
        )
        for label, probability in ordered
    ]


def marks_of(tried: Tried) -> Marks:
    """How much each word counts for the answer: by leave-one-out where it was measured, else as it is looked at. A
    model without attention marks nothing until then."""
    record = tried.record
    ordinary = [place for place, special in enumerate(record.special) if not special]
    spans = tuple(record.spans[place] for place in ordinary)
    if tried.marks is not None and len(tried.marks.scores) == len(record.tokens):
        return Marks(record.text, spans, tried.marks.scores[ordinary], signed=True)
    if not record.maps:
        return Marks(record.text, (), np.empty(0))
    return Marks(record.text, spans, record.received()[ordinary])
