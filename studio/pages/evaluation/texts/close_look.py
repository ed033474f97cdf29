"""CloseLook: the card of one row, what is asked about it, and what is said about its label."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.records import Similar
from engine.runs.corrections import Label
from studio.pages.evaluation.texts.label_edits import LabelledRow, labelled_row
from studio.pages.evaluation.texts.row_card import RowCard
from studio.pages.evaluation.texts.rows_model import RowsModel
from studio.workers.query import Asker, Query

_NUM_SIMILAR = 3


class CloseLook(QObject):
    """`failed(error)` of what was asked. Training rows that are like a text are remembered."""

    failed = Signal(object)

    def __init__(self, board: RowsModel, card: RowCard, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board, self._asker, self.card = board, asker, card
        self._similar: dict[int, tuple[Similar, ...]] = {}
        self._is_refused = False
        card.corrected.connect(self.correct)
        card.taken_back.connect(self._take_back)

    def forget(self) -> None:
        """Another subject."""
        self._asker.stop("similar")
        self._similar, self._is_refused = {}, False
        self.card.show_row(self._board, None)

    def show_place(self, place: int | None) -> None:
        self.card.show_row(self._board, place)
        if place is None:
            self._asker.stop("similar")
        elif place in self._similar:
            self.card.show_similar(self._similar[place])
        else:
            self._ask(place)

    def refresh(self) -> None:
        """The same row under another decision or with new marks."""
        if self.card.place is not None:
            self.card.show_row(self._board, self.card.place)

    def _ask(self, place: int) -> None:
        subject = self._board.subject
        if subject is None or subject.run is None or self._is_refused:
            return
        query = Query("similar", (subject, place), subject.run, self._board.text(place), _NUM_SIMILAR)
        self._asker.ask(query.success(partial(self._take, place)).failure(self._refuse))

    def _take(self, place: int, rows: tuple[Similar, ...]) -> None:
        self._similar[place] = rows
        if place == self.card.place:
            self.card.show_similar(rows)

    def _refuse(self, error: AttuneError) -> None:
        self._is_refused = True
        self.failed.emit(error)

    # -- labels --------------------------------------------------------------------------------------------------------

    def correct(self, label: Label | None) -> None:
        """Give the row that is looked at another label, or (None) leave it out; its own label takes that back."""
        row = self._labelled()
        if row is None:
            return
        if label == row.label:
            self._board.ledger.take_back(row)
        else:
            self._board.ledger.say(row, label)

    def _take_back(self) -> None:
        row = self._labelled()
        if row is not None:
            self._board.ledger.take_back(row)

    def _labelled(self) -> LabelledRow | None:
        subject, place = self._board.subject, self.card.place
        if subject is None or place is None or subject.answers.truths is None or not self._board.ledger.can_correct:
            return None
        return labelled_row(subject.answers, place)
