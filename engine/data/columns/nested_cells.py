"""Columns whose cells are objects or lists: what they hold, in words for a person who looks for texts and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.data.columns.list_cells import marks_pieces, tree_in
from engine.messages import Message, message

_SHOWN_KEYS = 8
_SHOWN_CELL = 30
_SHOWN_COLUMNS = 20


def holds_pieces(cells: Sequence[str]) -> bool:
    """Whether cells mark pieces of texts instead of naming a label of the whole one."""
    found = [tree_in(cell) for cell in cells[:_SHOWN_COLUMNS] if cell.strip()]
    return bool(found) and any(marks_pieces(one) for one in found)


def described(columns: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Each column with its number and what stands in it: “2 “cats” (holds SPAM, HAM)”, “3 “id” (e.g. 17)”."""
    return [
        f"{place} “{column.strip()}” ({_holds(values[column])})"
        for place, column in enumerate(columns[:_SHOWN_COLUMNS], start=1)
    ]


def _holds(cells: Sequence[str]) -> str:
    first = next((cell for cell in cells if cell.strip() and cell.strip() not in ("[]", "{}")), "")
    keys = _keys(tree_in(first))
    if keys:
        return f"{{{', '.join(keys)}}}"
    short = " ".join(first[: 4 * _SHOWN_CELL].split())
    return short[:_SHOWN_CELL] + ("…" if len(short) > _SHOWN_CELL else "") if short else "–"


def _keys(found: object) -> list[str]:
    """The keys of an object, or of the first one in a list; of those that hold one object themselves, its keys too."""
    item = found[0] if isinstance(found, list) and found else found
    if not isinstance(item, dict):
        return []
    return [f"{key}: {_inner(value)}" if _inner(value) else str(key) for key, value in list(item.items())[:_SHOWN_KEYS]]


def _inner(value: object) -> str:
    keys = list(value) if isinstance(value, dict) else []
    return f"{{{', '.join(map(str, keys[:_SHOWN_KEYS]))}}}" if keys else ""


def pieces_told(columns: Sequence[str], values: Mapping[str, Sequence[str]]) -> Message | None:
    """What to say where pieces of texts were marked; None where none were."""
    column = next((column for column in columns if _deep_pieces(values[column])), None)
    if column is None:
        return None
    return message(
        "The column “{column}” marks pieces of the texts; sorting whole texts needs a label for each of them.",
        column=column,
    )


def _deep_pieces(cells: Sequence[str]) -> bool:
    found = [tree_in(cell) for cell in cells[:_SHOWN_COLUMNS] if cell.strip()]
    return any(marks_pieces(one) or "'start'" in repr(one)[:2000] for one in found if one)
