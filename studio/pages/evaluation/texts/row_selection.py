"""Choice: which rows are shown, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from engine.metrics.decision_rules import ABSTAINED
from engine.records import Answers
from engine.targets import target_of
from studio.pages.evaluation.texts.row_predictions import RowPredictions

Scope = Literal["errors", "abstained", "all", "cell", "slice"]
Order = Literal["worst", "surest", "least-sure", "row"]
SCOPES: tuple[Scope, ...] = ("errors", "abstained", "all")
ORDERS: tuple[Order, ...] = ("worst", "surest", "least-sure", "row")


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
    return RowSelection("errors" if answers.truths is not None and target_of(answers.kind).is_categorical else "all")


def chosen_rows(choice: RowSelection, answers: Answers, verdicts: RowPredictions, order: Order) -> np.ndarray:
    """[rows] places in the answers."""
    places = _places(choice, answers, verdicts)
    if order == "row":
        return places
    if order == "worst":
        return places[np.argsort(-verdicts.badness[places], kind="stable")]
    sure = verdicts.sure[places]
    return places[np.argsort(-sure if order == "surest" else sure, kind="stable")]


def _places(choice: RowSelection, answers: Answers, verdicts: RowPredictions) -> np.ndarray:
    if choice.scope == "slice" and choice.places is not None:
        places: np.ndarray = choice.places
        return places
    if choice.scope == "cell":
        return np.flatnonzero(_in_cell(choice, answers, verdicts))
    if choice.scope == "abstained":
        return np.flatnonzero(verdicts.abstained)
    return np.flatnonzero(verdicts.wrong) if choice.scope == "errors" else np.arange(len(answers))


def _in_cell(choice: RowSelection, answers: Answers, verdicts: RowPredictions) -> np.ndarray:
    """bool [N]."""
    inside = np.ones(len(answers), dtype=bool)
    target = target_of(answers.kind)
    if choice.truth is not None and answers.truths is not None:
        inside &= target.has_label(answers.truths, choice.truth)
    if choice.said == ABSTAINED:
        inside &= verdicts.abstained
    elif choice.said is not None:
        inside &= target.has_label(verdicts.said, choice.said)
    return inside
