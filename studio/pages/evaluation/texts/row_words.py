"""Row words: what a row's label is and what the model said, in words."""

from __future__ import annotations

import math

import numpy as np

from engine.metrics.decision_rules import ABSTAINED
from engine.records import Answers
from studio.numbers import NOTHING, number, percent
from studio.pages.evaluation.texts.row_predictions import RowPredictions
from studio.pages.evaluation.texts.row_selection import RowSelection
from studio.translation import tr


def truth_words(answers: Answers, place: int) -> str:
    """The row's own label; "" in a file without labels."""
    if answers.truths is None:
        return ""
    if answers.kind == "number":
        return figure(float(answers.truths[place]))
    own = answers.true_labels(place)
    return ", ".join(own) if own or answers.kind == "one" else tr("none")


def said_words(answers: Answers, verdicts: RowPredictions, place: int) -> str:
    if answers.kind == "number":
        return figure(float(verdicts.said[place]))
    if answers.kind == "several":
        return _listed(answers, verdicts.said[place])
    said = int(verdicts.said[place])
    return tr("left to a person") if said == ABSTAINED else answers.labels[said]


def sure_words(answers: Answers, verdicts: RowPredictions, place: int) -> str:
    """A probability, or how far a number is off."""
    if answers.kind == "number":
        return NOTHING if answers.truths is None else figure(float(verdicts.sure[place]))
    return sureness(float(verdicts.sure[place]))


def sureness(share: float) -> str:
    """Whole percents; nothing is ever quite sure."""
    if share > 0.9995:
        return f">{percent(0.999)}"
    return percent(share, 0 if share < 0.995 else 1)


def one_line(text: str) -> str:
    """A text as one line of a table."""
    return " ".join(text.split()) if text.strip() else tr("(an empty text)")


def breakable(words: str) -> str:
    """Names_of_labels may go on in the next line after each low line: a zero-width space stands there."""
    return words.replace("_", "_\u200b")


def title_of(choice: RowSelection, answers: Answers) -> str:
    """The heading over the chosen rows."""
    match choice.scope:
        case "slice":
            return choice.title
        case "cell":
            return _cell_title(choice, answers)
        case "abstained":
            return tr("Left to a person") if answers.kind == "one" else tr("Without any label")
        case "all":
            return _all_title(answers)
        case "errors":
            return tr("Where it is wrong")


def _all_title(answers: Answers) -> str:
    if answers.truths is None:
        return tr("What it answered")
    return tr("Farthest off") if answers.kind == "number" else tr("All texts")


def _cell_title(choice: RowSelection, answers: Answers) -> str:
    truth = answers.labels[choice.truth] if choice.truth is not None else None
    if choice.said == ABSTAINED:
        if truth is None:
            return tr("Left to a person")
        return tr("You said “{truth}”, it left them to a person", truth=truth)
    said = answers.labels[choice.said] if choice.said is not None else None
    if truth is None:
        return tr("It said “{said}”", said=said)
    if said is None:
        return tr("You said “{truth}”", truth=truth)
    if truth == said:
        return tr("Both said “{truth}”", truth=truth)
    return tr("You said “{truth}”, it said “{said}”", truth=truth, said=said)


def figure(value: float) -> str:
    """A number of a scale: three significant figures are enough to see how far off it is."""
    if not math.isfinite(value):
        return NOTHING
    return number(float(f"{value:.3g}")) if abs(value) < 1000 else number(round(value))


def _listed(answers: Answers, having: np.ndarray) -> str:
    names = [answers.labels[index] for index in np.flatnonzero(having)]
    return ", ".join(names) if names else tr("none")
