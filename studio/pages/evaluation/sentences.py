"""Sentences: how good it is and where it fails, in words with their numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.records import Answers, Calibration, CheckedPromise, Figure, Promise, Reliability
from studio.numbers import number, percent
from studio.pages.evaluation.decision_metrics import Judged
from studio.translation import tr
from studio.widgets.label_names import quoted

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


def headline(answers: Answers, judged: Judged) -> str:
    """The sentence under the page's title."""
    rows = rows_words(answers)
    if answers.truths is None:
        return tr("The file has no labels, so nothing can be measured; these are the answers to its {rows}.", rows=rows)
    if answers.kind == "number":
        figures = judged.figures
        return tr(
            "It is off by {mae} on average (R² {r2}) on {rows}.",
            mae=number(figures["mae"].value),
            r2=f"{figures['r2'].value:.2f}",
            rows=rows,
        )
    values = {
        "precision": percent(judged.figures["precision"].value),
        "recall": percent(judged.figures["recall"].value),
        "rows": rows,
    }
    said = tr("Precision {precision}, recall {recall} on {rows}.", **values)
    return " ".join(part for part in (said, weak_spot(answers, judged), to_a_person(judged)) if part)


def weak_spot(answers: Answers, judged: Judged) -> str:
    """The label of which most are missed; "" where none is."""
    weakest = judged.weakest
    if weakest is None:
        return ""
    values = {"label": quoted(answers.labels[weakest]), "share": percent(1 - float(judged.recall[weakest]))}
    if answers.kind == "several" or judged.num_answered < judged.num_rows:
        return tr("{label} is its weak spot: {share} of them are missed.", **values)
    return tr("{label} is its weak spot: {share} of them land elsewhere.", **values)


def to_a_person(judged: Judged) -> str:
    """How many texts are left to a person; "" for none."""
    left = judged.num_rows - judged.num_answered
    if not left:
        return ""
    return tr("It leaves {share} to a person.", share=percent(left / judged.num_rows))


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
