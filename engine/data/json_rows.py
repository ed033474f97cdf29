"""Rows out of JSON documents of any size: the items of their list, decoded one by one as the file is read."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from engine.data.encoding import open_bytes, text_lines
from engine.errors import InputError
from engine.messages import message

_CHUNK = 2**20
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_DECODER = json.JSONDecoder()


def json_lines(path: Path, encoding: str) -> Iterator[Any]:
    """One value a line; None for a blank line. Raises InputError naming the line that is no JSON."""
    for number, line in enumerate(text_lines(path, encoding, "\n"), start=1):
        try:
            yield json.loads(line) if line.strip("\ufeff \t\r\n") else None
        except ValueError as error:
            raise _broken(path, message("{path}, line {number}", path=str(path), number=number)) from error


def json_items(path: Path, encoding: str) -> Iterator[Any]:
    """The items of a document `[...]`, of the first list of objects in `{"data": [...], ...}`, or the rows of a
    document that maps each column to its values. Raises InputError for broken JSON or a document without rows."""
    window = _Window(path, encoding)
    start = window.peek()
    if start == "[":
        yield from window.items()
        return
    columns: dict[str, Any] = {}
    for key in window.members():
        if window.peek() == "[" and window.peek_second() == "{":
            yield from window.items()
            return
        columns[key] = window.value()
    yield from _rows_of(columns, path)


def _rows_of(columns: dict[str, Any], path: Path) -> Iterator[dict[str, Any]]:
    """{"text": [...], "label": [...]} or, as pandas writes it, {"text": {"0": ...}, "label": {"0": ...}}."""
    series = {
        name: list(values.values()) if isinstance(values, dict) else values
        for name, values in columns.items()
        if isinstance(values, list | dict)
    }
    if not series or len({len(values) for values in series.values()}) != 1:
        raise InputError(
            message("The JSON document holds no list of rows."),
            str(path),
            message("It should look like [{example}, ...].", example='{"text": "...", "label": "..."}'),
        )
    for values in zip(*series.values(), strict=True):
        yield dict(zip(series, values, strict=True))


def _broken(path: Path, where: Any = None) -> InputError:
    return InputError(
        message("This is not valid JSON."), where or str(path), message("Mend the line, or export the file anew.")
    )


class _Window:
    """A stretch of the document that grows at the end and is forgotten at the start."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path = path
        self._chunks = _read(path, encoding)
        self._text = ""
        self._at = 0

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
            rest = self._text[self._at + 1 :].lstrip()
            if rest or not self._grow():
                return rest[:1]

    def take(self, expected: str) -> None:
        if self.peek() != expected:
            raise _broken(self._path)
        self._at += 1

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except ValueError as error:
                if not self._grow():
                    raise _broken(self._path) from error
                continue
            if end == len(self._text) and self._grow():
                continue  # a number may go on in the next chunk
            self._at = end
            return value

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
        if self.peek() == last:
            return
        while True:
            yield take_one()
            if self.peek() == last:
                return
            self.take(",")

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


def _read(path: Path, encoding: str) -> Iterator[str]:
    """Chunks of the text. Lines are no measure: a document may be one line."""
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding, errors="replace", newline="") as text:
        while chunk := text.read(_CHUNK):
            yield chunk
