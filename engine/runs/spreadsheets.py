"""Every CSV that we write goes through here: cells that a spreadsheet shows as they are, and never computes.

Texts and labels come from strangers. A spreadsheet computes a cell that begins like a formula (and may start a program
by it), so such a cell gets an apostrophe in front, which makes it a text; names in a header too. Numbers stay numbers.
A text that holds a sign which parts cells in some country is enclosed, lest it fall into several cells there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a cell a formula; the last four are full-width signs, which spreadsheets of the East take alike."""

_PARTING = re.compile(r'[",;\t|\r\n]|^\s|\s$')
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?")

Cell = str | float | None


class Number(str):
    """A number in the digits that it shall be written with: it may begin with a minus."""

    __slots__ = ()


class _Writable(Protocol):
    def write(self, text: str, /) -> object: ...


def harmless(cell: str) -> str:
    """A spreadsheet would compute a cell that begins like a formula: it gets an apostrophe in front."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def as_given(cell: str) -> str:
    """A cell of somebody's table: whole numbers and decimal ones are data and stay, all else is made harmless."""
    return Number(cell) if _NUMBER.fullmatch(cell) else cell


def digits(value: float, form: str) -> str:
    """`value` in the digits of a format such as ".6g"; nothing for what is no number."""
    return Number(format(value, form)) if math.isfinite(value) else ""


class Sheet:
    """Writes rows of a CSV into `file`, which was opened with `newline=""`."""

    def __init__(self, file: _Writable, line_end: str = "\r\n") -> None:
        self._file, self._line_end = file, line_end

    def write(self, cells: Sequence[Cell]) -> None:
        line = ",".join(map(_written, cells)) or '""'
        self._file.write(line + self._line_end)

    def write_all(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            self.write(row)


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell) if math.isfinite(cell) else ""
    if isinstance(cell, Number):
        return f'"{cell}"' if "," in cell else str(cell)
    safe = harmless(cell)
    if safe is cell and not _PARTING.search(cell):
        return cell
    return '"' + safe.replace('"', '""') + '"'
