"""fastText: lines in which words that begin with `__label__` are labels and all others the text."""

from __future__ import annotations

from engine.data.sources.annotation.sheet import MOST, Cells, Marked, Marking, Sheet, share

_PREFIX = "__label__"


def fasttext(sheet: Sheet) -> Marking | None:
    """Whole lines; or a table one of whose columns holds nothing but such labels."""
    lines = [_line(row, sheet) for row in sheet.first]
    column = next((column for column in sheet.columns if share(sheet.cells(column), _is_labels) >= MOST), None)
    if column is not None and len(sheet.columns) > 1:
        text = max((one for one in sheet.columns if one != column), key=lambda one: sum(map(len, sheet.cells(one))))
        return Marking("fastText", lambda row: Marked(_labels(row[column])), text=text, label=column)
    if share(lines, _labels) < MOST:
        return None
    return Marking("fastText", lambda row: _marked(_line(row, sheet)), used=frozenset(sheet.columns))


def _line(row: Cells, sheet: Sheet) -> str:
    """The line as it stood in the file, before it was divided into cells."""
    return sheet.delimiter.join(row.values()).rstrip(sheet.delimiter + " \t")


def _is_labels(cell: str) -> bool:
    return all(word.startswith(_PREFIX) for word in cell.split()) and bool(cell.strip())


def _labels(line: str) -> tuple[str, ...] | None:
    found = tuple(word.strip(",;")[len(_PREFIX) :] for word in line.split() if word.startswith(_PREFIX))
    return tuple(label for label in found if label) or None


def _marked(line: str) -> Marked:
    words = [word for word in line.split() if not word.startswith(_PREFIX)]
    return Marked(_labels(line), text=" ".join(words).lstrip(" ,\t"))
