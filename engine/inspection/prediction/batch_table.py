"""BatchTable: what stands in each row of a table of answers: the file's own columns, the answer, a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyarrow.compute as pc
from datasets import Dataset

from engine.data.sources.tables import NUM_FIELDS, ROW, Table
from engine.records import Prediction
from engine.runs.spreadsheets import Cell, Number, as_given, digits

_BLANK_ROW, _NO_TEXT = "blank row", "no text"
_OF_THE_FILE = " (file)"


class AnsweredRow(NamedTuple):
    """`own` are the cells of the file; `answer` is None for a row without a text, and `note` says what is odd."""

    number: int
    own: Sequence[str]
    answer: Prediction | None
    note: str


class BatchTable:
    """Columns: `row`; `text`, what was read (where the file calls that otherwise); all columns of the file as they are
    named there; `label`, `abstains`, `p(LABEL)` of each label; `note`, where any row has one. A column of the file that
    is named like one of ours gets “ (file)” behind its name."""

    def __init__(self, table: Table, column: str, labels: Sequence[str]) -> None:
        self._table, self._labels = table, labels
        self._place = table.columns.index(column)
        self._repeats_text = column != "text"
        answers = ["label", "abstains", *(f"p({label})" for label in labels)]
        self._has_notes = _has_notes(table, column)
        notes = ["note"] if self._has_notes else []
        start = ["row", "text"] if self._repeats_text else ["row"]
        taken = {*start, *answers, *notes}
        own = list(_distinct(table.columns, taken, "" if self._repeats_text else column))
        self.heads: list[str] = [*start, *own, *answers, *notes]

    @property
    def num_rows(self) -> int:
        """Those of the file, blank ones too."""
        return len(self._table.dataset) + self._table.blank.count

    def rows(
        self, chunk: Dataset, answers: Sequence[Prediction], after: int, *, is_last: bool
    ) -> Iterator[AnsweredRow]:
        """Those of a part of the table. The importer leaves blank rows out but counts them: they come back between
        their neighbours, and behind the last one."""
        columns = chunk[:]
        own = zip(*(columns[name] for name in self._table.columns), strict=True)
        widths = columns.get(NUM_FIELDS, [len(self._table.columns)] * len(chunk))
        last = after
        for number, cells, width, answer in zip(columns[ROW], own, widths, answers, strict=True):
            yield from map(self._blank, range(last + 1, number))
            has_text = bool(cells[self._place].strip())
            yield AnsweredRow(number, cells, answer if has_text else None, self._note(width, has_text))
            last = number
        if is_last:
            yield from map(self._blank, range(last + 1, self.num_rows + 1))

    def cells(self, row: AnsweredRow) -> list[Cell]:
        """A row as it is written; the text is somebody's words even where it looks like a number."""
        own: list[Cell] = [as_given(cell) for cell in row.own]
        own[self._place] = row.own[self._place]
        text = [row.own[self._place]] if self._repeats_text else []
        notes = [row.note] if self._has_notes else []
        return [row.number, *text, *own, *self._said(row.answer), *notes]

    def _said(self, answer: Prediction | None) -> list[Cell]:
        if answer is None:
            return [""] * (2 + len(self._labels))
        label = answer.label if self._labels else Number(answer.label)
        shares = [digits(answer.probabilities[label], ".6g") for label in self._labels]
        return [label, "true" if answer.abstains else "false", *shares]

    def _blank(self, number: int) -> AnsweredRow:
        return AnsweredRow(number, [""] * len(self._table.columns), None, _BLANK_ROW)

    def _note(self, num_fields: int, has_text: bool) -> str:
        notes = [] if has_text else [_NO_TEXT]
        width = len(self._table.columns)
        return "; ".join([*notes, f"{num_fields} cells instead of {width}"] if num_fields != width else notes)


def _has_notes(table: Table, column: str) -> bool:
    if table.blank.count or table.ragged.count:
        return True
    texts = table.dataset.data.column(column)
    return any(pc.any(pc.equal(pc.utf8_trim_whitespace(part), "")).as_py() for part in texts.chunks)


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
