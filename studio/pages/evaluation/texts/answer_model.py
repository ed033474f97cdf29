"""AnswerModel: rows of the answers as the rows of a table: text, labels, how sure, row number."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio import theme
from studio.pages.evaluation.target_view import view_of
from studio.pages.evaluation.texts.label_edits import correction_words
from studio.pages.evaluation.texts.line_painting import one_line
from studio.pages.evaluation.texts.rows_model import RowsModel
from studio.translation import tr

Index = QModelIndex | QPersistentModelIndex
TEXT, LABELS, SURE, ROW = range(4)
PLACE, WHOLE, SPANS, SHARE, TONE, NEWS = (Qt.ItemDataRole.UserRole + number for number in range(6))
ARROW = " → "
_LONGEST_TOLD = 300


class AnswerModel(QAbstractTableModel):
    """`index.data(PLACE)` is the row's place in the answers. Of the text `WHOLE` is the text itself and `SPANS` are the
    character ranges to mark (None while they are not known); of how sure `SHARE` is the bar's length and `TONE`
    "wrong", "right" or "abstained"; `NEWS` is what the person said of the label. Texts are read as they are painted."""

    def __init__(self, board: RowsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._places = np.empty(0, dtype=np.int64)

    def show(self, places: np.ndarray) -> None:
        """Other rows, or the same ones by another decision: then the table stays where it is."""
        if np.array_equal(places, self._places) and len(places):
            self.dataChanged.emit(self.index(0, 0), self.index(len(places) - 1, ROW))
            return
        self.beginResetModel()
        self._places = places
        self.endResetModel()

    @property
    def places(self) -> np.ndarray:
        return self._places

    def row_of(self, place: int) -> int | None:
        """Where a place of the answers stands in the table."""
        found = np.flatnonzero(self._places == place)
        return int(found[0]) if len(found) else None

    def tell_changed(self, place: int) -> None:
        row = self.row_of(place)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, ROW))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles()[section]
        if role == Qt.ItemDataRole.FontRole:
            return theme.font(theme.CAPTION, 500)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == ROW else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _titles(self) -> tuple[str, str, str, str]:
        subject = self._board.subject
        has_truths = subject is None or subject.answers.truths is not None
        labels = tr("Your label → its answer") if has_truths else tr("Its answer")
        sure = tr("How sure") if subject is None else view_of(subject.answers).sure_title()
        return tr("Text, with the words that pushed it there"), labels, sure, tr("Row")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        decided = self._board.decided
        if decided is None:
            return None
        place, column = int(self._places[index.row()]), index.column()
        if role == PLACE:
            return place
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(place, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._told(place, column)
        if role == Qt.ItemDataRole.ToolTipRole and column == LABELS:
            return self._shown(place, column)
        if role == WHOLE:
            return self._board.text(place)
        if role == SPANS:
            marks = self._board.marks(place)
            return None if marks is None else marks.strong
        if role == SHARE:
            return view_of(decided.answers).share(decided, place)
        if role == TONE:
            return "wrong" if decided.doubts.wrong[place] else "abstained" if decided.doubts.silent[place] else "right"
        if role == NEWS:
            found = self._board.correction(place)
            return "" if found is None else correction_words(found)
        return None

    def _shown(self, place: int, column: int) -> str:
        decided = self._board.decided
        assert decided is not None
        if column == TEXT:
            return one_line(self._board.text(place))
        if column == LABELS:
            said, truth = self._labels(place)
            return f"{truth}{ARROW}{said}" if truth else said
        if column == SURE:
            return view_of(decided.answers).sure(decided, place)
        return f"{int(decided.answers.rows[place]):,}"

    def _labels(self, place: int) -> tuple[str, str]:
        """(what is said, the row's own label)."""
        decided = self._board.decided
        assert decided is not None
        view = view_of(decided.answers)
        return view.said(decided, place), view.truth(decided.answers, place)

    def _told(self, place: int, column: int) -> str:
        """For a screen reader: a cell alone says what it is."""
        shown = self._shown(place, column)
        if column == TEXT:
            return shown if len(shown) <= _LONGEST_TOLD else f"{shown[:_LONGEST_TOLD]}…"
        if column == SURE:
            return f"{self._titles()[SURE]}: {shown}"
        if column == ROW:
            return tr("Row {row}", row=shown)
        said, truth = self._labels(place)
        told = tr("Your label: {truth}; its answer: {said}", truth=truth, said=said) if truth else said
        found = self._board.correction(place)
        return told if found is None else f"{told}; {correction_words(found)}"
