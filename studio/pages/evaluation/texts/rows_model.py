"""RowsModel: what is said of the rows now, which of them are chosen, in which order, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.metrics.decision_rules import ABSTAINED
from engine.records import Answers
from engine.runs.corrections import Correction
from engine.targets import Decided
from studio.pages.evaluation.draft import Subject
from studio.pages.evaluation.target_view import Order, Scope, view_of
from studio.pages.evaluation.texts.attribution_queue import AttributionQueue, Wish
from studio.pages.evaluation.texts.label_edits import LabelEdits
from studio.pages.evaluation.texts.word_marks import WordMarks
from studio.translation import tr


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


class RowsModel:
    """What the table of texts and the card of one row read from. `decided` is what they show: None until rows are in
    sight, and while a threshold is dragged it may be a moment behind the draft's."""

    def __init__(self, marker: AttributionQueue, ledger: LabelEdits) -> None:
        self.marker, self.ledger = marker, ledger
        self.subject: Subject | None = None
        self.decided: Decided | None = None
        self.choice = RowSelection()
        self.order: Order = "worst"

    def show_subject(self, subject: Subject | None) -> None:
        self.subject, self.decided, self.choice = subject, None, RowSelection()

    def chosen(self) -> np.ndarray:
        """[rows] places in the answers, in the chosen order."""
        if self.decided is None:
            return np.empty(0, dtype=np.int64)
        return chosen_rows(self.choice, self.decided, self.order)

    def text(self, place: int) -> str:
        assert self.subject is not None
        return self.subject.answers.texts[place]

    def wish(self, place: int) -> Wish:
        """Which words are asked for: those that pushed the model to what the row is about."""
        assert self.decided is not None
        label, against = view_of(self.decided.answers).asked(self.decided, place)
        return Wish(place, self.text(place), label, against)

    def marks(self, place: int) -> WordMarks | None:
        return self.marker.marks(self.wish(place))

    def correction(self, place: int) -> Correction | None:
        """What the person has said about the row's label."""
        assert self.subject is not None
        return self.ledger.find(int(self.subject.answers.rows[place]), self.text(place))
