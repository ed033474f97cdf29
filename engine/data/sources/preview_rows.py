"""Rows that somebody asks for: by their numbers, wherever in a source they stand; or the bare lines of a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.config.data import DataConfig, Source
from engine.config.reading import AUTO
from engine.data.sources.encoding import decode, encoding_of
from engine.data.sources.file_opening import open_bytes
from engine.data.sources.tables import ROW, Table, read_tables
from engine.records import PreviewRows

_MOST_ROWS = 200
_LINES = 50
_LINE_BYTES = 2**18
_MOST_STRANGE = 0.1
"""Above this share of signs that no text has, the bytes are shown as no text at all."""


def preview_rows(data: DataConfig, rows: Sequence[int], split: str = "train") -> PreviewRows:
    """The rows with these numbers, as findings name them, in the file's order; a blank one, which no table keeps, has
    empty cells. Numbers beyond the end are left out. Raises InputError."""
    table = _table(data, split)
    kept = _numbers(table)
    last = max(int(kept[-1]), *(table.blank.rows or [0]))
    wanted = sorted({row for row in rows if 1 <= row <= last})[:_MOST_ROWS]
    places = np.searchsorted(kept, wanted)
    cells = table.dataset.select_columns(list(table.columns))
    found = [
        tuple(cells[int(place)][column] for column in table.columns)
        if kept[place : place + 1].tolist() == [row]
        else ("",) * len(table.columns)
        for row, place in zip(wanted, places, strict=True)
    ]
    return PreviewRows(table.columns, tuple(found), tuple(wanted), split)


def first_lines(data: DataConfig) -> PreviewRows:
    """The first lines of the training file as they are, so that a person sees why it is no table. None of a folder,
    a name on a hub, or bytes that are no text."""
    first = Path(data.train if isinstance(data.train, str) else data.train[0]).expanduser()
    lines = _lines_of(first, data.reading.encoding) if first.is_file() else []
    return PreviewRows(("line",), tuple((line,) for line in lines), tuple(range(1, len(lines) + 1)))


def _table(data: DataConfig, split: str) -> Table:
    """The table that numbers the rows of a split: of rows held back from the training file, that file's own."""
    own: dict[str, Source | None] = {
        "validation": data.validation,
        "test": data.test,
        "unlabelled": data.unlabelled,
    }
    source = own.get(split)
    tables = read_tables(source or data.train, data.builtin, has_labels=False, reading=data.reading)
    return tables[split] if split in tables else tables["train"]


def _numbers(table: Table) -> NDArray[np.int64]:
    if ROW not in table.dataset.column_names:  # invented ones are just counted
        return np.arange(1, len(table.dataset) + 1, dtype=np.int64)
    return np.asarray(table.dataset.data.column(ROW), dtype=np.int64)


def _lines_of(path: Path, encoding: str) -> list[str]:
    try:
        with open_bytes(path) as file:
            sample = file.read(_LINE_BYTES)
    except (OSError, EOFError):
        return []
    known = encoding_of(sample) if encoding == AUTO else encoding
    text = decode(sample, known or "latin-1")
    strange = sum(not sign.isprintable() and sign not in "\t\r\n" for sign in text)
    if strange > _MOST_STRANGE * max(1, len(text)):
        return []
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")[:_LINES]
