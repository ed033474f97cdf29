"""Whether a row names the columns, and which: told by how it differs from the rows beneath it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.config.roles import ROLES
from engine.data.columns.decimal_signs import is_number

_OTHER_NAMES = frozenset(("id", "idx", "index", "rating", "score", "stars", "date", "user", "name", "source", "split"))
_KNOWN_NAMES = frozenset(name for role in ROLES.values() for name in role.column_names) | _OTHER_NAMES

_MOST_ABOVE = 30
"""A table whose names stand further down has no header that would be found by itself."""
_LONGEST_LABEL = 60
_LONGEST_NAME = 40
_NOTHING = frozenset(("", "-", "?", "na", "n/a", "nan", "null", "none", "nil", "\\n"))
_NEVER, _MAYBE, _SURE = 0.0, 1.0, 2.0


@dataclass(frozen=True)
class Header:
    """`place` is the header's among the rows, None for none. `is_sure` is False where only its being short told."""

    place: int | None
    is_sure: bool = True


def header_of(rows: Sequence[Sequence[str]], width: int) -> Header:
    """Which of the first rows (all of them hold something) names the columns. Titles and remarks may stand above it:
    they fill fewer cells."""
    if not rows:
        return Header(None)
    head = ["", *rows[0]] if len(rows[0]) == width - 1 else rows[0]  # R names no column of row names
    first = _belief(head, rows[1:], width)
    fullest = sum(map(_is_filled, rows[0])) if len(rows[0]) == width else 0
    for place, row in enumerate(rows[1:_MOST_ABOVE], start=1):
        if width < 2 or fullest >= width:
            break
        filled = sum(map(_is_filled, row))
        if len(row) == width and filled > fullest and _belief(row, rows[place + 1 :], width) >= _SURE:
            return Header(place)
        fullest = max(fullest, filled) if len(row) == width else fullest
    return Header(0, first >= _SURE) if first > _NEVER else Header(None)


def is_known_name(cell: str) -> bool:
    """Whether a cell is one of the words that columns are usually called by."""
    return _key(cell) in _KNOWN_NAMES


def is_label_like(cells: Sequence[str]) -> bool:
    """Whether a column holds few short values, each of them again and again."""
    distinct = {cell.strip() for cell in cells}
    few = len(distinct) <= max(2, len(cells) // 4)
    return len(cells) >= 4 and few and max(map(len, distinct)) <= _LONGEST_LABEL


def _belief(first: Sequence[str], below: Sequence[Sequence[str]], width: int) -> float:
    body = [row for row in below if list(row) != list(first) and len(row) >= min(width, len(first))]
    if len(first) != width:
        return _NEVER
    if not body:
        return _SURE if any(map(is_known_name, first)) else _NEVER
    columns = [[row[place] for row in body if place < len(row)] for place in range(width)]
    for_it = against = 0.0
    for cell, column in zip(first, columns, strict=True):
        sign = _sign(cell, column)
        for_it, against = for_it + max(0.0, sign), against + max(0.0, -sign)
    if _counts_up(first) and not all(map(_are_numbers, columns)):
        for_it += 3
    if against >= for_it:
        return _NEVER if against else _by_shortness(first, columns)
    return _SURE if for_it - against >= 1 else _by_shortness(first, columns)


def _sign(cell: str, column: Sequence[str]) -> float:
    """What one column says: above 0 that `cell` is its name, below 0 that it is one of its values."""
    value = cell.strip()
    filled = [one.strip() for one in column if one.strip()]
    if not filled:
        return 0.0
    if not value:
        return 1.0 if _counts_rows(filled) else 0.0
    values = Counter(one.lower() for one in filled)
    if _key(value) in _KNOWN_NAMES and value.lower() not in values:
        return 4.0
    if _are_numbers(filled):
        return _sign_of_numbers(value, filled)
    if is_number(value) and not _is_year_or_place(value):
        return -1.5
    if is_label_like(filled):
        if value.lower() in values:
            return -4.0
        singles = sum(count == 1 for count in values.values())
        return 2.0 if len(filled) >= 8 and singles <= 0.05 * len(filled) else 0.0
    if values[value.lower()] > 0 or len(value) > 2 * _LONGEST_NAME:
        return -0.5
    return _sign_of_masks(value, filled)


def _sign_of_numbers(value: str, filled: Sequence[str]) -> float:
    if value.lower() in _NOTHING:
        return 0.0
    if not is_number(value):
        return 2.0
    if _is_year_or_place(value) and not all(map(_is_year_or_place, filled)):
        return 0.0
    return -1.5


def _sign_of_masks(value: str, filled: Sequence[str]) -> float:
    """Dates, times and numbers of orders all look alike, and their name does not."""
    masks = Counter(map(_mask, filled))
    usual = [mask for mask, _ in masks.most_common(3)]
    if "9" not in "".join(usual) or sum(masks[mask] for mask in usual) < 0.95 * len(filled) or len(filled) < 4:
        return 0.0
    return -1.5 if _mask(value) in usual else 2.0 if value.lower() not in _NOTHING else 0.0


def _mask(cell: str) -> str:
    """“07/29/13” becomes “9/9/9”, “AB-1204” “a-9”."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", cell))


def _by_shortness(first: Sequence[str], columns: Sequence[Sequence[str]]) -> float:
    """Names are short, distinct, no numbers, and not met again as a value; a column without values needs none."""
    cells = [cell.strip().lower() for cell in first]
    while cells and not cells[-1] and not any(cell.strip() for cell in columns[len(cells) - 1]):
        cells.pop()
    values = [{one.strip().lower() for one in column} for column in columns]
    if any(cell in below for cell, below in zip(cells, values, strict=False)) or len(set(cells)) < len(cells):
        return _NEVER
    return _MAYBE if cells and all(map(_is_name, cells)) else _NEVER


def _is_name(cell: str) -> bool:
    short = 0 < len(cell) <= _LONGEST_NAME and len(cell.split()) <= 3
    return short and not is_number(cell) and not re.search(r"[.!?。！？,，]", cell)


def _counts_up(cells: Sequence[str]) -> bool:
    """0, 1, 2, …: how pandas calls columns without names; an index without a name may stand before them."""
    rest = [cell.strip() for cell in (cells[1:] if not cells[0].strip() else cells)]
    return len(rest) > 1 and any(rest == [str(one + start) for one in range(len(rest))] for start in (0, 1))


def _counts_rows(filled: Sequence[str]) -> bool:
    """0, 1, 2, … or another column of different whole numbers: the index that pandas writes under no name."""
    return len(set(filled)) == len(filled) and all(one.isdecimal() for one in filled)


def _are_numbers(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if cell.strip().lower() not in _NOTHING]
    return bool(filled) and sum(map(is_number, filled)) >= 0.95 * len(filled)


def _is_year_or_place(cell: str) -> bool:
    text = cell.strip()
    return text.isdecimal() and (len(text) <= 2 or (len(text) == 4 and 1900 <= int(text) <= 2100))


def _is_filled(cell: str) -> bool:
    return bool(cell.strip())


def _key(cell: str) -> str:
    return cell.strip().strip("\ufeff#\"' ").lower()
