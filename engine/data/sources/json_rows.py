"""Rows out of JSON of any size and shape: values decoded one by one as the file is read."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from engine.data.sources.encoding import text_chunks, text_lines
from engine.data.sources.file_opening import shown
from engine.data.sources.json_shapes import rows_of_tree, unwrapped
from engine.errors import InputError
from engine.messages import Message, message

_CHUNK = 2**20
_WHOLE = 2**26
"""Characters up to which one object is read as a whole, so that the rows are found wherever they lie in it."""
_MARKS = "\ufeff\x1e \t\r\n"
_SPACE = re.compile(f"[{_MARKS}]*")
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]|"', re.DOTALL)
_TRAILING = re.compile(r'("(?:[^"\\]++|\\.)*+")|,(?=\s*[}\]])', re.DOTALL)
_DECODER = json.JSONDecoder()


def json_lines(path: Path, encoding: str) -> Iterator[Any]:
    """One value a line; None for a blank line. Raises InputError naming the line that is no JSON."""
    for number, line in enumerate(text_lines(path, encoding, "\n"), start=1):
        content = line.strip(_MARKS)
        if not content:
            yield None
            continue
        try:
            yield json.loads(content)
            continue
        except (ValueError, RecursionError) as error:
            where = message("{path}, line {number}", path=shown(path), number=number)
            values = _values_of_line(content, path, where, error)
        yield from values


def _values_of_line(content: str, path: Path, where: Message, error: Exception) -> list[Any]:
    """What is no JSON by the book: a comma behind the value or in it, several values, or a dict as Python writes it."""
    if isinstance(error, RecursionError):
        raise _too_deep(path, where) from error
    if content.startswith("{'"):
        try:
            return [ast.literal_eval(content.rstrip(","))]
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            raise _broken(path, where) from error
    return list(_Window(path, iter((content,)), where).values())


def json_items(path: Path, encoding: str) -> Iterator[Any]:
    """The rows of a document: the items of its lists, its objects one after the other, or, of a single object, the
    rows that lie in it. Raises InputError for broken JSON or a document without rows."""
    window = _Window(path, text_chunks(path, encoding, _CHUNK))
    if window.peek() == "{" and (tree := window.only_value(_WHOLE)) is not None:
        yield from rows_of_tree(tree, path)
        return
    if window.peek() == "{" and window.is_long:
        yield from _large(window, path)
        return
    while window.peek():
        if window.peek() == "[":
            yield from map(unwrapped, window.items())
        else:
            yield unwrapped(window.value())
        if window.peek() == ",":
            window.take(",")


def _large(window: _Window, path: Path) -> Iterator[Any]:
    """One object too large to be held: the first list of objects in it, or its columns."""
    columns: dict[str, Any] = {}
    for key in window.members():
        if window.peek() == "[" and window.peek_second() == "{":
            yield from map(unwrapped, window.items())
            return
        columns[key] = window.value()
    yield from rows_of_tree(columns, path)


def _broken(path: Path, where: Message | None = None) -> InputError:
    return InputError(
        message("This is not valid JSON."), where or shown(path), message("Mend the line, or export the file anew.")
    )


def _too_deep(path: Path, where: Message | None = None) -> InputError:
    return InputError(
        message("The JSON is nested too deeply."), where or shown(path), message("A row is one object with its values.")
    )


class _Window:
    """A stretch of the document that grows at the end and is forgotten at the start."""

    def __init__(self, path: Path, chunks: Iterator[str], where: Message | None = None) -> None:
        self._path = path
        self._chunks = chunks
        self._where = where
        self._text = ""
        self._at = 0
        self.is_long = False

    def peek(self) -> str:
        """The next character that is no space, without taking it; "" at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text) or not self._grow():
                return self._text[self._at : self._at + 1]

    def peek_second(self) -> str:
        """The character after the next one, spaces aside."""
        self.peek()
        while True:
            rest = self._text[self._at + 1 :].lstrip(_MARKS)
            if rest or not self._grow():
                return rest[:1]

    def take(self, expected: str) -> None:
        if self.peek() != expected:
            raise _broken(self._path, self._where)
        self._at += 1

    def only_value(self, most: int) -> Any:
        """The value that is next, if it is the document's only one and no longer than `most` characters; else None,
        and nothing is taken. `is_long` is then whether it is longer."""
        self.peek()
        while (found := self._decoded()) is None:
            if len(self._text) - self._at > most:
                self.is_long = True
                return None
            if not self._grow():
                found = self._tolerant()
                break
        if found is None or self._follows(found[1]):
            return None
        self._at = len(self._text)
        return found[0]

    def _follows(self, end: int) -> bool:
        """Whether something stands behind a place."""
        while not self._text[end:].strip(_MARKS):
            end -= self._at
            if not self._grow():
                return False
        return True

    def value(self) -> Any:
        self.peek()
        while True:
            found = self._decoded() or self._tolerant()
            if found is None:
                if not self._grow():
                    raise _broken(self._path, self._where)
                continue
            if found[1] == len(self._text) and self._grow():
                continue  # a number may go on in the next chunk
            self._at = found[1]
            return found[0]

    def _decoded(self) -> tuple[Any, int] | None:
        """The value that is next and where it ends; None when it is not whole yet, or no JSON."""
        try:
            return _DECODER.raw_decode(self._text, self._at)
        except RecursionError as error:
            raise _too_deep(self._path, self._where) from error
        except ValueError:
            return None

    def _tolerant(self) -> tuple[Any, int] | None:
        """The same without commas that nothing follows. Raises InputError where it is whole and still no JSON."""
        end = _extent(self._text, self._at)
        if end is None:
            return None
        text = _TRAILING.sub(lambda match: match[1] or "", self._text[self._at : end])
        try:
            return _DECODER.decode(text), end
        except (ValueError, RecursionError) as error:
            raise _broken(self._path, self._where) from error

    def values(self) -> Iterator[Any]:
        """All values to the end, commas between and behind them aside."""
        while self.peek():
            yield self.value()
            while self.peek() == ",":
                self.take(",")

    def items(self) -> Iterator[Any]:
        yield from self._series("[", "]", self.value)

    def members(self) -> Iterator[str]:
        """Of an object; the caller takes the value before it asks for the next key."""
        yield from self._series("{", "}", self._key)

    def _key(self) -> str:
        key = self.value()
        self.take(":")
        return str(key)

    def _series(self, first: str, last: str, take_one: Callable[[], Any]) -> Iterator[Any]:
        self.take(first)
        while self.peek() != last:
            yield take_one()
            if self.peek() == last:
                break
            self.take(",")
        self.take(last)

    def _grow(self) -> bool:
        """Doubles what is in sight, so that one huge value costs no more than a few attempts."""
        wanted = max(_CHUNK, len(self._text) - self._at)
        parts = [self._text[self._at :]]
        while wanted > 0:
            chunk = next(self._chunks, "")
            if not chunk:
                break
            parts.append(chunk)
            wanted -= len(chunk)
        self._text, self._at = "".join(parts), 0
        return len(parts) > 1


def _extent(text: str, at: int) -> int | None:
    """Where the object or list that begins at `at` ends; None when its end is not in sight."""
    depth = 0
    for match in _TOKEN.finditer(text, at):
        sign = match.group()
        if sign == '"':
            return None  # a text that is not closed yet
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
            if depth <= 0:
                return match.end()
    return None
