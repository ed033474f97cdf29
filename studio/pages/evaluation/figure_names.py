"""Figure names: what each figure is called, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.metrics.registry import metric_of
from engine.records import Answers
from engine.records.measures import Interval
from studio.translation import capitalized, tr, words

METHODS: Mapping[Interval, Callable[[], str]] = {
    "wilson": lambda: tr("95 % interval by Wilson's method"),
    "bootstrap": lambda: tr("95 % interval by the bootstrap: the texts are drawn anew many times"),
    "": lambda: "",
}


def title_of(name: str) -> str:
    """Of a figure of `Measures`, as it stands at the head of a column."""
    return capitalized(metric_of(name).heading)


def name_of(name: str, answers: Answers) -> str:
    """What a figure is about, for tooltips."""
    positive = answers.positive
    if name == "accuracy":
        several = answers.kind == "several"
        return tr("the share of texts with all labels right") if several else tr("of the texts that it answers")
    if name in ("precision", "recall", "f1"):
        if positive is not None:
            return tr("of the label “{label}”", label=answers.labels[positive])
        return tr("mean over the labels that occur")
    return about(name)


def about(name: str) -> str:
    """What a figure says, whatever it is of; "" where its name says it."""
    help = metric_of(name).help
    return "" if help is None else words(help)
