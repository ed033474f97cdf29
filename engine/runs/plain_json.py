"""read_json: a JSON file of somebody else, bounded in size and depth, with plain numbers only."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

MOST_BYTES = 2**24
"""Of a file that describes a model; real ones have a few thousand."""

_DEEPEST, _MOST_DIGITS = 100, 30
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")


def read_json(path: Path, most_bytes: int = MOST_BYTES, deepest: int = _DEEPEST) -> Any:
    """Raises OSError where it cannot be read, ValueError with the reason for what is no plain JSON."""
    if not path.is_file():
        raise FileNotFoundError(2, "No such file", str(path))
    if path.stat().st_size > most_bytes:
        raise ValueError(f"it is larger than {most_bytes >> 20} MB")
    content = path.read_bytes()
    if _depth(content) > deepest:
        raise ValueError(f"it is nested more than {deepest} deep")
    return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant, parse_int=_int, parse_float=_float)


def _depth(content: bytes) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(_STRING.sub(b"", content)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _int(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if abs(value) == float("inf"):
        raise ValueError(f"{digits[:_MOST_DIGITS]} is too large for a number")
    return value
