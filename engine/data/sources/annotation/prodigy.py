"""Prodigy: answers that accept, reject or ignore a label, or choose among options."""

from __future__ import annotations

from typing import Any

from engine.data.columns.list_cells import tree_in
from engine.data.sources.annotation.sheet import MOST, Cells, Marked, Marking, Sheet, share, word

_ANSWERS = frozenset(("accept", "reject", "ignore"))


def prodigy(sheet: Sheet) -> Marking | None:
    """Rejected and ignored answers give no label. Where all rows ask about the same label, a rejected one is a row that
    does not have it: “not SPAM”."""
    if "answer" not in sheet.columns or share(sheet.cells("answer"), _ANSWERS.__contains__) < MOST:
        return None
    if "accept" in sheet.columns:
        used = frozenset(("accept", "options", "answer", "_input_hash", "_task_hash", "_session_id", "_view_id"))
        return Marking("Prodigy", _chosen, used=used)
    if "label" not in sheet.columns:
        return None
    asked = {row["label"] for row in sheet.rows() if row["label"].strip()}
    only = next(iter(asked)) if len(asked) == 1 else ""
    return Marking("Prodigy", lambda row: _answered(row, only))


def _answered(row: Cells, only: str) -> Marked:
    label, answer = row["label"], row["answer"]
    if answer == "accept":
        return Marked((label,) if label.strip() else None)
    if answer == "reject" and only:
        return Marked((f"not {only}",))
    return Marked(None, why={"reject": "rejected", "ignore": "ignored"}.get(answer, ""))


def _chosen(row: Cells) -> Marked:
    if row["answer"] != "accept":
        return Marked(None, why={"reject": "rejected", "ignore": "ignored"}.get(row["answer"], ""))
    names = _names(tree_in(row.get("options", "")))
    accepted = tree_in(row["accept"])
    return Marked(tuple(names.get(word(one), word(one)) for one in accepted) if isinstance(accepted, list) else None)


def _names(options: Any) -> dict[str, str]:
    """Options that are numbered are called by their texts."""
    if not isinstance(options, list):
        return {}
    named = [one for one in options if isinstance(one, dict) and isinstance(one.get("id"), int) and one.get("text")]
    return {word(one["id"]): word(one["text"]) for one in named}
