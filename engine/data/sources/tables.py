"""Sources as tables: whatever a person points at, read once into an Arrow file that is mapped into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
from datasets import Dataset

from engine.config.data import BuiltinTexts, Source
from engine.config.reading import AUTO, Reading
from engine.config.roles import ROLES, Role
from engine.data.builtin.samples import builtin_texts
from engine.data.columns.decimal_signs import decimal_sign
from engine.data.columns.label_lists import marked_columns
from engine.data.columns.roles import TEXT_AND_LABEL, guess_kind, guess_roles, resolve_roles
from engine.data.sources import cache
from engine.data.sources.annotation import recognised
from engine.data.sources.layouts import readers_of
from engine.data.sources.quoting import FlawedRow, Row
from engine.data.sources.readers import Opened, Reader
from engine.errors import InputError
from engine.messages import Message, message
from engine.records import Preview, TargetKind

ROW = "row"
NUM_FIELDS = "num_fields"
BUILTIN = "builtin"

_PREVIEW_ROWS = 50
_ROLE_ROWS = 2000
_BATCH_ROWS = 5000
_BATCH_CHARACTERS = 2**22
_FIRST_ROWS = 20
_KINDS: dict[str, TargetKind] = {"aspects": "several", "stars": "number"}
"""Of the built-in topics: what else than one label their texts get."""


@dataclass
class Tally:
    """How many rows, and the first of them (numbers from 1)."""

    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, row: int) -> None:
        self.count += 1
        if len(self.rows) < _FIRST_ROWS:
            self.rows.append(row)


@dataclass(frozen=True)
class Table:
    """A source as rows of strings, memory-mapped.

    `dataset` holds the source's `columns` (strings; nothing is the empty string; "NA" is text), `row` (int64) and
    `num_fields` (int32, the cells that the row really had). Rows are numbered as a person counts: the first row below
    the header is 1, blank rows count, the rows of several files go on and on. Blank rows are left out and tallied;
    `ragged` ones have too few cells (the rest is empty) or too many (joined in the last column); `repeated` ones are
    the header once more and left out; in `bad_quotes` a quotation mark was opened and never closed. `lines_above` the
    header are left out too. `decimal` is the sign before fractions where a person said it.
    """

    name: str
    dataset: Dataset
    columns: tuple[str, ...]
    blank: Tally
    ragged: Tally
    facts: dict[str, str]
    has_header: bool
    num_bytes: int
    key: str
    header: tuple[str, ...] = ()
    """The names as they stand in the source, equal and empty ones too."""
    hints: dict[str, str] = field(default_factory=dict)
    """The columns that the reader knows to play a role."""
    repeated: Tally = field(default_factory=Tally)
    bad_quotes: Tally = field(default_factory=Tally)
    doubts: tuple[Message, ...] = ()
    header_is_sure: bool = True
    lines_above: int = 0
    decimal: str = AUTO

    @property
    def is_builtin(self) -> bool:
        return self.name == BUILTIN


def preview(
    source: Source,
    builtin: BuiltinTexts,
    columns: Mapping[str, str] | None = None,
    *,
    reading: Reading | None = None,
    wanted: Sequence[Role] = TEXT_AND_LABEL,
    read_as: Callable[[Table], Table] | None = None,
) -> Preview:
    """The first rows, the guessed columns of the `wanted` roles and what was sniffed; `read_as` is what a goal makes of
    the table. Raises InputError."""
    tables = read_tables(source, builtin, has_labels=False, reading=reading)
    table = tables["train"] if read_as is None else read_as(tables["train"])
    refuse_single_line(table)
    sample = role_sample(table)
    roles = resolve_roles(table.columns, columns or {}, table.name, sample) if columns else {}
    guessed = guessed_roles(table, sample, wanted=wanted) | roles
    kind, separator, marked = guess_kind(table.columns, sample, guessed, table.has_header)
    if source == BUILTIN:
        kind = _KINDS.get(builtin.topic, "one")
    shown = table.dataset.select(range(min(_PREVIEW_ROWS, len(table.dataset)))).select_columns(list(table.columns))
    facts = dict(table.facts)
    if len(tables) > 1:
        facts["splits"] = ", ".join(tables)
    return Preview(
        name=table.name,
        columns=table.columns,
        rows=tuple(zip(*(shown[:][column] for column in table.columns), strict=True)),
        row_numbers=tuple(table.dataset.select(range(len(shown)))[:][ROW]) if ROW in table.dataset.column_names else (),
        num_rows=sum(len(one.dataset) for one in tables.values()),
        num_bytes=sum(one.num_bytes for one in tables.values()),
        roles=guessed,
        facts=facts,
        has_header=table.has_header,
        kind=kind,
        separator=separator,
        label_columns=marked,
        doubts=tuple(doubt for one in tables.values() for doubt in one.doubts),
        marked_columns=marked_columns([name for name in table.columns if name != guessed.get("text")], sample),
    )


def guessed_roles(
    table: Table,
    sample: Mapping[str, Sequence[str]],
    free: Sequence[str] | None = None,
    wanted: Sequence[Role] = TEXT_AND_LABEL,
) -> dict[str, str]:
    """The likely column of each `wanted` role among the `free` ones (all, if none are said): what the reader knows,
    else a guess."""
    columns = table.columns if free is None else free
    hints = {role.key: table.hints[role.key] for role in wanted if table.hints.get(role.key) in columns}
    rest = [role for role in wanted if role.key not in hints]
    return hints | guess_roles([one for one in columns if one not in hints.values()], sample, table.has_header, rest)


def role_sample(table: Table) -> dict[str, list[str]]:
    """Some rows of every column, evenly drawn over the table."""
    step = max(1, len(table.dataset) // _ROLE_ROWS)
    drawn = table.dataset.select(range(0, len(table.dataset), step)) if step > 1 else table.dataset
    values: dict[str, list[str]] = drawn.select_columns(list(table.columns))[:]
    return values


def read_tables(
    source: Source, builtin: BuiltinTexts, seed: int = 0, *, has_labels: bool = True, reading: Reading | None = None
) -> dict[str, Table]:
    """A table for each split that the source itself knows, "train" at least. Raises InputError.

    Where labels are not needed (`has_labels` is False) a folder may also hold one text a file. What `reading` says
    of files is obeyed.
    """
    how = reading or Reading()
    if source == BUILTIN:
        return {"train": _builtin_table(builtin, seed)}
    readers = readers_of(source, has_labels=has_labels, reading=how)
    return {split: _read(reader, how.decimal) for split, reader in readers.items()}


def read_table(
    source: Source,
    builtin: BuiltinTexts,
    seed: int = 0,
    split: str = "train",
    *,
    has_labels: bool = True,
    reading: Reading | None = None,
) -> Table:
    """One split of the source; a source of a single split gives that one. Raises InputError."""
    tables = read_tables(source, builtin, seed, has_labels=has_labels, reading=reading)
    return tables[split] if split in tables else tables["train"]


def _read(reader: Reader, decimal: str) -> Table:
    key = cache.key_of("table", reader.fingerprint())
    found = cache.find(key)
    if found is None:
        facts: dict[str, Any] = {}
        found = _store(key, reader, facts), facts
    path, facts = found
    table = Table(
        name=reader.name,
        dataset=Dataset.from_file(str(path)),
        columns=tuple(facts["columns"]),
        blank=Tally(**facts["blank"]),
        ragged=Tally(**facts["ragged"]),
        repeated=Tally(**facts["repeated"]),
        bad_quotes=Tally(**facts["bad_quotes"]),
        facts=dict(facts["sniffed"]),
        has_header=facts["has_header"],
        num_bytes=reader.num_bytes,
        key=key,
        header=tuple(facts.get("header", facts["columns"])),
        hints=dict(facts.get("hints", {})),
        doubts=tuple(Message.from_json(doubt) for doubt in facts["doubts"]),
        header_is_sure=facts["is_sure"],
        lines_above=facts["lines_above"],
        decimal=decimal,
    )
    return replace(table, facts=_with_decimal(table))


def _with_decimal(table: Table) -> dict[str, str]:
    """The facts, and the decimal sign where a column shows one."""
    if table.decimal != AUTO:
        return table.facts | {"decimal": table.decimal}
    signs = {decimal_sign(cells) for cells in role_sample(table).values()}
    sign = "comma" if "comma" in signs else "point" if "point" in signs else ""
    return table.facts | ({"decimal": sign} if sign else {})


def refuse_single_line(table: Table) -> None:
    """Raises InputError for a table of a single cell, which can't hold both a text and its label."""
    if not table.has_header and len(table.columns) == 1 and len(table.dataset) == 1:
        raise InputError(
            message("The file is a single line of {count} characters.", count=len(table.dataset[0][table.columns[0]])),
            table.name,
            message(
                "Put every text on a line of its own, and its label, if it has one, beside it: line ends may be lost."
            ),
        )


def _store(key: str, reader: Reader, facts: dict[str, Any]) -> Path:
    """Read everything once; `facts` are filled on the way and complete when the last row was read."""
    opened = recognised(reader)
    columns = distinct_names(opened.columns, reserved=(ROW, NUM_FIELDS))
    schema = pa.schema([(ROW, pa.int64()), (NUM_FIELDS, pa.int32()), *((name, pa.string()) for name in columns)])
    tallies = {name: Tally() for name in ("blank", "ragged", "repeated", "bad_quotes")}
    batches = (_record_batch(rows, schema) for rows in _chunks(_numbered(opened, tallies)))
    first = next(batches, None)
    if first is None:
        raise InputError(
            message("The file holds a header or blank rows, but no data."),
            reader.name,
            message("Choose a file with texts and labels."),
        )
    facts |= {"columns": list(columns), "has_header": opened.has_header, "sniffed": opened.facts}
    facts |= {"header": list(opened.columns), "hints": opened.hints}
    facts |= {name: vars(tally) for name, tally in tallies.items()}
    facts |= {"doubts": [doubt.to_json() for doubt in opened.doubts]}
    facts |= {"is_sure": opened.is_sure, "lines_above": opened.lines_above}
    return cache.keep(key, schema, chain([first], batches), facts)


def _numbered(opened: Opened, tallies: Mapping[str, Tally]) -> Iterator[tuple[int, int, Row]]:
    """Row number, number of cells, cells: as many as there are columns."""
    width = len(opened.columns)
    for number, row in enumerate(opened.rows, start=1):
        if isinstance(row, FlawedRow):
            if row.flaw == "header":
                tallies["repeated"].add(number)
                continue
            if row.flaw == "quote":
                tallies["bad_quotes"].add(number)
        if not any(cell and not cell.isspace() for cell in row):
            tallies["blank"].add(number)
        elif len(row) == width:
            yield number, width, row
        else:
            tallies["ragged"].add(number)
            joined = [*row[: width - 1], opened.delimiter.join(row[width - 1 :])]
            yield number, len(row), [*joined, *[""] * (width - len(joined))]


def _chunks(rows: Iterable[tuple[int, int, Row]]) -> Iterator[list[tuple[int, int, Row]]]:
    """Limited by rows and by characters: a few huge texts fill a chunk as well."""
    chunk: list[tuple[int, int, Row]] = []
    characters = 0
    for row in rows:
        chunk.append(row)
        characters += sum(map(len, row[2]))
        if len(chunk) >= _BATCH_ROWS or characters >= _BATCH_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _record_batch(rows: list[tuple[int, int, Row]], schema: pa.Schema) -> pa.RecordBatch:
    numbers, widths, cells = zip(*rows, strict=True)
    columns = [pa.array(numbers, pa.int64()), pa.array(widths, pa.int32())]
    # A lone surrogate (half of a pair, as broken JSON has it) cannot be written as UTF-8.
    columns += [pa.array([_encodable(cell) for cell in column], pa.string()) for column in zip(*cells, strict=True)]
    return pa.record_batch(columns, schema=schema)


def _encodable(cell: str) -> str:
    if cell.isascii():
        return cell
    return cell.encode("utf-8", errors="replace").decode("utf-8")


def distinct_names(names: Iterable[str], reserved: Sequence[str] = ()) -> tuple[str, ...]:
    """Empty names become "column_3", a repeated "text" becomes "text_2"."""
    taken: dict[str, None] = dict.fromkeys(reserved)
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        wanted = _encodable(name) if name.strip() else f"column_{place}"
        candidate, count = wanted, 1
        while candidate in taken:
            count += 1
            candidate = f"{wanted}_{count}"
        taken[candidate] = None
        found.append(candidate)
    return tuple(found)


def _builtin_table(builtin: BuiltinTexts, seed: int) -> Table:
    dataset = builtin_texts(builtin, seed)
    return Table(
        name=BUILTIN,
        dataset=dataset,
        columns=tuple(role for role in ROLES if role in dataset.column_names),
        blank=Tally(),
        ragged=Tally(),
        facts={"format": "invented"},
        has_header=True,
        num_bytes=int(dataset.data.nbytes),
        key=cache.key_of(BUILTIN, builtin.model_dump(), seed),
    )
