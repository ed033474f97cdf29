"""Whether a text is JSON, and whether it has one value a line: told by its beginning."""

from __future__ import annotations

import json
import re
from typing import Literal

JsonKind = Literal["json", "json-lines"]

_DECODER = json.JSONDecoder()
_PYTHON = re.compile(r"\{\s*'")
_OBJECT = re.compile(r'\{\s*("|\})')
_SPACE = "\ufeff\x1e \t\r\n"
_LONG = 1000


def json_kind(head: str, *, is_whole: bool) -> JsonKind | None:
    """None for what is no JSON. Lines of values are read line by line, so that a broken one can be named; all else
    is read as values one after the other, wherever their lines end."""
    start = head.lstrip(_SPACE)
    lines = [line for line in start.split("\n") if line.strip(_SPACE)]
    if not lines:
        return None
    if _PYTHON.match(start) and lines[0].rstrip(_SPACE).endswith("}"):
        return "json-lines"
    if start.startswith("["):
        return _kind_of_lists(start, lines, is_whole)
    if not _OBJECT.match(start):
        return None
    if not _is_value(lines[0]):
        return "json" if _goes_on_as_object(start) else None
    if len(lines) > 1:
        return "json-lines" if lines[1].lstrip(_SPACE).startswith("{") else "json"
    return "json"


def _goes_on_as_object(start: str) -> bool:
    """After the first key of an object stands a colon."""
    try:
        _, end = _DECODER.raw_decode(start, start.index('"'))
    except (ValueError, RecursionError):
        return len(start) > _LONG
    return start[end : end + _LONG].lstrip(_SPACE)[:1] in (":", "")


def _kind_of_lists(start: str, lines: list[str], is_whole: bool) -> JsonKind | None:
    inner = start[1:].lstrip(_SPACE)
    if len(lines) > 1 and lines[1].lstrip().startswith("[") and _is_row(lines[0]) and _is_row(lines[1]):
        return "json-lines"
    if inner[:1] in ("{", "]") or inner.startswith(("[[", "[{")):
        return "json"
    try:
        _, end = _DECODER.raw_decode(inner)
    except RecursionError:
        return "json"
    except ValueError:
        return "json" if not is_whole and re.match(r'\[?\s*"', inner) else None
    return "json" if inner[end:].lstrip(_SPACE)[:1] in (",", "]") else None


def _is_value(text: str) -> bool:
    """Whether a line is a JSON value; a comma behind it does not matter."""
    try:
        json.loads(text.strip(_SPACE).rstrip(","))
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def _is_row(line: str) -> bool:
    """A list of plain values."""
    try:
        value = json.loads(line.strip(_SPACE))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list) and not any(isinstance(one, list | dict) for one in value)
