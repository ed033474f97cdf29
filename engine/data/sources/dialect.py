"""How a text file is laid out: kind, delimiter, quotes, header; sniffed from its content, its name only breaks ties."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.config.reading import AUTO, DELIMITERS, Reading
from engine.data.columns.decimal_signs import is_number
from engine.data.sources.encoding import Decoded, decoded_sample
from engine.data.sources.file_opening import is_parquet
from engine.data.sources.headers import Header, header_of, is_known_name, is_label_like
from engine.data.sources.json_kinds import json_kind
from engine.data.sources.quoting import FlawedRow, Quoting, Records, Row, Shape
from engine.errors import InputError
from engine.messages import Message, message

FileKind = Literal["delimited", "lines", "json", "json-lines", "parquet"]

_SIGNS = "\t,;|"
_SAMPLE_RECORDS = 500
_MOST_COLUMNS = 5000
_SIGN_LINE = re.compile(r'\s*"?sep=(?P<sign>[^\s\w"]|\\t|\t)"?\s*', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """`columns` are the header's cells as they are (empty without a header); `width` the usual number of fields.

    `header_line` is the number of the line that names the columns (0 without a header), `skip` how many lines are
    passed over before the header or the first row; `is_sure` says whether the header (or that there is none) is.
    `shape` is what its rows look like, `doubts` what may have been taken wrongly.
    """

    kind: FileKind
    encoding: str = ""
    delimiter: str = ""
    quoting: Quoting = "none"
    line_end: str = "\n"
    has_header: bool = True
    header_line: int = 1
    skip: int = 0
    is_sure: bool = True
    columns: tuple[str, ...] = ()
    width: int = 1
    shape: Shape = field(default_factory=Shape)
    doubts: tuple[Message, ...] = ()


def dialect_of(path: Path, reading: Reading | None = None) -> Dialect:
    """Look at a bounded sample of the file; what `reading` says is obeyed. Raises InputError for an empty or binary
    file, and for an encoding in which it is not written."""
    asked = reading or Reading()
    if is_parquet(path):
        return Dialect("parquet")
    sample = decoded_sample(path, asked.encoding)
    if not sample.text.strip("\ufeff\x00 \t\r\n\x1a"):
        raise InputError(message("The file is empty."), str(path), message("Choose a file with texts and labels."))
    kind = json_kind(sample.text, is_whole=sample.is_whole) if asked.delimiter == AUTO else None
    if kind:
        return Dialect(kind, sample.encoding, doubts=sample.doubts)
    return _table_dialect(path, sample, asked)


def _table_dialect(path: Path, sample: Decoded, asked: Reading) -> Dialect:
    line_end = _line_end(sample.text)
    lines = [line.removeprefix("\ufeff") for line in sample.text.split(line_end)]
    if not sample.is_whole and len(lines) > 1:
        lines = lines[:-1]  # its end lies beyond the sample
    sign = _SIGN_LINE.fullmatch(lines[0])
    above = 1 if sign else 0
    named = _named_delimiter(path)
    if asked.delimiter != AUTO:
        signs = [DELIMITERS.get(asked.delimiter, asked.delimiter)]
    else:
        signs = [sign["sign"].replace("\\t", "\t")] if sign else ["\t", ",", ";", "|"]
    fits = [fit for one in signs for fit in _fits(lines[above:], one, asked, named)]
    best = max(fits, key=lambda fit: fit.score(named))
    if len(signs) > 1 and best.score(named) <= 0:
        return _lines_dialect(sample, line_end, lines, asked)
    if best.width > _MOST_COLUMNS:
        raise _too_wide(path, best.width)
    return _with_header(sample, line_end, lines, above, best, asked)


def _too_wide(path: Path, width: int) -> InputError:
    return InputError(
        message("A line holds {count} cells: that is hardly a table of texts.", count=width),
        str(path),
        message("Say what stands between cells (data.reading.delimiter), or choose another file."),
    )


def _line_end(text: str) -> str:
    """A lone carriage return ends lines in old files, and stands in cells of others."""
    feeds = text.count("\n")
    returns = text.rstrip("\r").count("\r") - text.count("\r\n")
    return "\r" if returns > 5 * feeds else "\n"


def _with_header(
    sample: Decoded, line_end: str, lines: Sequence[str], above: int, best: _Fit, asked: Reading
) -> Dialect:
    line, is_sure = _header_line(lines, above, best, asked)
    header = _names(lines[line - 1 :], best) if line else []
    return Dialect(
        "delimited",
        sample.encoding,
        best.delimiter,
        best.quoting,
        line_end,
        has_header=bool(line),
        header_line=line,
        skip=line - 1 if line else above,
        is_sure=is_sure,
        columns=tuple(header),
        width=max(best.width, len(header)),
        shape=best.shape,
        doubts=sample.doubts,
    )


def _names(lines: Sequence[str], best: _Fit) -> Row:
    """The header's cells. R leaves out the name of the first column; other writers end every row, or the header
    alone, with a sign that nothing follows."""
    names = next(iter(Records(_ended(lines), best.delimiter, best.quoting, best.shape)), [])
    while len(names) > best.width and not names[-1].strip():
        names = names[:-1]
    if len(names) == best.width - 1:
        last = [row[-1] for row in best.rows if len(row) == best.width]
        return ["", *names] if any(map(str.strip, last)) else [*names, ""]
    return names


def _header_line(lines: Sequence[str], above: int, best: _Fit, asked: Reading) -> tuple[int, bool]:
    """The number of the line that names the columns, 0 for none; whether that is sure."""
    if asked.header == "no":
        return 0, True
    if asked.header not in (AUTO, "yes"):
        return min(int(asked.header), len(lines)), True
    if asked.header == "yes":
        return (best.starts[0] if best.starts else 1) + above, True
    found = header_of(best.rows, best.width)
    return (best.starts[found.place] + above if found.place is not None else 0), found.is_sure


def _lines_dialect(sample: Decoded, line_end: str, lines: Sequence[str], asked: Reading) -> Dialect:
    """One text a line."""
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    is_header = asked.header == "yes" or (asked.header == AUTO and is_known_name(lines[first]))
    line = first + 1 if is_header else 0
    if asked.header not in (AUTO, "yes", "no"):
        line = min(int(asked.header), len(lines))
    return Dialect(
        "lines",
        sample.encoding,
        line_end=line_end,
        has_header=bool(line),
        header_line=line,
        skip=max(0, line - 1),
        columns=(lines[line - 1].strip(),) if line else (),
        doubts=sample.doubts,
    )


@dataclass(frozen=True)
class _Fit:
    """How well a delimiter and a way of quoting explain the sample: `rows` of which each began at the line of
    `starts`; `share` of them have the usual `width`, and `clean` ones have it without a mark that had to be mended."""

    delimiter: str
    quoting: Quoting
    rows: list[Row]
    starts: list[int]
    width: int
    share: float
    clean: float
    shape: Shape

    def score(self, named: str) -> float:
        """Higher is better; 0 where this is no table of such cells."""
        if self.width == 1:
            return 0.01 * (named == self.delimiter and self.quoting != "none")
        if self.share < self._needed(named) or (self.delimiter not in (named, "\t") and not _looks_like_table(self)):
            return 0.0
        likely = 0.05 * (named == self.delimiter) + 0.02 * (self.delimiter == "\t")
        return max(0.001, self.share + likely + _typed_share(self) - _accidents(self))

    def _needed(self, named: str) -> float:
        if named == self.delimiter:
            return 0.5
        return 0.9 if self.delimiter == "\t" else 0.8 if named else 0.98


def _fits(lines: Sequence[str], delimiter: str, asked: Reading, named: str) -> Iterator[_Fit]:
    """The best way of quoting for a delimiter."""
    if asked.quoting != "auto":
        yield _fit(lines, delimiter, asked.quoting)
        return
    text = "\n".join(lines)
    if '"' not in text:
        plain = _fit(lines, delimiter, "none" if delimiter == "\t" else "doubled")
        yield _better_escaped(lines, plain) if f"\\{delimiter}" in text else plain
        return
    literal, enclosed = _fit(lines, delimiter, "none"), _fit(lines, delimiter, "doubled")
    if '\\"' in text:
        enclosed = _better_escaped(lines, enclosed)
    yield enclosed if _is_quoted(lines, literal, enclosed) else literal


def _better_escaped(lines: Sequence[str], fit: _Fit) -> _Fit:
    escaped = _fit(lines, fit.delimiter, "backslash")
    return escaped if escaped.clean > fit.clean else fit


def _is_quoted(lines: Sequence[str], literal: _Fit, enclosed: _Fit) -> bool:
    """Whether quotation marks enclose cells.

    With tabs they usually are literal, so there must be a sign: doubled marks inside, cells that hold line ends, or
    a column that is enclosed throughout. Elsewhere they enclose, unless that reading breaks on literal marks.
    """
    if literal.delimiter == "\t":
        if enclosed.width > 1 and enclosed.share > literal.share + 0.02 and enclosed.clean > literal.share:
            return True
        if enclosed.quoting == "backslash" and enclosed.width > 1 and enclosed.clean >= 0.9:
            return True
        opened, whole, doubled = _count_quotes(lines, "\t")
        return opened > 0 and whole >= 0.9 * opened and (doubled > 0 or opened >= 0.5 * len(lines))
    return enclosed.clean >= 0.8 or enclosed.share > literal.share or enclosed.clean > 0.5 * literal.share


def _fit(lines: Sequence[str], delimiter: str, quoting: Quoting) -> _Fit:
    rows, _ = _sample_rows(lines, delimiter, quoting, Shape())
    shape = _shape_of(rows, _usual_width(rows))
    rows, starts = _sample_rows(lines, delimiter, quoting, shape)
    width = _usual_width(rows)
    usual = [row for row in rows if len(row) == width]
    clean = sum(not isinstance(row, FlawedRow) for row in usual)
    total = max(1, len(rows))
    return _Fit(delimiter, quoting, rows, starts, width, len(usual) / total, clean / total, shape)


def _sample_rows(lines: Sequence[str], delimiter: str, quoting: Quoting, shape: Shape) -> tuple[list[Row], list[int]]:
    """The first rows that hold something, and the line at which each began."""
    rows: list[Row] = []
    starts: list[int] = []
    records = Records(_ended(lines), delimiter, quoting, shape)
    for row in records:
        if any(cell.strip() for cell in row):
            rows.append(row)
            starts.append(records.line)
        if len(rows) >= _SAMPLE_RECORDS:
            break
    return rows, starts


def _ended(lines: Sequence[str]) -> Iterator[str]:
    return (line + "\n" for line in lines)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    return Counter(map(len, rows)).most_common(1)[0][0] if rows else 1


def _shape_of(rows: Sequence[Row], width: int) -> Shape:
    """What most rows have in common."""
    usual = [row for row in rows if len(row) == width and not isinstance(row, FlawedRow)]
    if width < 2 or len(usual) < 8:
        return Shape(width)
    columns = list(zip(*usual, strict=True))
    known = {
        place: frozenset(cell.strip() for cell in column)
        for place, column in enumerate(columns)
        if is_label_like(column) and any(cell.strip() for cell in column)
    }
    below = {place: column[1:] for place, column in enumerate(columns) if place not in known}
    numbers = frozenset(place for place, column in below.items() if all(map(is_number, column)))
    return Shape(width, known, numbers)


def _looks_like_table(fit: _Fit) -> bool:
    """Prose may hold one comma a line by accident; a table has a header, or a column of few short values."""
    found: Header = header_of(fit.rows, fit.width)
    return found.place is not None or _typed_share(fit) > 0


def _typed_share(fit: _Fit) -> float:
    """The part of the columns that hold few values, or numbers; a tenth of it, as it only breaks ties."""
    body = [row for row in fit.rows[1:] if len(row) == fit.width] or [row for row in fit.rows if len(row) == fit.width]
    columns = list(zip(*body, strict=True))
    typed = sum(is_label_like(column) or all(map(is_number, column)) for column in columns)
    return 0.1 * typed / max(1, len(columns))


def _accidents(fit: _Fit) -> float:
    """How often a sign looks like one of prose (a space follows it), or like that of a number's fraction; and whether
    the first row is not divided by it, but by another."""
    first = fit.rows[0]
    divides_not = 0.1 * (len(first) == 1 < fit.width and any(sign in first[0] for sign in _SIGNS))
    if fit.delimiter in "\t|":
        return divides_not
    pairs = [pair for row in fit.rows[:200] for pair in itertools.pairwise(row)]
    prose = sum(before[-1:].isalnum() and after.startswith(" ") for before, after in pairs)
    digits = sum(before[-1:].isdecimal() and after[:1].isdecimal() for before, after in pairs)
    return divides_not + 0.3 * (prose + digits * (fit.delimiter == ",")) / max(1, len(pairs))


def _named_delimiter(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return "\t" if ".tsv" in suffixes or ".tab" in suffixes else "," if ".csv" in suffixes else ""


def _count_quotes(lines: Sequence[str], delimiter: str) -> tuple[int, int, int]:
    """Cells that begin with a mark; those that also end with one and double all between; those that do double."""
    opened = whole = doubled = 0
    for line in lines:
        for cell in line.removesuffix("\r").split(delimiter) if '"' in line else ():
            if cell.startswith('"'):
                inner = cell[1:-1].replace('""', "")
                opened += 1
                whole += len(cell) > 1 and cell.endswith('"') and '"' not in inner
                doubled += '""' in cell[1:-1]
    return opened, whole, doubled
