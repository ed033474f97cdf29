"""Several labels a text: lists in one cell (“a; b”, “["a", "b"]”, “[0 1 1]”), or a column of yes and no for each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

from engine.data.columns.decimal_signs import decimal_sign
from engine.data.columns.list_cells import is_row_of_yes_and_no, items_of, places_set

SEPARATORS = (";", "|", "；", "、", ",", "，", "\n")
"""What may stand between labels; where several would do equally well, the earlier one."""

IN_BRACKETS = "[]"
"""The sign of cells that are lists in brackets, as JSON, Python, numpy or PostgreSQL write them."""

BY_PLACE = "[01]"
"""The sign of cells that are lists of 0 and 1 with a place for every label, which is called by its place, from 1."""

YES = frozenset(("1", "1.0", "yes", "y", "true", "t", "x", "✓", "✔", "√", "是", "有", "对"))
NO = frozenset(("0", "0.0", "no", "n", "false", "f", "-", "–", "否", "无", "没有", "错"))

_SILENT = frozenset(("", "nan", "none", "null", "<na>", "n/a", "na", "nat", "#n/a"))
"""A cell says nothing with these words: neither yes nor no."""

_LONGEST_LABEL = 60
_MOST_LABELS = 1000
_MOST_LISTS = 0.9
"""Of the different filled cells so many must be lists in brackets, before all are read so."""

_LIST_SHARE = 0.02
"""Of the filled cells so many must hold a sign, before somebody is told that they look like lists."""


def labels_in(cell: str, separator: str, places: Sequence[str] = ()) -> list[str]:
    """The labels of a cell, each once, without spaces around them; none in an empty one.

    `separator` stands between them; without one (and where the cell is a list in brackets) the cell is one label.
    `places` are the names of the places in a list of 0 and 1; without them they are called by their numbers from 1.
    """
    is_listed = separator in (IN_BRACKETS, BY_PLACE)
    listed: Sequence[str] | None = items_of(cell, is_listed)
    if listed is None:
        listed = cell.split(separator) if separator and not is_listed else [cell]
    elif separator == BY_PLACE:
        listed = [places[place - 1] if place <= len(places) else str(place) for place in places_set(listed)]
    return list(dict.fromkeys(part.strip() for part in listed if part.strip()))


def single_labels(cells: Collection[str], places: Sequence[str] = ()) -> dict[str, str]:
    """What each list of a single label holds ("" for an empty one), where all cells are such lists; else nothing.

    `cells` are the different ones of a column.
    """
    filled = [cell for cell in cells if not _is_blank(cell)]
    sign = listing_sign(filled)
    if not sign:
        return {}
    found = {cell: labels_in(cell, sign, places) for cell in filled}
    if any(len(labels) > 1 or labels == [cell] for cell, labels in found.items()) or not any(found.values()):
        return {}
    return {cell: labels[0] if labels else "" for cell, labels in found.items()}


def place_names(column: str, cells: Iterable[str]) -> tuple[str, ...]:
    """The labels of lists of 0 and 1: those that the column's name counts up (“comedy|drama|war”), else nothing."""
    names = items_of(column, loosely=True) or tuple(part.strip() for part in re.split(r"[,;|/]", column))
    num_places = max((len(items_of(cell) or ()) for cell in cells), default=0)
    return names if len(names) == num_places > 1 and all(names) else ()


def labels_marked(cells: Mapping[str, str]) -> list[str]:
    """The columns whose cell says yes, by their names. Raises ValueError with the column whose cell says neither."""
    found = []
    for column, cell in cells.items():
        said = _said(cell)
        if said in YES:
            found.append(column.strip())
        elif said not in NO | _SILENT:
            raise ValueError(column)
    return found


def _said(cell: str) -> str:
    """“YES”, “１” and “1” followed by a sign that nobody sees are read as “yes” and “1”."""
    return unicodedata.normalize("NFKC", cell).strip(" \t\r\n\u200b\ufeff\xa0").casefold()


def separator_of(cells: Iterable[str], known: Collection[str] = ()) -> str:
    """The sign between the labels of such cells: `IN_BRACKETS` for lists in brackets, `BY_PLACE` for those that have a
    place for every label, "" where none stands there.

    The sign is taken that leaves the fewest different labels; where labels are `known`, the one that finds most of
    them. “Smith, John; Lee, Ann” is so divided at its semicolons.
    """
    filled = [cell for cell in dict.fromkeys(cells) if not _is_blank(cell)]
    if listed := listing_sign(filled, known):
        return listed
    candidates = [sign for sign in SEPARATORS if any(sign in cell.strip() for cell in filled)]
    whole = {cell.strip() for cell in filled}
    if known:
        return max(["", *candidates], key=lambda sign: _num_known(filled, sign, known))
    parts = {sign: _parts(filled, sign) for sign in candidates}
    fitting = [sign for sign in candidates if _are_labels(parts[sign]) and len(parts[sign]) <= len(whole)]
    return min(fitting, key=lambda sign: len(parts[sign]), default="")


def look_like_lists(cells: Sequence[str]) -> str:
    """The sign between the labels where cells surely are lists of labels; "" where each may well be one label."""
    filled = [cell.strip() for cell in cells if not _is_blank(cell)]
    if decimal_sign(filled) == "comma":
        return ""  # 3,5 is a number
    sign = separator_of(filled)
    if sign in ("", IN_BRACKETS, BY_PLACE):
        return sign
    whole, parts = set(filled), _parts(filled, sign)
    # one label with a comma in it is a pair that is always the same: its parts outnumber it
    is_divided = sum(sign in cell for cell in filled) >= _LIST_SHARE * len(filled) and len(parts) < len(whole)
    return sign if is_divided and len(whole) > 2 else ""


def marked_columns(columns: Sequence[str], values: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The columns that say yes or no in every cell (blank ones count for no), and yes in one of them at least."""
    found = []
    for column in columns:
        said = {_said(cell) for cell in values[column]}
        if said & YES and said & (NO | _SILENT) and said <= YES | NO | _SILENT:
            found.append(column)
    return tuple(found)


def _is_blank(cell: str) -> bool:
    return _said(cell) in _SILENT


def listing_sign(cells: Iterable[str], known: Collection[str] = ()) -> str:
    """`IN_BRACKETS` or `BY_PLACE` where nearly all filled cells are lists, else "". Words without quotes count only
    where one of the cells holds several of them: “[deleted]” is no list."""
    filled = [cell for cell in dict.fromkeys(cells) if not _is_blank(cell)]
    found = [items for cell in filled if (items := items_of(cell)) is not None]
    if len(found) < _MOST_LISTS * len(filled) or not found:
        found = [items for cell in filled if (items := items_of(cell, True)) is not None]
        if len(found) < _MOST_LISTS * len(filled) or not any(len(items) > 1 for items in found):
            return ""
    widths = {len(items) for items in found if items}
    is_by_place = len(widths) == 1 and min(widths) > 1 and all(map(is_row_of_yes_and_no, found)) and "0" not in known
    return BY_PLACE if is_by_place else IN_BRACKETS


def _parts(cells: Iterable[str], sign: str) -> set[str]:
    return {label for cell in cells for label in labels_in(cell, sign)}


def _are_labels(parts: Collection[str]) -> bool:
    return len(parts) <= _MOST_LABELS and sum(map(len, parts)) <= _LONGEST_LABEL * len(parts)


def _num_known(cells: Sequence[str], sign: str, known: Collection[str]) -> int:
    return sum(label in known for cell in cells for label in labels_in(cell, sign))
