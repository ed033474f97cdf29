"""Checks of the file's make-up: encoding, header, marks, blank rows, cells too many or too few, column names."""

from __future__ import annotations

from collections.abc import Iterator

from engine.data.columns.label_spellings import label_spelling
from engine.data.diagnosis.checks.case import Case
from engine.data.sources.source_splits import SPLIT_NAMES
from engine.data.splitting.usable_rows import Part, ragged
from engine.messages import Message, message
from engine.records import Finding
from engine.targets import target_of

_OPEN = ("rejected", "ignored", "skipped")
_MANY_RAGGED = 0.2


def check_header(case: Case) -> Iterator[Finding]:
    """Whether the first line names the columns, where that is worth a word, and how to say it otherwise."""
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
        elif table.has_header and not table.header_is_sure:
            yield Finding(
                kind="header_doubt",
                severity="info",
                title=message("The first line is taken for a header"),
                detail=message(
                    "{file}: the columns are called {columns}, as these are short and no values. If they are a row, "
                    "say so: data.reading.header=no.",
                    file=table.name,
                    columns=list(table.columns),
                ),
                count=1,
                split=split,
            )


def check_lines_above(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        count = part.given.table.lines_above
        if count:
            yield Finding(
                kind="lines_above_header",
                severity="info",
                title=message("{count:plural:line stands:lines stand} above the header", count=count),
                detail=message(
                    "They are left out: line {line} names the columns. If another one does, say so: "
                    "data.reading.header=LINE, or data.reading.header=no.",
                    line=count + 1,
                ),
                count=count,
                split=split,
            )


def check_repeated_header(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        tally = part.given.table.repeated
        if tally.count:
            yield Finding(
                kind="repeated_header",
                severity="info",
                title=message("{count:plural:row repeats:rows repeat} the header", count=tally.count),
                detail=message("They are left out; files were glued together there."),
                count=tally.count,
                rows=tuple(tally.rows),
                split=split,
            )


def check_quotes(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        tally = part.given.table.bad_quotes
        if tally.count:
            yield Finding(
                kind="bad_quotes",
                severity="warning",
                title=message(
                    "{count:plural:row has:rows have} a quotation mark without its other half", count=tally.count
                ),
                detail=message(
                    "It is read as a mark like any other, and the next line as a row of its own. How marks are read "
                    "can be said: data.reading.quoting."
                ),
                count=tally.count,
                rows=tuple(tally.rows),
                split=split,
            )


def check_encoding(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        for doubt in part.given.table.doubts:
            yield Finding(
                kind="encoding_doubt",
                severity="warning",
                title=message("The encoding is not certain"),
                detail=doubt,
                count=1,
                split=split,
            )


def _without_header(part: Part) -> Message:
    texts = [part.given.roles[role] for role in part.given.text_columns]
    values = {"file": part.given.table.name, "columns": list(part.given.table.columns)}
    values |= {"text": texts[0] if len(texts) == 1 else texts, "label": part.given.roles.get("label", "")}
    if "label" not in part.given.roles:
        return message(
            "The first line of {file} is read as data. The columns are called {columns}; texts are taken from {text}. "
            "If the line names the columns, say so: data.reading.header=yes.",
            **values,
        )
    return message(
        "The first line of {file} is read as data. The columns are called {columns}; texts are taken from "
        "{text}, labels from {label}. If the line names the columns, say so: data.reading.header=yes.",
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


def check_same_names(case: Case) -> Iterator[Finding]:
    """Columns whose names are equal, or differ by case and spaces alone; columns without a name."""
    for split, part in case.parts.items():
        table = part.given.table
        if table.is_builtin or not table.has_header:
            continue
        places: dict[str, list[int]] = {}
        for place, name in enumerate(table.header):
            places.setdefault(label_spelling(name), []).append(place)
        for name, same in places.items():
            if name and len(same) > 1:
                yield _same_name(case, split, same)
        if unnamed := places.get(""):
            yield Finding(
                kind="unnamed_columns",
                severity="info",
                title=message("{count:plural:column has:columns have} no name", count=len(unnamed)),
                detail=message("They are called {columns}.", columns=[table.columns[place] for place in unnamed]),
                count=len(unnamed),
                split=split,
            )


def _same_name(case: Case, split: str, places: list[int]) -> Finding:
    part = case.parts[split]
    table = part.given.table
    taken = [place for place in places if table.columns[place] in part.given.roles.values()]
    values = [f"{place + 1} ({_example(part, table.columns[place])})" for place in places]
    detail = message("They are the columns {columns}. Choose one by its number.", columns=values)
    if taken:
        role = next(role for role, column in part.given.roles.items() if column == table.columns[taken[0]])
        detail = message(
            "They are the columns {columns}; the one numbered {place} is read. Choose another by its number: "
            "data.columns.{role}={other}.",
            columns=values,
            place=taken[0] + 1,
            role=role,
            other=next(place for place in places if place != taken[0]) + 1,
        )
    return Finding(
        kind="columns_of_one_name",
        severity="warning" if taken else "info",
        title=message(
            "{count:plural:column is:columns are} called “{name}”",
            count=len(places),
            name=table.header[places[0]].strip(),
        ),
        detail=detail,
        count=len(places),
        split=split,
    )


def _example(part: Part, column: str) -> str:
    """What stands in the column's first rows, shortly."""
    cells = part.given.table.dataset.select(range(min(20, len(part.given.table.dataset))))[column]
    different = list(dict.fromkeys(" ".join(cell.split())[:20] for cell in cells if cell.strip()))
    return ", ".join(different[:3])


def check_tool_answers(case: Case) -> Iterator[Finding]:
    """Rows to which an annotation tool gave no answer that could be learned."""
    for split, part in case.parts.items():
        facts = part.given.table.facts
        count = left_open(part)
        if count:
            counts = {one: int(facts.get(one, "0")) for one in _OPEN}
            yield Finding(
                kind="tool_answers",
                severity="info",
                title=message("{count:plural:answer:answers} of {tool} give no label", count=count, tool=facts["tool"]),
                detail=message(
                    "{rejected} were rejected, {ignored} ignored, {skipped} skipped or left open: such rows are left "
                    "out.",
                    **counts,
                ),
                count=count,
                split=split,
            )


def left_open(part: Part) -> int:
    """How many rows an annotation tool left without an answer."""
    return sum(int(part.given.table.facts.get(one, "0")) for one in _OPEN)


def check_stray_files(case: Case) -> Iterator[Finding]:
    """Files of a folder that were left out."""
    for split, part in case.parts.items():
        facts = part.given.table.facts
        if count := int(facts.get("stray_files", "0")):
            yield Finding(
                kind="stray_files",
                severity="info",
                title=message("{count:plural:file of the folder is:files of the folder are} left out", count=count),
                detail=message("They are no data like the others: {names}.", names=facts.get("stray_names", "")),
                count=count,
                split=split,
            )


def check_left_out_splits(case: Case) -> Iterator[Finding]:
    """Splits that lie beside the training data but cannot be measured on."""
    for split, why in case.left_out.items():
        yield Finding(
            kind="split_left_out",
            severity="warning",
            title=message("{split}: nothing can be measured on what lies there", split=SPLIT_NAMES[split]),
            detail=message("{why} It is left out, and rows of the training data are held back instead.", why=why),
            count=1,
            split=split,
        )


def check_blank_rows(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        count, rows = blank_rows(part)
        if target_of(part.given.kind).may_have_several and (num_open := left_open(part)):
            count, rows = count - num_open, ()  # those are told by the tool's own finding
        if count > 0:
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
    blank = part.row_index.is_blank
    tally = part.given.table.blank
    rows = sorted([*part.row_index.first_rows(blank), *tally.rows])
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
                detail=_about_ragged(part),
                count=tally.count,
                rows=part.row_index.first_rows(mask),
                split=split,
                mends={"drop": message("Leave these rows out")},
                chosen=case.chosen("ragged_rows"),
            )


def _about_ragged(part: Part) -> Message:
    width = len(part.given.table.columns)
    if part.given.table.ragged.count > _MANY_RAGGED * len(part.dataset):
        return message(
            "The table has {width:plural:column:columns}. Where so many rows differ, cells may be read wrongly: say "
            "what stands between them (data.reading.delimiter) and how marks are read (data.reading.quoting).",
            width=width,
        )
    return message(
        "The table has {width:plural:column:columns}. Missing cells are read as empty, cells too many are "
        "joined to the last one.",
        width=width,
    )
