"""Readers: one a kind of source; each tells what makes it unique and yields rows of strings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from engine.config.reading import AUTO, Reading
from engine.data.sources.cache import fingerprint
from engine.data.sources.dialect import Dialect, dialect_of
from engine.data.sources.encoding import MIXED, decode, encoding_of, text_lines
from engine.data.sources.file_opening import compression_of, open_bytes, path_errors, shown
from engine.data.sources.folders import documents_and_strays
from engine.data.sources.headers import header_of
from engine.data.sources.json_rows import json_items, json_lines
from engine.data.sources.parquet_rows import arrow_rows, cell_of, parquet_rows
from engine.data.sources.quoting import FlawedRow, Records, Row
from engine.errors import InputError
from engine.messages import Message, message

_LOOKED_AT = 500
_SHOWN = 10
__all__ = ["Row", "arrow_rows", "cell_of"]


@dataclass(frozen=True)
class Opened:
    """`rows` are the data rows in the file's order, blank ones (empty lists) included, so that counting them counts
    what a person counts. `facts` are what was sniffed, in short words; their counts are whole once the last row was
    read. `doubts` are what of it may be wrong; `is_sure` says whether the header (or that there is none) is,
    `lines_above` how many lines stand above it. `hints` are columns that are known to play a role."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    facts: dict[str, str] = field(default_factory=dict)
    has_header: bool = True
    delimiter: str = " "
    hints: dict[str, str] = field(default_factory=dict)
    doubts: tuple[Message, ...] = ()
    is_sure: bool = True
    lines_above: int = 0


class Reader(Protocol):
    """A source of rows. `name` is for people, `fingerprint` changes when the content does."""

    @property
    def name(self) -> str: ...

    @property
    def num_bytes(self) -> int: ...

    def fingerprint(self) -> list[Any]: ...

    def open(self) -> Opened:
        """Raises InputError."""
        ...


@dataclass(frozen=True)
class FileReader:
    """A CSV, TSV, JSON, JSON Lines, Parquet or text file under any name, compressed or not."""

    path: Path
    reading: Reading = field(default_factory=Reading)

    @property
    def name(self) -> str:
        return shown(Path(self.path.name))

    @property
    def num_bytes(self) -> int:
        with path_errors(self.path):
            return self.path.stat().st_size

    def fingerprint(self) -> list[Any]:
        compression_of(self.path)  # a pipe has no end, and no content of its own
        return ["file", self.reading.model_dump(), *fingerprint(self.path)]

    def open(self) -> Opened:
        dialect = dialect_of(self.path, self.reading)
        opened = self._opened(dialect, _facts(dialect, self.path))
        above = max(0, dialect.header_line - 1)
        return replace(opened, doubts=dialect.doubts, is_sure=dialect.is_sure, lines_above=above)

    def _opened(self, dialect: Dialect, facts: dict[str, str]) -> Opened:
        match dialect.kind:
            case "delimited" | "lines":
                return _open_table(self.path, dialect, facts)
            case "json":
                return _open_trees(lambda: json_items(self.path, dialect.encoding), facts, self.reading)
            case "json-lines":
                return _open_trees(lambda: json_lines(self.path, dialect.encoding), facts, self.reading)
            case "parquet":
                return Opened(*parquet_rows(self.path), facts)


@dataclass(frozen=True)
class ClassFolderReader:
    """A folder for each label with one text a file (the layout of aclImdb). Rows are numbered label by label, the files
    in the order of their names. `inside` is the folder of each label's that is read, where labels hold splits.

    What lies between the texts is left out and counted in the facts.
    """

    folder: Path
    labels: tuple[str, ...]
    inside: str = ""
    reading: Reading = field(default_factory=Reading)

    @property
    def name(self) -> str:
        return shown(Path(self.folder.name))

    @property
    def num_bytes(self) -> int:
        return sum(path.stat().st_size for _, path in self._files()[0])

    def fingerprint(self) -> list[Any]:
        return ["class-folders", self.reading.encoding, list(self.labels), self.inside, *fingerprint(self.folder)]

    def open(self) -> Opened:
        files, strays = self._files()
        facts = {"format": "class folders"} | stray_facts(strays, self.folder)
        return Opened(("text", "label", "file"), self._rows(files, strays, facts), facts)

    def _rows(self, files: list[tuple[str, Path]], strays: list[Path], facts: dict[str, str]) -> Iterator[Row]:
        num_read = 0
        for label, path in files:
            text = _whole_text(path, self.reading)
            if text is None:
                strays.append(path)
                facts.update(stray_facts(strays, self.folder))
                continue
            num_read += 1
            yield [text, label, shown(Path(path.name))]
        if not num_read:
            raise InputError(
                message("None of the files holds text: they look like a program, pictures or another binary format."),
                str(self.folder),
                message("Save each text as a text file (.txt)."),
            )

    def _files(self) -> tuple[list[tuple[str, Path]], list[Path]]:
        """Each text with its label; and what is no text by its name."""
        files: list[tuple[str, Path]] = []
        for label in self.labels:
            folder = self.folder / label / self.inside
            items = (path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_hidden(path, folder))
            files.extend((label, path) for path in items)
        documents, strays = documents_and_strays(path for _, path in files)
        kept = set(documents)
        return [(label, path) for label, path in files if path in kept], strays


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in path.relative_to(folder).parts)


def stray_facts(strays: Sequence[Path], folder: Path) -> dict[str, str]:
    """How many files were left out, and the first of them by their names."""
    if not strays:
        return {}
    names = [str(path.relative_to(folder)) if path.is_relative_to(folder) else path.name for path in strays[:_SHOWN]]
    return {"stray_files": str(len(strays)), "stray_names": ", ".join(names)}


@dataclass(frozen=True)
class NotedReader:
    """A reader, with more facts of it."""

    reader: Reader
    facts: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.reader.name

    @property
    def num_bytes(self) -> int:
        return self.reader.num_bytes

    def fingerprint(self) -> list[Any]:
        return ["noted", sorted(self.facts.items()), *self.reader.fingerprint()]

    def open(self) -> Opened:
        opened = self.reader.open()
        opened.facts.update(self.facts)
        return opened


@dataclass(frozen=True)
class SeveralReader:
    """Several files as one table, their rows numbered on and on. Columns are matched by name."""

    readers: tuple[Reader, ...]

    @property
    def name(self) -> str:
        return ", ".join(reader.name for reader in self.readers)

    @property
    def num_bytes(self) -> int:
        return sum(reader.num_bytes for reader in self.readers)

    def fingerprint(self) -> list[Any]:
        return ["several", *(reader.fingerprint() for reader in self.readers)]

    def open(self) -> Opened:
        first = self.readers[0].open()
        return replace(first, rows=self._rows(first))

    def _rows(self, first: Opened) -> Iterator[Row]:
        yield from first.rows
        for reader in self.readers[1:]:
            opened = reader.open()
            places = _places(first, opened, reader.name)
            for row in opened.rows:
                if places is None or len(row) != len(places):
                    yield row
                    continue
                cells = [row[place] for place in places]
                yield FlawedRow(cells, row.flaw) if isinstance(row, FlawedRow) else cells


def _places(first: Opened, other: Opened, name: str) -> list[int] | None:
    """Where the first file's columns stand in the other one; None when they stand alike."""
    same_width = len(first.columns) == len(other.columns)
    if first.columns == other.columns or (same_width and not other.has_header):
        return None
    ours, theirs = ([column.strip().casefold() for column in one.columns] for one in (first, other))
    if sorted(ours) != sorted(theirs) or len(set(ours)) < len(ours):
        raise InputError(
            message("The files have different columns: {first} and {other}.", first=first.columns, other=other.columns),
            name,
            message("Give the columns the same names in every file, or choose one of the files."),
        )
    return [theirs.index(column) for column in ours]


def _open_table(path: Path, dialect: Dialect, facts: dict[str, str]) -> Opened:
    lines = text_lines(path, dialect.encoding, dialect.line_end)
    if dialect.line_end == "\r":
        lines = (line.removesuffix("\r") + "\n" for line in lines)
    lines = islice(lines, dialect.skip, None)
    if dialect.kind == "lines":
        rows: Iterator[Row] = ([line.rstrip("\r\n")] if line.strip() else [] for line in lines)
    else:
        rows = iter(Records(lines, dialect.delimiter, dialect.quoting, dialect.shape))
    rows = _without_marks(rows)
    if not dialect.has_header:
        names = ("text",) if dialect.kind == "lines" else tuple(f"column_{n + 1}" for n in range(dialect.width))
        return Opened(names, rows, facts, has_header=False, delimiter=dialect.delimiter)
    return Opened(dialect.columns, _after_header(rows, dialect), facts, delimiter=dialect.delimiter)


def _after_header(rows: Iterator[Row], dialect: Dialect) -> Iterator[Row]:
    """The rows below the header; where files were glued together, it may come again among them."""
    header = next((row for row in rows if any(cell.strip() for cell in row)), [])
    if len(header) < 2:
        yield from rows
        return
    for row in rows:
        yield FlawedRow(row, "header") if row == header else row


def _without_marks(rows: Iterator[Row]) -> Iterator[Row]:
    """Files that were glued together keep the marks that told their encoding."""
    for row in rows:
        if row and row[0].startswith("\ufeff"):
            row[0] = row[0][1:]
        yield row


def _open_trees(values: Callable[[], Iterator[Any]], facts: dict[str, str], reading: Reading) -> Opened:
    """Two passes: late rows may bring columns that early ones lack."""
    columns: dict[str, None] = {}
    first: list[Any] = []
    for value in values():
        if value is not None:
            columns.update(dict.fromkeys(_tree(value)))
            if len(first) < _LOOKED_AT:
                first.append(value)
    names = tuple(columns)
    rows = ([] if value is None else _tree_row(_tree(value), names) for value in values())
    if first and all(isinstance(value, list) for value in first):
        return _open_lists([_tree_row(_tree(value), names) for value in first], names, rows, facts, reading)
    return Opened(names, rows, facts)


def _open_lists(
    sample: list[Row], names: tuple[str, ...], rows: Iterator[Row], facts: dict[str, str], reading: Reading
) -> Opened:
    """Lists of cells have no names of their own; the first may hold them, as in a table."""
    found = reading.header != AUTO or header_of(sample, len(names)).place == 0
    is_header = found and reading.header != "no"
    if not is_header:
        return Opened(names, rows, facts | {"header": "no"}, has_header=False)
    return Opened(tuple(next(rows)), rows, facts | {"header": "yes"})


def _tree(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        pair = value.get("translation")
        if isinstance(pair, dict):  # {"translation": {"de": …, "en": …}}, as the hub's parallel texts have it
            value = {**{key: one for key, one in value.items() if key != "translation"}, **pair}
        return {str(key): one for key, one in value.items()}
    if isinstance(value, list):
        return {f"column_{place + 1}": item for place, item in enumerate(value)}
    return {"text": value}


def _tree_row(tree: dict[str, Any], names: tuple[str, ...]) -> Row:
    return [cell_of(tree.get(name)) for name in names]


def _whole_text(path: Path, reading: Reading) -> str | None:
    """None for a file that holds no text."""
    with open_bytes(path) as file:
        content = file.read()
    if reading.encoding != AUTO:
        return decode(content, reading.encoding)
    encoding = encoding_of(content) if content else "utf-8"
    return None if encoding is None else decode(content, encoding)


_DELIMITERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}
_QUOTES = {"doubled": "enclose", "backslash": "backslash", "none": "literal"}
_FORMATS = {"delimited": "table", "lines": "text", "json": "JSON", "json-lines": "JSON Lines", "parquet": "Parquet"}


def _facts(dialect: Dialect, path: Path) -> dict[str, str]:
    is_table = dialect.kind in ("delimited", "lines")
    line = dialect.header_line
    facts = {
        "format": _FORMATS[dialect.kind],
        "encoding": "utf-8" if dialect.encoding == MIXED else dialect.encoding,
        "delimiter": _DELIMITERS.get(dialect.delimiter, dialect.delimiter),
        "quotes": _QUOTES[dialect.quoting] if dialect.kind == "delimited" else "",
        "header": ("no" if not line else "yes" if line == 1 else str(line)) if is_table else "",
        "compression": compression_of(path) if dialect.kind != "parquet" else "",
    }
    return {key: value for key, value in facts.items() if value}
