"""Board: the answers, what is said of them now, which rows are chosen, and what is known of each."""

from __future__ import annotations

import numpy as np

from engine.records import Decision
from engine.runs.corrections import Correction
from studio.pages.evaluation.texts.attribution_queue import AttributionQueue, Wish
from studio.pages.evaluation.texts.label_edits import LabelEdits
from studio.pages.evaluation.texts.row_predictions import Judge, RowPredictions
from studio.pages.evaluation.texts.row_selection import Order, RowSelection, chosen_rows
from studio.pages.evaluation.texts.subject import Subject
from studio.pages.evaluation.texts.word_marks import WordMarks


class RowsModel:
    """What the table of texts and the card of one row read from."""

    def __init__(self, marker: AttributionQueue, ledger: LabelEdits) -> None:
        self.marker, self.ledger = marker, ledger
        self.subject: Subject | None = None
        self.verdicts: RowPredictions | None = None
        self.choice, self.order = RowSelection(), "worst"
        self._judge: Judge | None = None

    def show_subject(self, subject: Subject | None) -> None:
        self.subject, self.verdicts = subject, None
        self._judge = None if subject is None else Judge(subject.answers)
        self.choice = RowSelection()

    def judge(self, decision: Decision) -> None:
        if self._judge is not None:
            self.verdicts = self._judge.judge(decision)

    def chosen(self) -> np.ndarray:
        """[rows] places in the answers, in the chosen order."""
        if self.subject is None or self.verdicts is None:
            return np.empty(0, dtype=np.int64)
        order: Order = self.order  # type: ignore[assignment]
        return chosen_rows(self.choice, self.subject.answers, self.verdicts, order)

    def text(self, place: int) -> str:
        assert self.subject is not None
        return self.subject.answers.texts[place]

    def wish(self, place: int) -> Wish:
        """Which words are asked for: those that pushed the model to what the row is about."""
        assert self.subject is not None and self.verdicts is not None
        answers, verdicts, text = self.subject.answers, self.verdicts, self.text(place)
        if answers.kind == "number":
            is_short = answers.truths is not None and bool(verdicts.said[place] < answers.truths[place])
            return Wish(place, text, None, against=is_short)
        question = int(verdicts.question[place])
        is_denied = answers.kind == "several" and not verdicts.said[place, question]
        return Wish(place, text, answers.labels[question], against=is_denied)

    def marks(self, place: int) -> WordMarks | None:
        return self.marker.marks(self.wish(place))

    def correction(self, place: int) -> Correction | None:
        """What the person has said about the row's label."""
        assert self.subject is not None
        return self.ledger.find(int(self.subject.answers.rows[place]), self.text(place))
