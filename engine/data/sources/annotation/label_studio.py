"""Label Studio: tasks with their annotations (JSON), and one row an annotation (JSON-MIN, CSV)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from engine.data.columns.list_cells import tree_in
from engine.data.columns.roles import guess_roles
from engine.data.sources.annotation.sheet import MOST, Cells, Marked, Marking, Sheet, share, word

_OF_TASKS = ("annotations", "completions")
_OF_ROWS = frozenset(
    (
        *("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "file_upload"),
        *("inner_id", "drafts", "predictions", "meta", "project", "cancelled_annotations", "total_annotations"),
        *("comment_count", "unresolved_comment_count", "last_comment_updated_at", "comment_authors", "updated_by"),
        *("total_predictions", "data", "allow_skip", "draft_exists", *_OF_TASKS),
    )
)
_VALUES = ("choices", "taxonomy", "rating", "text", "number")


def label_studio_tasks(sheet: Sheet) -> Marking | None:
    """The JSON export. Of several annotations that of most people counts, one called the truth before all."""
    column = next((column for column in _OF_TASKS if column in sheet.columns), None)
    if column is None or "data" not in sheet.columns:
        return None
    if share(sheet.cells("data"), lambda cell: isinstance(tree_in(cell), dict)) < MOST:
        return None
    if not any(_answers(row[column]) for row in sheet.rows()):
        return None  # pieces of texts were marked, or nothing was
    return Marking("Label Studio", lambda row: _of_task(row, column), used=_OF_ROWS & frozenset(sheet.columns))


def label_studio(sheet: Sheet) -> Marking | None:
    """The exports that have one row an annotation."""
    if "annotation_id" not in sheet.columns or not {"lead_time", "annotator", "created_at"} & set(sheet.columns):
        return None
    rest = [column for column in sheet.columns if column not in _OF_ROWS]
    choices = [column for column in rest if share(sheet.cells(column), _choices) >= MOST]
    values = {column: [row.get(column, "") for row in sheet.first] for column in rest}
    roles = guess_roles([column for column in rest if column not in choices], values, True)
    label = choices[0] if choices else roles.get("label", "")
    if not label or "text" not in roles:
        return None
    used = _OF_ROWS & frozenset(sheet.columns) - {"id"}
    return Marking("Label Studio", lambda row: _of_row(row[label]), text=roles["text"], label=label, used=used)


def _of_row(cell: str) -> Marked:
    found = _choices(cell)
    return (
        Marked(found) if found else Marked((cell.strip(),) if cell.strip() else None, "" if cell.strip() else "skipped")
    )


def _choices(cell: str) -> tuple[str, ...] | None:
    """{"choices": ["a", "b"]}, or a list of such."""
    found = tree_in(cell)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    return _labels(found) if isinstance(found, dict) else None


def _of_task(row: Cells, column: str) -> Marked:
    data = tree_in(row["data"])
    answers = _answers(row[column])
    text = _text(data if isinstance(data, dict) else {}, answers[0][0] if answers else "")
    if not answers:
        return Marked(None, why="skipped", text=text)
    truths = [labels for _, labels, is_truth in answers if is_truth]
    labels, _ = Counter(truths or [labels for _, labels, _ in answers]).most_common(1)[0]
    return Marked(labels, text=text)


def _answers(cell: str) -> list[tuple[str, tuple[str, ...], bool]]:
    """Of each annotation that was not skipped: what it is about, its labels, and whether it is called the truth."""
    found = tree_in(cell)
    answers = []
    for one in found if isinstance(found, list) else ():
        results = one.get("result") if isinstance(one, dict) and not one.get("was_cancelled") else None
        told = [item for item in results or () if isinstance(item, dict) and isinstance(item.get("value"), dict)]
        whole = [(item, _labels(item["value"])) for item in told if "start" not in item["value"]]
        labels = tuple(dict.fromkeys(name for _, names in whole for name in names or ()))
        if labels:
            answers.append((str(whole[0][0].get("to_name", "")), labels, bool(one.get("ground_truth"))))
    return answers


def _labels(value: dict[str, Any]) -> tuple[str, ...] | None:
    """What was chosen; of a tree of choices the way to it."""
    kind = next((kind for kind in _VALUES if kind in value), None)
    if kind is None:
        return None
    said = value[kind] if isinstance(value[kind], list) else [value[kind]]
    names = [" / ".join(map(word, one)) if isinstance(one, list) else word(one) for one in said]
    return tuple(name for name in names if name)


def _text(data: dict[str, Any], about: str) -> str:
    """What was annotated: what the annotation names, else what is called text, else the longest text."""
    texts = {name: value for name, value in data.items() if isinstance(value, str)}
    return texts.get(about) or texts.get("text") or max(texts.values(), key=len, default="")
