"""Several labels a text: lists in one cell (“a; b”, “["a", "b"]”), or a column of yes and no for each label."""

from __future__ import annotations

import ast
import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from engine.data.numbers import decimal_sign

SEPARATORS = (";", "|", "；", "、", ",", "，", "\n")
"""What may stand between labels; where several would do equally well, the earlier one."""

IN_BRACKETS = "[]"
"""The sign of cells that are lists as JSON or Python write them."""

YES = frozenset(("1", "1.0", "yes", "y", "true", "t", "x", "✓", "✔", "√", "是", "有", "对"))
NO = frozenset(("0", "0.0", "no", "n", "false", "f", "-", "–", "否", "无", "没有", "错"))

_LONGEST_LABEL = 60
_MOST_LABELS = 1000
_LIST_SHARE = 0.02
"""Of the filled cells so many must hold a sign, before somebody is told that they look like lists."""


def labels_in(cell: str, separator: str) -> list[str]:
    """The labels of a cell, each once, without spaces around them; none in an empty one.

    `separator` stands between them; without one (and where the cell is a list in brackets) the cell is one label.
    """
    listed = _listed(cell)
    if listed is None:
        listed = cell.split(separator) if separator and separator != IN_BRACKETS else [cell]
    return list(dict.fromkeys(part.strip() for part in listed if part.strip()))


def labels_marked(cells: Mapping[str, str]) -> list[str]:
    """The columns whose cell says yes, by their names. Raises ValueError with the column whose cell says neither."""
    found = []
    for column, cell in cells.items():
        said = cell.strip().casefold()
        if said in YES:
            found.append(column.strip())
        elif said and said not in NO:
            raise ValueError(column)
    return found


def separator_of(cells: Iterable[str], known: Collection[str] = ()) -> str:
    """The sign between the labels of such cells: `IN_BRACKETS` for lists in brackets, "" where none stands there.

    The sign is taken that leaves the fewest different labels; where labels are `known`, the one that finds most of
    them. “Smith, John; Lee, Ann” is so divided at its semicolons.
    """
    filled = [cell for cell in dict.fromkeys(cells) if cell.strip()]
    if filled and sum(_listed(cell) is not None for cell in filled) >= 0.9 * len(filled):
        return IN_BRACKETS
    candidates = [sign for sign in SEPARATORS if any(sign in cell.strip() for cell in filled)]
    whole = {cell.strip() for cell in filled}
    if known:
        return max(["", *candidates], key=lambda sign: _num_known(filled, sign, known))
    parts = {sign: _parts(filled, sign) for sign in candidates}
    fitting = [sign for sign in candidates if _are_labels(parts[sign]) and len(parts[sign]) <= len(whole)]
    return min(fitting, key=lambda sign: len(parts[sign]), default="")


def look_like_lists(cells: Sequence[str]) -> str:
    """The sign between the labels where cells surely are lists of labels; "" where each may well be one label."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if decimal_sign(filled) == "comma":
        return ""  # 3,5 is a number
    sign = separator_of(filled)
    if sign in ("", IN_BRACKETS):
        return sign
    whole, parts = set(filled), _parts(filled, sign)
    # one label with a comma in it is a pair that is always the same: its parts outnumber it
    is_divided = sum(sign in cell for cell in filled) >= _LIST_SHARE * len(filled) and len(parts) < len(whole)
    return sign if is_divided and len(whole) > 2 else ""


def marked_columns(columns: Sequence[str], values: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The columns that say yes or no in every cell (blank ones count for no), and yes in one of them at least."""
    found = []
    for column in columns:
        said = {cell.strip().casefold() for cell in values[column]}
        if said & YES and said & (NO | {""}) and said <= YES | NO | {""}:
            found.append(column)
    return tuple(found)


def _listed(cell: str) -> list[str] | None:
    """The items of a list as JSON or Python write it; None for anything else."""
    text = cell.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        items = json.loads(text)
    except ValueError:
        try:
            items = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    if not isinstance(items, list) or any(isinstance(item, list | dict) for item in items):
        return None
    return ["" if item is None else str(item) for item in items]


def _parts(cells: Iterable[str], sign: str) -> set[str]:
    return {label for cell in cells for label in labels_in(cell, sign)}


def _are_labels(parts: Collection[str]) -> bool:
    return len(parts) <= _MOST_LABELS and sum(map(len, parts)) <= _LONGEST_LABEL * len(parts)


def _num_known(cells: Sequence[str], sign: str, known: Collection[str]) -> int:
    return sum(label in known for cell in cells for label in labels_in(cell, sign))
