"""Sentences: how good it is and where it fails, in words with their numbers, whatever the target is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from engine.metrics.registry import metric_of
from engine.records import Answers, Calibration, CheckedPromise, Figure, Promise, Reliability
from engine.records.measures import Interval
from engine.targets import Decided
from studio.numbers import number, percent
from studio.translation import capitalized, tr, words

METHODS: Mapping[Interval, Callable[[], str]] = {
    "wilson": lambda: tr("95 % interval by Wilson's method"),
    "bootstrap": lambda: tr("95 % interval by the bootstrap: the texts are drawn anew many times"),
    "": lambda: "",
}

_RIGHT_WITHIN, _SLIGHT, _STRONG = 0.01, 0.04, 0.12
"""Points between how sure it is and how often it is right, over all texts: right, slightly off, far off."""


def rows_words(answers: Answers) -> str:
    """Which texts were looked over."""
    count = len(answers)
    if answers.split == "test":
        return tr("{count:plural:text:texts} it never saw", count=count)
    if answers.split == "validation":
        return tr("{count:plural:validation text:validation texts}", count=count)
    return tr("{count:plural:text:texts} of {name}", count=count, name=Path(answers.source).name)


def to_a_person(decided: Decided) -> str:
    """How many texts are left to a person; "" for none."""
    left = decided.num_rows - decided.num_answered
    if not left:
        return ""
    return tr("It leaves {share} to a person.", share=percent(left / decided.num_rows))


def sure_share(share: float) -> str:
    """Whole percents; nothing is ever quite sure."""
    if share > 0.9995:
        return f">{percent(0.999)}"
    return percent(share, 0 if share < 0.995 else 1)


def title_of(name: str) -> str:
    """Of a figure of `Measures`, as it stands at the head of a column."""
    return capitalized(metric_of(name).heading)


def about(name: str) -> str:
    """What a figure says, whatever it is of; "" where its name says it."""
    help = metric_of(name).help
    return "" if help is None else words(help)


def interval_words(figure: Figure, digits: int = 1) -> str:
    """`93.2 to 94.9`, in percent; "" where there is none."""
    if not np.isfinite([figure.low, figure.high]).all():
        return ""
    low, high = (100 * min(1.0, max(0.0, end)) for end in (figure.low, figure.high))
    return tr("{low} to {high}", low=f"{low:.{digits}f}", high=f"{high:.{digits}f}")


def number_interval(figure: Figure) -> str:
    """Of a figure that is no share."""
    if not np.isfinite([figure.low, figure.high]).all():
        return ""
    return tr("{low} to {high}", low=number(figure.low), high=number(figure.high))


def split_words(split: str) -> str:
    names = {"test": tr("test texts"), "validation": tr("validation texts"), "train": tr("training texts")}
    return names.get(split, tr("the file's texts"))


def promise_words(promise: Promise) -> str:
    """What is promised, as it is told under the target."""
    return tr(
        "{precision} are promised, with {confidence} confidence on {count:plural:validation text:validation texts}.",
        precision=percent(promise.precision),
        confidence=percent(promise.confidence, 0),
        count=promise.num_rows,
    )


def refusal_words(checked: CheckedPromise) -> str:
    """Why nothing can be promised, and how many rows it would take."""
    promise = checked.promise
    values = {"precision": percent(promise.precision), "label": promise.label, "count": promise.num_rows}
    if promise.rows_needed is None:
        return tr(
            "{precision} cannot be promised for “{label}”: on {count:plural:validation text:validation texts} it is "
            "not right often enough at any threshold. More texts like these would not help; a better model would.",
            **values,
        )
    return tr(
        "{precision} cannot be promised for “{label}” with {count:plural:validation text:validation texts}. About "
        "{needed} like these would do.",
        needed=number(promise.rows_needed),
        **values,
    )


def sureness(found: Reliability) -> float:
    """How much surer it is than right, over all texts; less than 0: it is too modest."""
    weights = found.count / max(1, int(found.count.sum()))
    return float(np.sum(weights * (found.said - found.true)))


def sureness_words(found: Reliability) -> str:
    """In a few words, beside the curve."""
    gap = sureness(found)
    if found.error < _RIGHT_WITHIN or abs(gap) < found.error / 4:
        return tr("about right") if found.error < _SLIGHT else tr("sure in the wrong places")
    if gap > 0:
        return tr("slightly too sure") if gap < _SLIGHT else tr("too sure") if gap < _STRONG else tr("far too sure")
    if gap > -_SLIGHT:
        return tr("slightly too modest")
    return tr("too modest") if gap > -_STRONG else tr("far too modest")


def calibration_words(found: Calibration, *, is_corrected: bool) -> str:
    """The sentence under the reliability plot."""
    before, after = (f"{100 * one.error:.1f}" for one in (found.before, found.after))
    if is_corrected:
        return tr(
            "Corrected by temperature {temperature}: {after} points off on average.",
            temperature=f"{found.temperature:.2f}",
            after=after,
        )
    if found.after.error >= found.before.error - 0.0005:
        return tr("{before} points off on average; a correction would not help.", before=before)
    return tr(
        "{before} points off on average; {after} when corrected (temperature {temperature}).",
        before=before,
        after=after,
        temperature=f"{found.temperature:.2f}",
    )
