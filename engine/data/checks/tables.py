"""Checks of the file's make-up: header, blank rows, cells too many or too few, column names."""

from __future__ import annotations

from collections.abc import Iterator

from engine.data.checks.case import Case
from engine.data.parts import Part, ragged
from engine.messages import Message, message
from engine.records import Finding


def check_header(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        table = part.given.table
        if not table.has_header and len(table.columns) > 1:
            yield Finding(
                kind="missing_header",
                severity="info",
                title=message("There is no header"),
                detail=_without_header(part),
                count=1,
                split=split,
                chosen=case.chosen("missing_header"),
            )


def _without_header(part: Part) -> Message:
    values = {"file": part.given.table.name, "columns": list(part.given.table.columns), **part.given.roles}
    if "label" not in part.given.roles:
        return message(
            "The first line of {file} is read as data. The columns are called {columns}; texts are taken from {text}.",
            **values,
        )
    return message(
        "The first line of {file} is read as data. The columns are called {columns}; texts are taken from "
        "{text}, labels from {label}.",
        **values,
    )


def check_column_names(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        broken = [column for column in part.given.table.columns if "\r" in column]
        if broken:
            yield Finding(
                kind="carriage_return_column",
                severity="warning",
                title=message("A column's name ends in an invisible sign"),
                detail=message(
                    "A carriage return hangs at {columns}, perhaps at the cells below too: the file mixes line ends.",
                    columns=[column.replace("\r", "␍") for column in broken],
                ),
                count=len(broken),
                split=split,
                mends={"strip": message("Take it away, in the cells too")},
                chosen=case.chosen("carriage_return_column"),
            )


def check_blank_rows(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        count, rows = blank_rows(part)
        if count:
            yield Finding(
                kind="blank_rows",
                severity="warning",
                title=message("{count:plural:row is:rows are} blank", count=count),
                detail=message("Without a text nothing can be learned from them: they are left out."),
                count=count,
                rows=rows,
                split=split,
                mends={"drop": message("Leave them out")},
                chosen="drop",
            )


def blank_rows(part: Part) -> tuple[int, tuple[int, ...]]:
    """Rows without anything in them, and rows without a text."""
    blank = part.survey.is_blank
    tally = part.given.table.blank
    rows = sorted([*part.survey.first_rows(blank), *tally.rows])
    return int(blank.sum()) + tally.count, tuple(rows[:20])


def check_ragged_rows(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        tally = part.given.table.ragged
        mask = ragged(part)
        if tally.count:
            yield Finding(
                kind="ragged_rows",
                severity="warning",
                title=message("{count:plural:row has:rows have} too many or too few cells", count=tally.count),
                detail=message(
                    "The table has {width:plural:column:columns}. Missing cells are read as empty, cells too many are "
                    "joined to the last one.",
                    width=len(part.given.table.columns),
                ),
                count=tally.count,
                rows=part.survey.first_rows(mask),
                split=split,
                mends={"drop": message("Leave these rows out")},
                chosen=case.chosen("ragged_rows"),
            )
