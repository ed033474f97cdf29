"""doccano: labels as lists or lists of numbered annotations in JSON, joined by “#” in CSV."""

from __future__ import annotations

from engine.data.columns.list_cells import marks_pieces, tree_in
from engine.data.sources.annotation.sheet import Cells, Marked, Marking, Sheet

_SIGNS = frozenset(("Comments", "comments", "annotation_approver", "example_id"))
_COLUMNS = ("label", "labels", "annotations", "category")


def doccano(sheet: Sheet) -> Marking | None:
    """Texts of whole documents with labels of their own; marked pieces of a text are none."""
    column = next((column for column in _COLUMNS if column in sheet.columns), None)
    if column is None or not {"text", "data"} & set(sheet.columns) or not _SIGNS & set(sheet.columns):
        return None
    if any(marks_pieces(tree_in(cell)) for cell in sheet.cells(column)):
        return None
    text = "text" if "text" in sheet.columns else "data"
    label = "label" if column == "annotations" else column
    return Marking("doccano", lambda row: _marked(row, column), text=text, label=label, used=frozenset((column,)))


def _marked(row: Cells, column: str) -> Marked:
    cell = row[column].strip()
    found = tree_in(cell)
    if isinstance(found, list):
        names = [one.get("label") if isinstance(one, dict) else one for one in found]
        labels = tuple(dict.fromkeys(str(name) for name in names if name is not None))
    else:
        labels = tuple(part.strip() for part in cell.split("#") if part.strip())
    return Marked(labels or None)
