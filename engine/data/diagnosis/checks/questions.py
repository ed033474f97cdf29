"""Checks of questions about passages: answers that do not stand in their passage, or in several places; empty passages;
questions without a mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from engine.data.columns.answer_cells import answers_of, located
from engine.data.diagnosis.checks.case import Case
from engine.data.splitting.usable_rows import Part
from engine.messages import Message, message
from engine.records import Finding

Severity = Literal["info", "warning", "error"]
_READ_ROWS = 1000
_SHOWN = 20
_MARKS = ("?", "？", "…", "؟", ";")
"""With the Arabic and the Greek one."""


def check_answers(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        if not {"context", "answer"} <= set(part.given.text_columns):
            continue
        missing, ambiguous, misplaced = _looked_over(part)
        yield from _found(
            "answer_missing",
            missing,
            split,
            message("{count:plural:answer does:answers do} not stand in the passage", count=len(missing)),
            message("A reader can only point at what is there: these questions teach nothing and count as wrong."),
            "warning",
        )
        yield from _found(
            "answer_misplaced",
            misplaced,
            split,
            message("{count:plural:answer stands:answers stand} elsewhere than it says", count=len(misplaced)),
            message("The occurrence nearest to the given place is taken."),
            "warning",
        )
        yield from _found(
            "answer_ambiguous",
            ambiguous,
            split,
            message("{count:plural:answer occurs:answers occur} several times in the passage", count=len(ambiguous)),
            message("Nothing says which place is meant, so the first is learned; a column answer_start would say it."),
            "info",
        )


def check_passages(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        if "context" not in part.given.text_columns:
            continue
        empty = {
            role: [
                row
                for chunk in part.dataset.select_columns(["row", role]).iter(_READ_ROWS)
                for row, text in zip(chunk["row"], chunk[role], strict=True)
                if not text.strip()
            ]
            for role in ("context", "question")
        }
        left_out = message("Rows without a question or without a passage are left out.")
        count = len(empty["context"])
        title = message("{count:plural:passage is:passages are} empty", count=count)
        yield from _found("context_empty", empty["context"], split, title, left_out, "warning")
        count = len(empty["question"])
        title = message("{count:plural:question is:questions are} empty", count=count)
        yield from _found("question_empty", empty["question"], split, title, left_out, "warning")


def check_marks(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        if "question" not in part.given.text_columns or "context" not in part.given.text_columns:
            continue
        rows = [
            row
            for chunk in part.dataset.select_columns(["row", "question"]).iter(_READ_ROWS)
            for row, text in zip(chunk["row"], chunk["question"], strict=True)
            if text.strip() and not text.rstrip().rstrip("\"'”’)").endswith(_MARKS)
        ]
        yield from _found(
            "question_mark",
            rows,
            split,
            message("{count:plural:question has:questions have} no question mark", count=len(rows)),
            message("They are asked as they are; if these are no questions, choose another column."),
            "info",
        )


def _looked_over(part: Part) -> tuple[list[int], list[int], list[int]]:
    """Rows of which an answer stands nowhere in the passage, in several places, or elsewhere than it says."""
    missing: list[int] = []
    ambiguous: list[int] = []
    misplaced: list[int] = []
    for chunk in part.dataset.select_columns(["row", "context", "answer"]).iter(_READ_ROWS):
        for row, context, cell in zip(chunk["row"], chunk["context"], chunk["answer"], strict=True):
            answers = answers_of(cell)
            if not answers or not context.strip():
                continue
            found = located(context, answers)
            if not found.answers:
                missing.append(row)
            elif found.is_misplaced:
                misplaced.append(row)
            elif found.is_ambiguous:
                ambiguous.append(row)
    return missing, ambiguous, misplaced


def _found(
    kind: str, rows: list[int], split: str, title: Message, detail: Message, severity: Severity
) -> Iterator[Finding]:
    if rows:
        shown = tuple(rows[:_SHOWN])
        yield Finding(
            kind=kind, severity=severity, title=title, detail=detail, count=len(rows), rows=shown, split=split
        )
