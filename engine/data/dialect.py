"""How a text file is laid out: kind, delimiter, quotes, header; sniffed from its content, its name only breaks ties."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.data.encoding import HEAD_BYTES, encoding_of, open_bytes, read_sample
from engine.errors import InputError
from engine.messages import message

Kind = Literal["delimited", "lines", "json", "json-lines", "parquet"]

ROLE_NAMES = {
    "text": (
        *("text", "sentence", "review", "content", "message", "sms", "comment", "tweet", "body", "document"),
        *("question", "title", "utterance", "文本", "内容", "评论", "句子", "正文"),
    ),
    "label": (
        *("label", "labels", "category", "class", "sentiment", "target", "intent", "polarity", "tag", "y", "topic"),
        *("标签", "类别", "情感", "分类"),
    ),
}
_OTHER_NAMES = frozenset(("id", "idx", "index", "rating", "score", "stars", "date", "user", "name", "source", "split"))
_KNOWN_NAMES = frozenset(name for names in ROLE_NAMES.values() for name in names) | _OTHER_NAMES

_SAMPLE_RECORDS = 500
_MAX_FIELD = 2**31 - 1
_CARRIAGE_RETURN = "\ue0d0"
"""Stands for a lone carriage return while `csv` reads, which would end the row there."""


@dataclass(frozen=True)
class Dialect:
    """`columns` are the header's cells as they are (empty without a header); `width` the usual number of fields."""

    kind: Kind
    encoding: str = ""
    delimiter: str = ""
    quoted: bool = False
    line_end: str = "\n"
    has_header: bool = True
    columns: tuple[str, ...] = ()
    width: int = 1


def dialect_of(path: Path) -> Dialect:
    """Look at a bounded sample of the file. Raises InputError for an empty or binary file."""
    with open_bytes(path) as file:
        if file.read(4) == b"PAR1":
            return Dialect("parquet")
    sample = read_sample(path)
    if not sample.strip():
        raise InputError(message("The file is empty."), str(path), message("Choose a file with texts and labels."))
    encoding = encoding_of(sample)
    if encoding is None:
        raise InputError(
            message("The file holds no text: its bytes look like a program, a picture or another binary format."),
            str(path),
            message("Choose a CSV, TSV, JSON, JSON Lines, Parquet or text file."),
        )
    head = sample[:HEAD_BYTES].decode(encoding, errors="replace")
    kind = _json_kind(head)
    if kind:
        return Dialect(kind, encoding)
    return _table_dialect(path, encoding, head, is_whole=len(sample) < HEAD_BYTES)


def records(lines: Iterable[str], delimiter: str, quoted: bool) -> Iterator[list[str]]:
    """Rows of cells; a blank line is an empty row. Without quoting a quotation mark is a mark like any other."""
    if not quoted:
        for line in lines:
            content = _without_end(line)
            yield content.split(delimiter) if content else []
        return
    csv.field_size_limit(_MAX_FIELD)
    shielded = (_shielded(line) for line in lines)
    for record in csv.reader(shielded, delimiter=delimiter, quotechar='"', doublequote=True):
        yield [cell.replace(_CARRIAGE_RETURN, "\r") for cell in record]


def _without_end(line: str) -> str:
    line = line.removesuffix("\n")
    return line.removesuffix("\r")


def _shielded(line: str) -> str:
    if "\r" not in line:
        return line
    end = "\n" if line.endswith(("\n", "\r")) else ""
    return _without_end(line).replace("\r", _CARRIAGE_RETURN) + end


def _json_kind(head: str) -> Kind | None:
    start = head.lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        return "json" if start[1:].lstrip()[:1] == "{" or _is_json(start) else None
    if not start.startswith("{"):
        return None
    first, *rest = [line for line in start.split("\n") if line.strip()]
    if not _is_json(first):
        return "json" if re.match(r'\{\s*"', start) else None
    if rest or not _holds_rows(first):
        return "json-lines"
    return "json"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _holds_rows(line: str) -> bool:
    """A one-line document such as {"data": [{...}]} or {"text": [...], "label": [...]}, not a row of JSON Lines."""
    tree = json.loads(line)
    return any(isinstance(value, list) and value and isinstance(value[0], dict) for value in tree.values()) or all(
        isinstance(value, list | dict) for value in tree.values()
    )


def _table_dialect(path: Path, encoding: str, head: str, is_whole: bool) -> Dialect:
    line_end = "\n" if "\n" in head else "\r" if "\r" in head.rstrip("\r") else "\n"
    lines = head.split(line_end)
    if not is_whole and len(lines) > 1:
        lines = lines[:-1]  # its end lies beyond the sample
    best = max((_fit(lines, delimiter, path) for delimiter in "\t,;|"), key=lambda fit: fit.score)
    if best.score <= 0:
        return _lines_dialect(encoding, line_end, lines)
    rows = best.rows
    header = rows[0] if _is_header(rows) else []
    return Dialect(
        "delimited",
        encoding,
        best.delimiter,
        best.quoted,
        line_end,
        has_header=bool(header),
        columns=tuple(header),
        width=best.width,
    )


def _lines_dialect(encoding: str, line_end: str, lines: Sequence[str]) -> Dialect:
    first = next(line for line in lines if line.strip()) if any(line.strip() for line in lines) else ""
    header = (first.strip(),) if first.strip().lower() in _KNOWN_NAMES else ()
    return Dialect("lines", encoding, "", False, line_end, has_header=bool(header), columns=header, width=1)


@dataclass(frozen=True)
class _Fit:
    """How well a delimiter explains the sample: `score` is the share of rows of the usual width; 0 when it does not."""

    delimiter: str
    quoted: bool
    width: int
    score: float
    rows: list[list[str]]


def _fit(lines: Sequence[str], delimiter: str, path: Path) -> _Fit:
    quoted = _is_quoted(lines, delimiter)
    rows = _sample_rows(lines, delimiter, quoted)
    width, share = _usual_width(rows)
    named = _named_delimiter(path)
    if width == 1:
        return _Fit(delimiter, quoted, width, 0.01 * (named == delimiter and quoted), rows)
    needed = 0.5 if named == delimiter else 0.9 if delimiter == "\t" else 0.98
    by_accident = delimiter not in (named, "\t") and not _looks_like_table(rows)
    score = 0.0 if share < needed or by_accident else share + 0.05 * (named == delimiter) + 0.02 * (delimiter == "\t")
    return _Fit(delimiter, quoted, width, score, rows)


def _named_delimiter(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return "\t" if ".tsv" in suffixes or ".tab" in suffixes else "," if ".csv" in suffixes else ""


def _sample_rows(lines: Sequence[str], delimiter: str, quoted: bool) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in records((line + "\n" for line in lines), delimiter, quoted):
        if any(cell.strip() for cell in row):
            rows.append(row)
        if len(rows) >= _SAMPLE_RECORDS:
            break
    return rows


def _usual_width(rows: Sequence[Sequence[str]]) -> tuple[int, float]:
    if not rows:
        return 1, 0.0
    widths = Counter(len(row) for row in rows)
    width, count = widths.most_common(1)[0]
    return width, count / len(rows)


def _looks_like_table(rows: Sequence[Sequence[str]]) -> bool:
    """Prose may hold one comma a line by accident; a table has a header, or a column of few short values."""
    if _is_header(rows):
        return True
    columns = list(zip(*rows, strict=False))
    return any(_is_label_like(column) or all(_is_number(cell) for cell in column) for column in columns)


def _is_quoted(lines: Sequence[str], delimiter: str) -> bool:
    """Whether quotation marks enclose cells.

    With tabs they usually are literal, so there must be a sign: doubled marks inside, cells that hold line ends, or
    a column that is enclosed throughout. Elsewhere they enclose, unless that reading breaks on literal marks.
    """
    text = "\n".join(lines)
    if '"' not in text:
        return delimiter != "\t"
    literal = _usual_width(_sample_rows(lines, delimiter, quoted=False))
    enclosed = _usual_width(_sample_rows(lines, delimiter, quoted=True))
    if delimiter == "\t":
        if enclosed[0] > 1 and enclosed[1] > literal[1] + 0.02:
            return True
        opened, whole, doubled = _count_quotes(lines, delimiter)
        return opened > 0 and whole == opened and (doubled > 0 or opened >= 0.5 * len(lines))
    return _closes_well(lines, delimiter) or enclosed[1] > literal[1]


def _closes_well(lines: Sequence[str], delimiter: str) -> bool:
    """Whether each enclosed cell ends right before a delimiter or a line end; the last may go on past the sample."""
    csv.field_size_limit(_MAX_FIELD)
    reader = csv.reader((_shielded(line + "\n") for line in lines), delimiter=delimiter, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return True


def _count_quotes(lines: Sequence[str], delimiter: str) -> tuple[int, int, int]:
    """Cells that begin with a mark; those that also end with one and double all between; those that do double."""
    opened = whole = doubled = 0
    for line in lines:
        for cell in _without_end(line).split(delimiter) if '"' in line else ():
            if cell.startswith('"'):
                inner = cell[1:-1].replace('""', "")
                opened += 1
                whole += len(cell) > 1 and cell.endswith('"') and '"' not in inner
                doubled += '""' in cell[1:-1]
    return opened, whole, doubled


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Names of columns: known ones; else short, distinct, no numbers, and not met again as a value below."""
    first, body = rows[0], rows[1:]
    cells = [cell.strip().lower() for cell in first]
    if any(_is_number(cell) for cell in cells):
        return False
    values = [{row[place].strip().lower() for row in body if place < len(row)} for place in range(len(cells))]
    if any(cell in _KNOWN_NAMES and cell not in column for cell, column in zip(cells, values, strict=True)):
        return True
    met_again = any(cell in column for cell, column in zip(cells, values, strict=True) if cell)
    if met_again or len(set(cells)) < len(cells):
        return False
    return bool(body) and all(_is_name(cell) for cell in cells)


def _is_name(cell: str) -> bool:
    return 0 < len(cell) <= 40 and len(cell.split()) <= 3 and not re.search(r"[.!?。！？,，]", cell)


def _is_label_like(cells: Sequence[str]) -> bool:
    distinct = {cell.strip() for cell in cells}
    return len(cells) >= 4 and len(distinct) <= max(2, len(cells) // 4) and max(map(len, distinct)) <= 40


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
