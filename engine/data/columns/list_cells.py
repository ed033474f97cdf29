"""Cells that are lists: as JSON, Python, numpy and PostgreSQL write them; sets, tuples, labels with a score each."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

LEFT_OUT = "..."
"""What numpy writes in the place of items of a long array: what stood there is lost."""

NAME_KEYS = ("label", "name", "value", "category", "class", "tag", "title", "id")
"""Where an object of a list says which label it means, the likelier key first."""

_CLOSING = {"[": "]", "(": ")", "{": "}"}
_CALL = re.compile(
    r"(?s)(?:\w+\.)?(?:array|asarray|tensor|list|tuple|set|frozenset|Index|Series|Categorical)\(\s*(.*?)\s*\)"
)
_SETTINGS = re.compile(r"(?s)\s*(?:,\s*\w+\s*=.*)?")
_QUOTED = re.compile(r"""(?s)[bBuUrR]{0,2}(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")""")
_SCALAR_CALL = re.compile(r"""(?s)(?:np|numpy)\.\w+\(\s*([^()]*?|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\)""")
_VALUE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|True|False|true|false|\.\.\.")
_NOTHING = re.compile(r"None|null|NULL|nan|NaN|<NA>|NaT")
_BARE = re.compile(r"""[^,"{}\[\]()]+""")
_GAP = re.compile(r"\s*")
_ESCAPE = re.compile(r"(?s)\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "0": "", "a": "", "b": "", "f": "", "v": ""}
_PIECE = (int, int, str)
_MARKED = re.compile(r"""[\[(]\s*[\[(]\s*[0-9]+\s*,\s*[0-9]+\s*,\s*['"]""")
"""How a list of marked pieces of a text begins: [(0, 5, 'PER'), ...]."""

_LONGEST = 100_000
_CERTAIN = 0.5
"""The score from which a label counts as given."""


@lru_cache(maxsize=8192)
def items_of(cell: str, loosely: bool = False) -> tuple[str, ...] | None:
    """The items of a cell that is a list, in their order; None for anything else.

    Quoted words, numbers and truth values are items; `loosely`, words without quotes between commas are too (as
    PostgreSQL writes them), which a single label such as “[deleted]” or “{x}” may be as well: so ask it only where the
    whole column looks like lists.
    """
    text = cell.strip()
    if len(text) > _LONGEST or len(text) < 2:
        return None
    called = _CALL.fullmatch(text)
    if called:
        return _called(called[1], loosely)
    if text[0] not in _CLOSING or text[-1] != _CLOSING[text[0]] or _MARKED.match(text):
        return None
    try:
        return labels_of_tree(tree_of(text))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        pass
    found = _parsed(text, loosely)
    return found[0] if found and found[1] == len(text) else None


def _called(inner: str, loosely: bool) -> tuple[str, ...] | None:
    """What stands in the brackets of `array([...], dtype=object)`, `set()` or `frozenset({...})`."""
    if not inner:
        return ()
    if inner[0] not in _CLOSING:
        return None
    found = _parsed(inner, loosely)
    if found and _SETTINGS.fullmatch(inner, found[1]):
        return found[0]
    return items_of(inner, loosely)


def tree_of(text: str) -> Any:
    """JSON; or a dictionary of Python's: adjacent words, which numpy leaves unseparated, would be glued by Python.

    Raises ValueError, SyntaxError, MemoryError or RecursionError for anything else.
    """
    try:
        return json.loads(text)
    except ValueError:
        if text[0] not in "[{" or not re.search(r"""['"]\s*:""", text):
            raise
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return ast.literal_eval(text)


def tree_in(cell: str) -> Any:
    """The cell as JSON or Python write objects and lists; None for anything else."""
    text = cell.strip()
    if text[:1] not in ("{", "["):
        return None
    try:
        return tree_of(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def labels_of_tree(tree: Any) -> tuple[str, ...] | None:
    """The labels in a list of words or of objects that name one, or in an object of scores; None for all else."""
    if isinstance(tree, dict):
        return _of_object(tree)
    if not isinstance(tree, list | tuple | set):
        return None
    items = list(tree)
    if len(items) == 1 and isinstance(items[0], list | tuple):
        return None if _is_piece(items[0]) else labels_of_tree(items[0])
    names = [_name_of(item) for item in items if item is not None]
    return None if any(name is None for name in names) else tuple(name for name in names if name)


def marks_pieces(tree: Any) -> bool:
    """Whether these are marked pieces of a text: [[0, 5, "PER"], ...], or objects with a start and an end."""
    return isinstance(tree, list) and any(_is_piece(item) for item in tree)


def _is_piece(item: Any) -> bool:
    if isinstance(item, dict):
        return any(key.startswith("start") for key in map(str, item)) and any(
            str(key).startswith("end") for key in item
        )
    return (
        isinstance(item, list | tuple)
        and len(item) == len(_PIECE)
        and all(isinstance(value, kind) for value, kind in zip(item, _PIECE, strict=True))
    )


def _of_object(tree: dict[str, Any]) -> tuple[str, ...] | None:
    """{"SPAM": 1.0, "HAM": 0.0}: those that are given; {"choices": [...]}: what is in it; {"label": "x"}: its name."""
    if all(isinstance(value, int | float) for value in tree.values()):
        return tuple(str(name) for name, value in tree.items() if value >= _CERTAIN)
    if len(tree) == 1 and isinstance(inner := next(iter(tree.values())), list):
        return labels_of_tree(inner)
    name = _name_of(tree)
    return None if name is None else (name,)


def _name_of(item: Any) -> str | None:
    """A word for an item; an object is called by its label. None for what has no name."""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, str | int | float):
        return "" if str(item) == "nan" else str(item)
    if isinstance(item, dict):
        return next((_name_of(item[key]) for key in NAME_KEYS if isinstance(item.get(key), str | int)), None)
    return None


def _parsed(text: str, loosely: bool) -> tuple[tuple[str, ...], int] | None:
    """The items between the bracket at the start and the one that closes it, and where that one ends."""
    start, close = text[0], _CLOSING[text[0]]
    if text[1:2] in ("[", "(", "{"):  # an array of one row, or frozenset({...})
        found = _parsed(text[1:], loosely)
        end = _after_gap(text, found[1] + 1) if found else -1
        return (found[0], end + 1) if found and text[end : end + 1] == close else None
    items: list[str] = []
    at, commas, num_quoted = _after_gap(text, 1), 0, 0
    while at < len(text) and text[at] != close:
        if text[at] == ",":
            commas += 1
            at = _after_gap(text, at + 1)
            continue
        item = _item(text, at, loosely)
        if item is None:
            return None
        num_quoted += text[at] in "'\""
        items.extend([item[0]] if item[0] else [])
        at = _after_gap(text, item[1])
    if at >= len(text) or (start == "(" and items and not (commas or num_quoted > 1)):
        return None  # “(1)” and “("x")” are words in brackets; a tuple of one item has a comma
    return tuple(items), at + 1


def _item(text: str, at: int, loosely: bool) -> tuple[str, int] | None:
    """The item that begins here (nothing for None) and where it ends."""
    if scalar := _SCALAR_CALL.match(text, at):
        return (_item(scalar[1] + ",", 0, loosely) or (scalar[1], 0))[0], scalar.end()
    if quoted := _QUOTED.match(text, at):
        if _ends(text, quoted.end()):
            return _unescaped(quoted[1] if quoted[1] is not None else quoted[2]), quoted.end()
        return None
    for pattern in (_NOTHING, _VALUE):
        found = pattern.match(text, at)
        if found and _ends(text, found.end()):
            return "" if pattern is _NOTHING else found[0].rstrip(".") or found[0], found.end()
    bare = _BARE.match(text, at) if loosely and text[0] in "[{" else None
    return (bare[0].strip(), bare.end()) if bare else None


def _ends(text: str, at: int) -> bool:
    return at >= len(text) or text[at] in ",])}" or text[at].isspace()


def _after_gap(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    sign = match[1]
    return chr(min(int(sign[1:], 16), 0x10FFFF)) if len(sign) > 1 else _SIGNS.get(sign, sign)


def is_row_of_yes_and_no(items: Iterable[str]) -> bool:
    """Whether each item is 0 or 1, as in a list that has a place for every label."""
    return all(item in _PLACES for item in items)


def places_set(items: Iterable[str]) -> Iterator[int]:
    """The places, from 1, that say yes."""
    return (place for place, item in enumerate(items, start=1) if _PLACES.get(item))


_PLACES = {"0": False, "0.0": False, "false": False, "False": False} | dict.fromkeys(("1", "1.0", "true", "True"), True)
