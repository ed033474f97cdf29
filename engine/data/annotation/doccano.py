"""doccano: labels as lists or lists of numbered annotations in JSON, joined by “#” in CSV."""

from __future__ import annotations

from engine.data.annotation.sheet import Cells, Marked, Marking, Sheet, share, tree

_SIGNS = frozenset(("Comments", "comments", "annotation_approver", "example_id"))
_COLUMNS = ("label", "labels", "annotations", "category")


def doccano(sheet: Sheet) -> Marking | None:
    """Texts of whole documents with labels of their own; marked pieces of a text are none."""
    column = next((column for column in _COLUMNS if column in sheet.columns), None)
    if column is None or not {"text", "data"} & set(sheet.columns) or not _SIGNS & set(sheet.columns):
        return None
    if share(sheet.cells(column), _is_pieces) > 0:
        return None
    text = "text" if "text" in sheet.columns else "data"
    label = "label" if column == "annotations" else column
    return Marking("doccano", lambda row: _marked(row, column), text=text, label=label, used=frozenset((column,)))


def _is_pieces(cell: str) -> bool:
    """[[0, 5, "PER"]], or objects with a start and an end."""
    found = tree(cell)
    return isinstance(found, list) and any(
        isinstance(item, list) or (isinstance(item, dict) and "start_offset" in item) for item in found
    )


def _marked(row: Cells, column: str) -> Marked:
    cell = row[column].strip()
    found = tree(cell)
    if isinstance(found, list):
        names = [one.get("label") if isinstance(one, dict) else one for one in found]
        labels = tuple(dict.fromkeys(str(name) for name in names if name is not None))
    else:
        labels = tuple(part.strip() for part in cell.split("#") if part.strip())
    return Marked(labels or None)
