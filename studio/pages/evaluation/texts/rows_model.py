"""RowsModel: what is said of the rows now, which of them are chosen, and what is known of each."""

from __future__ import annotations

import numpy as np

from engine.runs.corrections import Correction
from engine.targets import Decided
from studio.pages.evaluation.requests import Subject
from studio.pages.evaluation.target_view import Order, view_of
from studio.pages.evaluation.texts.attribution_queue import AttributionQueue, Wish
from studio.pages.evaluation.texts.label_edits import LabelEdits
from studio.pages.evaluation.texts.row_selection import RowSelection, chosen_rows
from studio.pages.evaluation.texts.word_marks import WordMarks


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
