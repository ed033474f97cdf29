"""Rows of cells out of lines whose cells may stand in quotation marks; a bad mark spoils its own row at most."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from engine.data.columns.decimal_signs import is_number

Row = list[str]
Quoting = Literal["doubled", "backslash", "none"]
Flaw = Literal["quote", "inner", "header"]

MARK = '"'
_LONGEST_CELL = 2**24
"""Characters over several lines; no cell of a table is longer, so a mark that encloses more encloses nothing."""
_MOST_ENDS = 200
_ROW_LIKE = 0.8
_MANY_LINES = 5


class FlawedRow(list[str]):
    """A row that is not quite as its file meant it: a mark that is never closed was read as a mark like any other
    ("quote"), marks within an enclosed cell are not doubled ("inner"), or it is the header once more ("header")."""

    def __init__(self, cells: Iterable[str], flaw: Flaw) -> None:
        super().__init__(cells)
        self.flaw = flaw


@dataclass(frozen=True)
class Shape:
    """What the rows of a table look like: how many cells (0: not known), the values of columns of few values, and
    which columns hold numbers."""

    width: int = 0
    known: Mapping[int, frozenset[str]] = field(default_factory=dict)
    numbers: frozenset[int] = frozenset()

    @property
    def is_telling(self) -> bool:
        return bool(self.known or self.numbers)

    def fits(self, cells: Sequence[str]) -> bool:
        return (
            len(cells) == self.width
            and all(cells[place].strip() in values for place, values in self.known.items())
            and all(is_number(cells[place]) for place in self.numbers)
        )


@dataclass(frozen=True)
class _Style:
    """`enclosed` is a cell in marks, `rest` what of it stands on a further line, `plain` a cell without marks."""

    delimiter: str
    escapes: bool
    enclosed: re.Pattern[str]
    rest: re.Pattern[str]
    plain: re.Pattern[str] | None

    def value(self, inner: str) -> str:
        if self.escapes and "\\" in inner:
            return _ESCAPED.sub(lambda match: match[1] or MARK, inner)
        return inner.replace('""', MARK) if '""' in inner else inner


_ESCAPED = re.compile(r'\\(["\\\n])|""')


@lru_cache(maxsize=32)
def _style(delimiter: str, quoting: Quoting) -> _Style:
    escapes = quoting == "backslash"
    inner = r'((?:[^"\\]++|\\.|"")*+)' if escapes else r'((?:[^"]++|"")*+)'
    space = "" if delimiter == " " else " *"
    plain = re.compile(rf"(?:[^\\{re.escape(delimiter)}]|\\.|\\$)*+", re.DOTALL) if escapes else None
    return _Style(
        delimiter,
        escapes,
        re.compile(f'{space}"{inner}"{space}', re.DOTALL),
        re.compile(f'{inner}"{space}', re.DOTALL),
        plain,
    )


class Records:
    """The rows of `lines`, one by one; a blank line is an empty row. `line` is the number of the line (from 1) at
    which the last row began, `is_open` whether the last lines were cut within a cell.

    Without quoting a quotation mark is a mark like any other. Where marks enclose cells, such a cell may hold line
    ends; a mark that seems to open one but is never closed, or only by a mark that belongs to another row, is read as
    a mark, and the next line is a row of its own again. `shape` helps to tell.
    """

    def __init__(self, lines: Iterable[str], delimiter: str, quoting: Quoting, shape: Shape | None = None) -> None:
        self.line = 0
        self.is_open = False
        self._lines = iter(lines)
        self._back: deque[str] = deque()
        self._next_line = 1
        self._delimiter = delimiter
        self._quoting = quoting
        self._shape = shape or Shape()

    def __iter__(self) -> Iterator[Row]:
        if self._quoting == "none":
            return self._literal()
        return self._enclosed()

    def _literal(self) -> Iterator[Row]:
        delimiter = self._delimiter
        for line in self._lines:
            self.line += 1
            content = without_end(line)
            yield content.split(delimiter) if content else []

    def _enclosed(self) -> Iterator[Row]:
        style = _style(self._delimiter, self._quoting)
        while (line := self._take()) is not None:
            self.line = self._next_line - 1
            content = without_end(line)
            if MARK not in content and not (style.escapes and "\\" in content):
                yield content.split(style.delimiter) if content else []
                continue
            cells, at, is_whole = _scan(content, 0, style)
            if is_whole:
                yield _with_opening(cells, self._shape, style)
                continue
            whole = self._continued(line, cells, at, style)
            yield whole or _mended(content, cells, at, style, self._shape)

    def _take(self) -> str | None:
        line = self._back.popleft() if self._back else next(self._lines, None)
        self._next_line += line is not None
        return line

    def _continued(self, line: str, cells: Row, at: int, style: _Style) -> Row | None:
        """The row whose cell goes on over the next lines; None (and no line taken) when its mark is a bad one."""
        if style.enclosed.match(without_end(line), at):
            return None  # closed, but something else follows
        taken: list[str] = []
        found, opened, size = list(cells), [_from_mark(line, at)], 0
        while size < _LONGEST_CELL and (following := self._take()) is not None:
            taken.append(following)
            size += len(following)
            if MARK not in following:
                opened.append(following)
                continue
            closed = style.rest.match(following)
            if closed is None:
                opened.append(following)
                continue
            content = without_end(following)
            if closed.end() < len(content) and not content.startswith(style.delimiter, closed.end()):
                self._give_back(taken)
                return None
            found.append(style.value("".join([*opened, closed[1]])))
            if closed.end() >= len(content):
                return self._believed(found, line, taken, style)
            rest, at, is_whole = _scan(content, closed.end() + 1, style)
            found.extend(rest)
            if is_whole:
                return self._believed(found, line, taken, style)
            if style.enclosed.match(content, at):
                self._give_back(taken)
                return None
            opened = [_from_mark(following, at)]
        self.is_open = True
        self._give_back(taken)
        return None

    def _believed(self, cells: Row, line: str, taken: list[str], style: _Style) -> Row | None:
        """The row of several lines, unless nearly each of these lines is a row by itself."""
        shape = self._shape
        enough = shape.is_telling or len(taken) > _MANY_LINES
        if shape.width < 2 or not enough or not _is_row(line, style, shape):
            return cells
        fitting = sum(_is_row(one, style, shape) for one in taken)
        needed = _ROW_LIKE if len(cells) == shape.width else _ROW_LIKE / 2
        if fitting < needed * len(taken):
            return cells
        self._give_back(taken)
        return None

    def _give_back(self, taken: list[str]) -> None:
        """The lines are read once more, each as a row of its own."""
        self._back.extendleft(reversed(taken))
        self._next_line -= len(taken)


def without_end(line: str) -> str:
    """The line without its line end, whether "\\n" or "\\r\\n"."""
    line = line.removesuffix("\n")
    return line.removesuffix("\r")


def _from_mark(line: str, at: int) -> str:
    return line[line.index(MARK, at) + 1 :]


def _is_row(line: str, style: _Style, shape: Shape) -> bool:
    """Whether a line by itself is a row as the others are, its bad mark read as a mark."""
    content = without_end(line)
    cells, at, is_whole = _scan(content, 0, style)
    return shape.fits(cells if is_whole else _literally(content, cells, at, style, shape))


def _scan(content: str, at: int, style: _Style) -> tuple[Row, int, bool]:
    """Cells from `at` on; where the last one begins that could not be read, and whether all could."""
    cells: Row = []
    delimiter, length = style.delimiter, len(content)
    while True:
        start = at
        if MARK in content[at : at + 1] or content[at : at + 8].lstrip(" ").startswith(MARK):
            enclosed = style.enclosed.match(content, at)
            if enclosed and (enclosed.end() == length or content.startswith(delimiter, enclosed.end())):
                cells.append(style.value(enclosed[1]))
                at = enclosed.end()
            elif content[at] == MARK:
                return cells, start, False
            else:
                at = _plain(content, at, style, cells)
        else:
            at = _plain(content, at, style, cells)
        if at >= length:
            return cells, length, True
        at += 1


def _plain(content: str, at: int, style: _Style, cells: Row) -> int:
    if style.plain is not None and content.find("\\", at) >= 0:
        match = style.plain.match(content, at)
        assert match is not None
        cell = match.group()
        cells.append("" if cell == "\\N" else _unescaped(cell, style.delimiter))
        return match.end()
    end = content.find(style.delimiter, at)
    end = len(content) if end < 0 else end
    cells.append(content[at:end])
    return end


def _unescaped(cell: str, delimiter: str) -> str:
    return cell.replace(f"\\{delimiter}", delimiter).replace('\\"', MARK).replace("\\\\", "\\")


def _mended(content: str, cells: Row, at: int, style: _Style, shape: Shape) -> Row:
    """The row whose cell at `at` begins with a mark that closes nowhere as it should."""
    start = content.index(MARK, at) + 1
    for end in _ends(content, start, style):
        rest: Row = []
        is_whole = True
        if end + 1 < len(content.rstrip(" ")):
            rest, _, is_whole = _scan(content, content.index(style.delimiter, end) + 1, style)
        found = [*cells, style.value(content[start:end]), *rest]
        if is_whole and len(found) == (shape.width or len(found)):
            return FlawedRow(found, "inner")
    return FlawedRow(_literally(content, cells, at, style, shape), "quote")


def _ends(content: str, start: int, style: _Style) -> Iterator[int]:
    """The marks after which a delimiter or the line's end stands."""
    closing = re.compile(rf'" *(?={re.escape(style.delimiter)}|$)' if style.delimiter != " " else '"(?= |$)')
    for count, match in enumerate(closing.finditer(content, start)):
        if count >= _MOST_ENDS:
            return
        yield match.start()


def _literally(content: str, cells: Row, at: int, style: _Style, shape: Shape) -> Row:
    """The cell's mark is one like any other; the cell ends where the rest makes as many cells as the others have."""
    needed = shape.width - len(cells) - 1
    if needed == 0:
        return [*cells, content[at:]]
    end = at
    for _ in range(_MOST_ENDS if needed > 0 else 0):
        end = content.find(style.delimiter, end)
        if end < 0:
            break
        rest, _, is_whole = _scan(content, end + 1, style)
        if is_whole and len(rest) == needed:
            return [*cells, content[at:end], *rest]
        end += 1
    return [*cells, *content[at:].split(style.delimiter)]


def _with_opening(cells: Row, shape: Shape, style: _Style) -> Row:
    """Cells too many, of which one ends in a mark that nothing opened: the mark closes all of these."""
    surplus = len(cells) - shape.width
    if surplus <= 0 or not shape.width:
        return cells
    for place in range(surplus, len(cells)):
        cell = cells[place].rstrip()
        if cell.endswith(MARK) and cell.count(MARK) == 1:
            joined = style.delimiter.join(cells[place - surplus : place + 1])
            return FlawedRow([*cells[: place - surplus], joined, *cells[place + 1 :]], "quote")
    return cells
