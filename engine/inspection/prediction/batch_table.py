"""BatchTable: what stands in each row of a table of answers: the file's own columns, the answer, a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow.compute as pc
from datasets import Dataset

from engine.data.sources.tables import NUM_FIELDS, ROW, Table
from engine.records import Prediction, RowAnswer
from engine.runs.spreadsheets import Cell, Number, as_given, digits

_BLANK_ROW, _NO_TEXT = "blank row", "no text"
_OF_THE_FILE = " (file)"


class AnsweredRow(NamedTuple):
    """`own` are the cells of the file; `answer` is None for a row without a text, and `note` says what is odd."""

    number: int
    own: Sequence[str]
    answer: Any
    note: str


class FileRows:
    """The rows of a file of which some `columns` are read; a row in which one of those is blank is not answered."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self.table = table
        self.places = tuple(table.columns.index(column) for column in columns)
        self.has_notes = _has_notes(table, columns)

    @property
    def num_rows(self) -> int:
        """Those of the file, blank ones too."""
        return len(self.table.dataset) + self.table.blank.count

    def rows(self, chunk: Dataset, answers: Sequence[Any], after: int, *, is_last: bool) -> Iterator[AnsweredRow]:
        """Those of a part of the table. The importer leaves blank rows out but counts them: they come back between
        their neighbours, and behind the last one."""
        columns = chunk[:]
        own = zip(*(columns[name] for name in self.table.columns), strict=True)
        widths = columns.get(NUM_FIELDS, [len(self.table.columns)] * len(chunk))
        last = after
        for number, cells, width, answer in zip(columns[ROW], own, widths, answers, strict=True):
            yield from map(self._blank, range(last + 1, number))
            has_text = all(cells[place].strip() for place in self.places)
            yield AnsweredRow(number, cells, answer if has_text else None, self._note(width, has_text))
            last = number
        if is_last:
            yield from map(self._blank, range(last + 1, self.num_rows + 1))

    def own_cells(self, row: AnsweredRow) -> list[Cell]:
        """As the file has them; a text is somebody's words even where it looks like a number."""
        own: list[Cell] = [as_given(cell) for cell in row.own]
        for place in self.places:
            own[place] = row.own[place]
        return own

    def _blank(self, number: int) -> AnsweredRow:
        return AnsweredRow(number, [""] * len(self.table.columns), None, _BLANK_ROW)

    def _note(self, num_fields: int, has_text: bool) -> str:
        notes = [] if has_text else [_NO_TEXT]
        width = len(self.table.columns)
        return "; ".join([*notes, f"{num_fields} cells instead of {width}"] if num_fields != width else notes)


class BatchTable(FileRows):
    """Columns: `row`; `text`, what was read (where the file calls that otherwise); all columns of the file as they are
    named there; `label`, `abstains`, `p(LABEL)` of each label; `note`, where any row has one. A column of the file that
    is named like one of ours gets “ (file)” behind its name."""

    def __init__(self, table: Table, column: str, labels: Sequence[str]) -> None:
        super().__init__(table, (column,))
        self._labels = labels
        self._repeats_text = column != "text"
        answers = ["label", "abstains", *(f"p({label})" for label in labels)]
        notes = ["note"] if self.has_notes else []
        start = ["row", "text"] if self._repeats_text else ["row"]
        taken = {*start, *answers, *notes}
        own = list(_distinct(table.columns, taken, "" if self._repeats_text else column))
        self.heads: list[str] = [*start, *own, *answers, *notes]

    def cells(self, row: AnsweredRow) -> list[Cell]:
        """A row as it is written."""
        text = [row.own[self.places[0]]] if self._repeats_text else []
        notes = [row.note] if self.has_notes else []
        return [row.number, *text, *self.own_cells(row), *self._said(row.answer), *notes]

    def _said(self, answer: Prediction | None) -> list[Cell]:
        if answer is None:
            return [""] * (2 + len(self._labels))
        label = answer.label if self._labels else Number(answer.label)
        shares = [digits(answer.probabilities[label], ".6g") for label in self._labels]
        return [label, "true" if answer.abstains else "false", *shares]


class TableInWords(FileRows):
    """Columns: `row`; all columns of the file; `answer`, `score` where any answer has one, further ones of the task;
    `note`, where any row has one. `like` are the first answers: they tell which columns there are."""

    def __init__(self, table: Table, columns: Sequence[str], like: Sequence[RowAnswer]) -> None:
        super().__init__(table, columns)
        self._has_scores = any(one.score is not None for one in like)
        self._further = list(dict.fromkeys(name for one in like for name in one.columns))
        scores = ["score"] if self._has_scores else []
        behind = ["answer", *scores, *self._further, *(["note"] if self.has_notes else [])]
        self.heads: list[str] = ["row", *_distinct(table.columns, {"row", *behind}, ""), *behind]

    def cells(self, row: AnsweredRow) -> list[Cell]:
        """A row as a CSV has it."""
        notes = [row.note] if self.has_notes else []
        return [row.number, *self.own_cells(row), *map(_as_cell, self._said(row.answer)), *notes]

    def tree(self, row: AnsweredRow) -> dict[str, Any]:
        """A row as JSON: texts as they are, numbers as numbers, null for what there is not."""
        notes = [row.note or None] if self.has_notes else []
        return dict(zip(self.heads, [row.number, *row.own, *self._said(row.answer), *notes], strict=True))

    def _said(self, answer: RowAnswer | None) -> list[str | float | None]:
        if answer is None:
            return [None] * (1 + self._has_scores + len(self._further))
        scores = [answer.score] if self._has_scores else []
        return [answer.answer, *scores, *(answer.columns.get(name) for name in self._further)]


def _as_cell(value: str | float | None) -> Cell:
    return digits(value, ".6g") if isinstance(value, float) else value


def _has_notes(table: Table, columns: Sequence[str]) -> bool:
    if table.blank.count or table.ragged.count:
        return True
    parts = (part for column in columns for part in table.dataset.data.column(column).chunks)
    return any(pc.any(pc.equal(pc.utf8_trim_whitespace(part), "")).as_py() for part in parts)


def _distinct(names: Sequence[str], taken: set[str], text: str) -> Iterator[str]:
    """`text` is the one column that may bear a name of ours, as it is ours."""
    given = set(names)
    for name in names:
        if name == text:
            yield name
            continue
        found, count = name, 1
        while found in taken or (found != name and found in given):
            found = f"{name}{_OF_THE_FILE[:-1]} {count})" if count > 1 else name + _OF_THE_FILE
            count += 1
        taken.add(found)
        yield found
