"""SuspectModel: rows whose label is likely wrong as the rows of a table, with what the person said of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.records import Suspect
from studio import theme
from studio.pages.evaluation.sentences import sure_share
from studio.pages.evaluation.texts.answer_model import ARROW, LABELS, NEWS, ROW, SHARE, SPANS, SURE, TEXT, TONE, WHOLE
from studio.pages.evaluation.texts.label_edits import LabelEdits, correction_words
from studio.pages.evaluation.texts.line_painting import one_line
from studio.translation import tr

Index = QModelIndex | QPersistentModelIndex


class SuspectModel(QAbstractTableModel):
    """The columns and roles of `AnswerModel`, so that both are drawn alike."""

    def __init__(self, ledger: LabelEdits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger = ledger
        self.suspects: tuple[Suspect, ...] = ()

    def show(self, suspects: Sequence[Suspect]) -> None:
        self.beginResetModel()
        self.suspects = tuple(suspects)
        self.endResetModel()

    def tell_changed(self) -> None:
        if self.suspects:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.suspects) - 1, ROW))

    def counts(self) -> tuple[int, int]:
        """(reviewed, changed or left out) of the rows shown."""
        found = [self._ledger.find(one.row, one.text) for one in self.suspects]
        said = [one for one in found if one is not None]
        return len(said), sum(not one.is_kept for one in said)

    def next_open(self, row: int) -> int | None:
        """The next row of which nothing was said, from `row` on and round; None where all were reviewed."""
        count = len(self.suspects)
        order = [(row + step) % count for step in range(1, count + 1)]
        return next((at for at in order if self._said(at) is None), None)

    def row_of(self, row: int, text: str) -> int | None:
        """Where a row of the file stands in the table."""
        return next((at for at, one in enumerate(self.suspects) if one.row == row and one.text == text), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.suspects)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Text"), tr("Your label → proposed"), tr("How likely"), tr("Row"))[section]
        if role == Qt.ItemDataRole.FontRole:
            return theme.font(theme.CAPTION, 500)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == ROW else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one, column = self.suspects[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(one, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._told(index.row(), column)
        if role == NEWS:
            return self._news(index.row())
        return {
            WHOLE: one.text,
            SPANS: (),
            SHARE: one.probability_proposed,
            TONE: "wrong" if self._said(index.row()) is None else "done",
        }.get(role)

    def _shown(self, one: Suspect, column: int) -> str:
        if column == TEXT:
            return one_line(one.text)
        if column == LABELS:
            return f"{one.label}{ARROW}{one.proposed}"
        return sure_share(one.probability_proposed) if column == SURE else f"{one.row:,}"

    def _told(self, row: int, column: int) -> str:
        one = self.suspects[row]
        if column == LABELS:
            told = tr("Your label: {label}; proposed: {proposed}", label=one.label, proposed=one.proposed)
            return f"{told}; {self._news(row)}" if self._news(row) else told
        if column == ROW:
            return tr("Row {row}", row=self._shown(one, ROW))
        return self._shown(one, column)

    def _news(self, row: int) -> str:
        found = self._said(row)
        return "" if found is None else correction_words(found)

    def _said(self, row: int) -> Any:
        return self._ledger.find(self.suspects[row].row, self.suspects[row].text)
