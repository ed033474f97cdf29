"""Argilla: records with responses (2.x), and with an annotation and a status (1.x)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from engine.data.columns.list_cells import tree_in
from engine.data.sources.annotation.sheet import MOST, Cells, Marked, Marking, Sheet, share, word

_RESPONSES = ".responses"


def argilla(sheet: Sheet) -> Marking | None:
    """Of several responses that of most people counts; discarded ones give no label."""
    if {"fields", "responses"} <= set(sheet.columns):
        return _records(sheet)
    column = next((one for one in sheet.columns if one.endswith(_RESPONSES)), None)
    if column is not None:
        question = column.removesuffix(_RESPONSES)
        text = max((one for one in sheet.columns if "." not in one), key=lambda one: sum(map(len, sheet.cells(one))))
        used = frozenset(one for one in sheet.columns if one.startswith(f"{question}."))
        label = question if question not in sheet.columns else f"{question}_label"
        return Marking("Argilla", lambda row: _flat(row, column), text=text, label=label, used=used)
    if {"annotation", "status"} <= set(sheet.columns) and {"prediction", "annotation_agent"} & set(sheet.columns):
        names = ("prediction", "prediction_agent", "annotation_agent", "inputs", "vectors", "explanation", "metrics")
        used = frozenset((*names, "annotation", "status")) & frozenset(sheet.columns)
        return Marking("Argilla", _annotated, used=used)
    return None


def _records(sheet: Sheet) -> Marking | None:
    if share(sheet.cells("fields"), lambda cell: isinstance(tree_in(cell), dict)) < MOST:
        return None
    used = frozenset(("fields", "responses", "suggestions", "vectors", "metadata")) & frozenset(sheet.columns)
    return Marking("Argilla", _record, used=used)


def _record(row: Cells) -> Marked:
    fields, responses = tree_in(row["fields"]), tree_in(row["responses"])
    text = _longest(fields if isinstance(fields, dict) else {})
    for question in (responses if isinstance(responses, dict) else {}).values():
        values = [one for one in question if isinstance(one, dict)] if isinstance(question, list) else []
        kept = [one.get("value") for one in values if one.get("status", "submitted") == "submitted"]
        if kept and (labels := _most(kept)):
            return Marked(labels, text=text)
    return Marked(None, why="skipped", text=text)


def _flat(row: Cells, column: str) -> Marked:
    found, status = tree_in(row[column]), tree_in(row.get(f"{column}.status", ""))
    values = found if isinstance(found, list) else [row[column]] if row[column].strip() else []
    if isinstance(status, list) and len(status) == len(values):
        values = [value for value, one in zip(values, status, strict=True) if one == "submitted"]
    labels = _most(values)
    return Marked(labels, why="" if labels else "skipped")


def _annotated(row: Cells) -> Marked:
    inputs = tree_in(row.get("inputs", ""))
    text = row.get("text", "") or _longest(inputs if isinstance(inputs, dict) else {})
    if row["status"].lower() == "discarded" or not row["annotation"].strip():
        return Marked(None, why="skipped", text=text)
    found = tree_in(row["annotation"])
    return Marked(tuple(map(word, found)) if isinstance(found, list) else (row["annotation"].strip(),), text=text)


def _most(values: list[Any]) -> tuple[str, ...] | None:
    """The answer that most people gave, the first of equals."""
    answers = [
        tuple(map(word, one)) if isinstance(one, list) else (word(one),) for one in values if one not in (None, "")
    ]
    return Counter(answers).most_common(1)[0][0] if answers else None


def _longest(fields: dict[str, Any]) -> str:
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    return texts.get("text") or max(texts.values(), key=len, default="")
