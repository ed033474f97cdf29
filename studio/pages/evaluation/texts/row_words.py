"""Row words: a text as one line, and what the chosen rows are called."""

from __future__ import annotations

from engine.metrics.decision_rules import ABSTAINED
from engine.records import Answers
from studio.pages.evaluation.target_view import view_of
from studio.pages.evaluation.texts.row_selection import RowSelection
from studio.translation import tr


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
            return view_of(answers).silent_title()
        case "all":
            return view_of(answers).all_title(has_truths=answers.truths is not None)
        case "errors":
            return tr("Where it is wrong")


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
