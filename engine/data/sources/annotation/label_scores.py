"""spaCy's `cats`, and like it every column that gives each label a score: {"SPAM": 1.0, "HAM": 0.0}."""

from __future__ import annotations

from collections.abc import Mapping

from engine.data.columns.list_cells import tree_in
from engine.data.sources.annotation.sheet import MOST, Cells, Marked, Marking, Sheet, share

_NAMES = frozenset(("cats", "labels", "label", "categories", "category", "scores"))
_GIVEN = 0.5
"""The score from which a label is given."""


def scores(sheet: Sheet) -> Marking | None:
    """Labels with a score of .5 and more are given. A single one is asked for yes or no: “SPAM” or “not SPAM”."""
    column = next((column for column in sheet.columns if _holds_scores(sheet, column)), None)
    if column is None:
        return None
    names: dict[str, None] = {}
    for row in sheet.rows():
        names.update(dict.fromkeys(_scores(row[column]) or {}))
    tool = "spaCy" if column == "cats" or '"cats"' in sheet.cells(column)[0] else "scores"
    label = column if column in ("label", "labels", "category") else "label"
    text = "column_1" if column == "column_2" and "column_1" in sheet.columns else _text(sheet, column)
    only = next(iter(names)) if len(names) == 1 else ""
    return Marking(
        tool,
        lambda row: _given(row, column, only),
        text=text,
        label=label if label not in sheet.columns or label == column else f"{column}_label",
        used=frozenset((column,)),
        none_is_said=True,
    )


def _text(sheet: Sheet, column: str) -> str:
    """The column of texts: the one that is called so, else that of the longest cells."""
    others = [name for name in sheet.columns if name != column]
    return "text" if "text" in others or not others else max(others, key=lambda name: sum(map(len, sheet.cells(name))))


def _holds_scores(sheet: Sheet, column: str) -> bool:
    cells = sheet.cells(column)
    if not cells or "{" not in cells[0] or share(cells, _scores) < MOST:
        return False
    found = [one for cell in cells if (one := _scores(cell))]
    same = all(one.keys() == found[0].keys() for one in found)
    return column.lower() in _NAMES or '"cats"' in cells[0] or (same and len(found[0]) > 1)


def _scores(cell: str) -> Mapping[str, float] | None:
    found = tree_in(cell)
    found = found.get("cats", found) if isinstance(found, dict) else None
    if not isinstance(found, dict) or not found:
        return None
    numbers = all(isinstance(value, int | float) and 0 <= value <= 1 for value in found.values())
    return {str(name): float(value) for name, value in found.items()} if numbers else None


def _given(row: Cells, column: str, only: str) -> Marked:
    found = _scores(row[column])
    if found is None:
        return Marked(None)
    given = tuple(name for name, score in found.items() if score >= _GIVEN)
    return Marked(given if given or not only else (f"not {only}",))
