"""Choice: which rows are shown, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.metrics.decision_rules import ABSTAINED
from engine.records import Answers
from engine.targets import Decided
from studio.pages.evaluation.target_view import Order, Scope, view_of


@dataclass(frozen=True)
class RowSelection:
    """`scope` "cell": `truth` and `said` are label ids, None for any; `said` may be `ABSTAINED`. "slice": `places` in
    the answers under the name `title`."""

    scope: Scope = "errors"
    truth: int | None = None
    said: int | None = None
    places: np.ndarray | None = field(default=None, compare=False)
    title: str = ""


def first_choice(answers: Answers) -> RowSelection:
    """What is shown before anything was chosen: the errors, or all where there is no telling right from wrong."""
    scopes = view_of(answers).scopes(has_truths=answers.truths is not None)
    return RowSelection("errors" if "errors" in scopes else "all")


def chosen_rows(choice: RowSelection, decided: Decided, order: Order) -> np.ndarray:
    """[rows] places in the answers."""
    places = _places(choice, decided)
    if order == "row":
        return places
    if order == "worst":
        return places[np.argsort(-decided.doubts.badness[places], kind="stable")]
    sure = decided.doubts.sure[places]
    return places[np.argsort(-sure if order == "surest" else sure, kind="stable")]


def _places(choice: RowSelection, decided: Decided) -> np.ndarray:
    if choice.scope == "slice" and choice.places is not None:
        places: np.ndarray = choice.places
        return places
    if choice.scope == "cell":
        return np.flatnonzero(_in_cell(choice, decided))
    if choice.scope == "abstained":
        return np.flatnonzero(decided.doubts.silent)
    return np.flatnonzero(decided.doubts.wrong) if choice.scope == "errors" else np.arange(decided.num_rows)


def _in_cell(choice: RowSelection, decided: Decided) -> np.ndarray:
    """bool [N]."""
    inside, target, truths = np.ones(decided.num_rows, dtype=bool), decided.target, decided.answers.truths
    if choice.truth is not None and truths is not None:
        inside &= target.has_label(truths, choice.truth)
    if choice.said == ABSTAINED:
        inside &= decided.doubts.silent
    elif choice.said is not None:
        inside &= target.has_label(decided.said, choice.said)
    return inside
