"""Readers: one a kind of source; each tells what makes it unique and yields rows of strings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from engine.data.cache import fingerprint
from engine.data.dialect import Dialect, dialect_of, records
from engine.data.encoding import compression_of, encoding_of, open_bytes, text_lines
from engine.data.folders import documents_and_strays
from engine.data.json_rows import json_items, json_lines
from engine.errors import InputError
from engine.messages import message

Row = list[str]
_READ_ROWS = 2000
_SHOWN = 10


@dataclass(frozen=True)
class Opened:
    """`rows` are the data rows in the file's order, blank ones (empty lists) included, so that counting them counts
    what a person counts. `facts` are what was sniffed, in short words; their counts are whole once the last row was
    read. `hints` are columns that are known to play a role."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    facts: dict[str, str] = field(default_factory=dict)
    has_header: bool = True
    delimiter: str = " "
    hints: dict[str, str] = field(default_factory=dict)


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

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def num_bytes(self) -> int:
        return self.path.stat().st_size

    def fingerprint(self) -> list[Any]:
        return ["file", *fingerprint(self.path)]

    def open(self) -> Opened:
        dialect = dialect_of(self.path)
        facts = _facts(dialect, self.path)
        match dialect.kind:
            case "delimited" | "lines":
                return _open_table(self.path, dialect, facts)
            case "json":
                return _open_trees(lambda: json_items(self.path, dialect.encoding), facts)
            case "json-lines":
                return _open_trees(lambda: json_lines(self.path, dialect.encoding), facts)
            case "parquet":
                return _open_parquet(self.path, facts)


@dataclass(frozen=True)
class ClassFolderReader:
    """A folder for each label with one text a file (the layout of aclImdb). Rows are numbered label by label, the files
    in the order of their names. `inside` is the folder of each label's that is read, where labels hold splits.

    What lies between the texts is left out and counted in the facts.
    """

    folder: Path
    labels: tuple[str, ...]
    inside: str = ""

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def num_bytes(self) -> int:
        return sum(path.stat().st_size for _, path in self._files()[0])

    def fingerprint(self) -> list[Any]:
        return ["class-folders", list(self.labels), self.inside, *fingerprint(self.folder)]

    def open(self) -> Opened:
        files, strays = self._files()
        facts = {"format": "class folders"} | stray_facts(strays, self.folder)
        return Opened(("text", "label", "file"), self._rows(files, strays, facts), facts)

    def _rows(self, files: list[tuple[str, Path]], strays: list[Path], facts: dict[str, str]) -> Iterator[Row]:
        num_read = 0
        for label, path in files:
            text = _whole_text(path)
            if text is None:
                strays.append(path)
                facts.update(stray_facts(strays, self.folder))
                continue
            num_read += 1
            yield [text, label, path.name]
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
                yield row if places is None or len(row) != len(places) else [row[place] for place in places]


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
    if dialect.kind == "lines":
        rows: Iterator[Row] = ([line.rstrip("\r\n")] if line.strip() else [] for line in lines)
    else:
        rows = records(lines, dialect.delimiter, dialect.quoted)
    if not dialect.has_header:
        names = ("text",) if dialect.kind == "lines" else tuple(f"column_{n + 1}" for n in range(dialect.width))
        return Opened(names, rows, facts, has_header=False, delimiter=dialect.delimiter)
    return Opened(dialect.columns, _after_header(rows), facts, delimiter=dialect.delimiter)


def _after_header(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        if any(cell.strip() for cell in row):
            break
    yield from rows


def _open_trees(values: Any, facts: dict[str, str]) -> Opened:
    """Two passes: late rows may bring columns that early ones lack."""
    columns: dict[str, None] = {}
    for value in values():
        if value is not None:
            columns.update(dict.fromkeys(_tree(value)))
    names = tuple(columns)
    rows = ([] if value is None else _tree_row(_tree(value), names) for value in values())
    return Opened(names, rows, facts)


def _tree(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return {f"column_{place + 1}": item for place, item in enumerate(value)}
    return {"text": value}


def _tree_row(tree: dict[str, Any], names: tuple[str, ...]) -> Row:
    return [cell_of(tree.get(name)) for name in names]


def cell_of(value: Any) -> str:
    """A value as a person would write it into a cell; nothing is the empty cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _open_parquet(path: Path, facts: dict[str, str]) -> Opened:
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            message("The Parquet file is damaged or cut short."), str(path), message("Get the file anew.")
        ) from error
    names = _class_names(schema)
    return Opened(tuple(schema.names), _parquet_rows(path, names), facts)


def _parquet_rows(path: Path, class_names: dict[str, list[str]]) -> Iterator[Row]:
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_READ_ROWS):
                yield from arrow_rows(batch, class_names)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            message("The Parquet file is damaged or cut short."), str(path), message("Get the file anew.")
        ) from error


def arrow_rows(batch: pa.RecordBatch | pa.Table, class_names: dict[str, list[str]]) -> Iterator[Row]:
    """Rows of strings; the numbers of a class column become their names."""
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        classes = class_names.get(name)
        values = column.to_pylist()
        if classes:
            # -1 is how unlabelled rows are marked.
            values = [_named(value, classes) for value in values]
        columns.append([cell_of(value) for value in values])
    yield from map(list, zip(*columns, strict=True))


def _named(value: Any, classes: list[str]) -> Any:
    """The class of a number, or those of a list of them."""
    if isinstance(value, list):
        return [name for item in value if (name := _named(item, classes)) is not None]
    return classes[value] if value is not None and 0 <= value < len(classes) else None


def _class_names(schema: pa.Schema) -> dict[str, list[str]]:
    """Names of class labels, as the library `datasets` writes them into a file's metadata."""
    try:
        features = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
        found = {name: feature.get("feature", feature) for name, feature in features.items()}
        return {name: feature["names"] for name, feature in found.items() if feature.get("_type") == "ClassLabel"}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _whole_text(path: Path) -> str | None:
    """None for a file that holds no text."""
    with open_bytes(path) as file:
        content = file.read()
    encoding = encoding_of(content) if content else "utf-8"
    return None if encoding is None else content.decode(encoding, errors="replace")


_DELIMITERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}
_FORMATS = {"delimited": "table", "lines": "text", "json": "JSON", "json-lines": "JSON Lines", "parquet": "Parquet"}


def _facts(dialect: Dialect, path: Path) -> dict[str, str]:
    facts = {
        "format": _FORMATS[dialect.kind],
        "encoding": dialect.encoding,
        "delimiter": _DELIMITERS.get(dialect.delimiter, ""),
        "quotes": ("enclose" if dialect.quoted else "literal") if dialect.kind == "delimited" else "",
        "compression": compression_of(path) if dialect.kind != "parquet" else "",
    }
    return {key: value for key, value in facts.items() if value}
