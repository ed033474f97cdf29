"""PreviewModel: the first rows of the data and those that were asked for, with what each column is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from engine.config.roles import LABEL, ROLES
from engine.data.columns.label_lists import labels_in
from engine.records import Preview, PreviewRows
from studio.pages.wizard.draft import IGNORE
from studio.pages.wizard.preview_cells import readable_cell
from studio.translation import tr, words

LABELS = Qt.ItemDataRole.UserRole
"""The labels of a cell that may hold several; None for other cells."""

Index = QModelIndex | QPersistentModelIndex


class PreviewModel(QAbstractTableModel):
    """The rows of a preview; `offered` are the roles that a column can be given. `label_columns` are labels of their
    own; else `sign` stands between several labels of a cell, None where a cell is one. Rows that were `asked` for stand
    beneath the first ones, under a line that says so."""

    def __init__(
        self,
        preview: Preview,
        roles: dict[str, str],
        offered: Sequence[str] = (*ROLES, IGNORE),
        label_columns: Sequence[str] = (),
        sign: str | None = None,
        asked: PreviewRows | None = None,
    ) -> None:
        super().__init__()
        self.preview = preview
        self.offered = tuple(offered)
        self.rows, self._numbers = [*preview.rows], [*_numbers_of(preview)]
        self.band = len(self.rows) if asked is not None and asked.rows else None
        self._told = _told_of(asked)
        if self.band is not None and asked is not None:
            width = len(preview.columns)
            self.rows += [("",) * width, *(_as_wide(row, asked.columns, preview.columns) for row in asked.rows)]
            self._numbers += [0, *asked.row_numbers]
        self._sign = sign
        self._role_of = {column: role for role, column in roles.items()} | dict.fromkeys(label_columns, LABEL.key)
        self._has_lists = sign is not None and not label_columns

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.preview.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.row() == self.band:
            return self._told if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        cell = self.rows[index.row()][index.column()]
        if role == LABELS:
            is_list = self._has_lists and self.role_of(index.column()) == LABEL.key
            return labels_in(cell, self._sign or "") if is_list else None
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(readable_cell(self.role_of(index.column()), cell)[:400].split())
        if role == Qt.ItemDataRole.ToolTipRole:
            return readable_cell(self.role_of(index.column()), cell)[:800]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return shown_name(self.preview.columns[section])
        return self.number(section) if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The line between is no row: the keyboard passes over it."""
        return Qt.ItemFlag.NoItemFlags if index.row() == self.band else super().flags(index)

    def number(self, row: int) -> str:
        """The row's number as findings name it."""
        return "" if row == self.band else f"{self._numbers[row]:,}"

    def row_of(self, number: int, *, is_asked: bool) -> int | None:
        """Where a row stands, among the first ones or among those that were asked for; None if it does not."""
        first = 0 if not is_asked else len(self.rows) if self.band is None else self.band + 1
        last = len(self.rows) if is_asked or self.band is None else self.band
        return next((row for row in range(first, last) if self._numbers[row] == number), None)

    def role_of(self, section: int) -> str:
        """What a column is for: a role's key, or `IGNORE`."""
        return self._role_of.get(self.preview.columns[section], IGNORE)


def shown_name(column: str) -> str:
    """A column's name with its invisible characters made visible."""
    return column.replace("\r", "␍").replace("\n", "␊").replace("\t", "␉") or "␣"


def role_words(role: str) -> str:
    """What a column is for, on its chip."""
    return tr("Ignore") if role == IGNORE else words(ROLES[role].title)


def _numbers_of(preview: Preview) -> Sequence[int]:
    return preview.row_numbers or range(1, len(preview.rows) + 1)


def _told_of(asked: PreviewRows | None) -> str:
    if asked is None:
        return ""
    split = split_words(asked.split)
    return tr("The row you asked for ({split})", split=split) if split else tr("The row you asked for")


def split_words(split: str) -> str:
    """A split's name; none of the training data, which most rows are of."""
    named = {"validation": tr("validation"), "test": tr("test"), "unlabelled": tr("without labels")}
    return named.get(split, "")


def _as_wide(row: Sequence[str], theirs: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """A row of another file by the names of this one's columns; by place where the names are others."""
    if set(columns) <= set(theirs):
        return tuple(row[theirs.index(column)] for column in columns)
    return tuple([*row, *[""] * len(columns)][: len(columns)])
