"""recognised: a reader's rows, those of annotation tools turned into texts and labels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from engine.data.sources.annotation.argilla import argilla
from engine.data.sources.annotation.doccano import doccano
from engine.data.sources.annotation.fasttext import fasttext
from engine.data.sources.annotation.label_scores import scores
from engine.data.sources.annotation.label_studio import label_studio, label_studio_tasks
from engine.data.sources.annotation.prodigy import prodigy
from engine.data.sources.annotation.sheet import Cells, Marked, Marking, Sheet, Tool
from engine.data.sources.annotation.token_labels import refuse_marked_words
from engine.data.sources.questions import with_questions
from engine.data.sources.readers import Opened, Reader, Row

_TOOLS: tuple[Tool, ...] = (label_studio_tasks, label_studio, argilla, prodigy, scores, doccano, fasttext)
_FIRST_ROWS = 300


def recognised(reader: Reader) -> Opened:
    """What the reader opens. Rows of an annotation tool have the columns text and label (a list of labels as JSON where
    a row may have several); `facts` name the tool and count what it left open. Questions about passages are a row each
    (`engine.data.sources.questions`). Raises InputError."""
    opened = with_questions(_with_all_rows(reader.open()))
    if "question" in opened.hints:
        return opened
    first = list(islice(opened.rows, _FIRST_ROWS))
    sheet = Sheet(
        opened.columns,
        [_cells(opened, row) for row in first if any(cell.strip() for cell in row)],
        lambda: _all_cells(_with_all_rows(reader.open())),
        opened.delimiter,
    )
    refuse_marked_words(sheet, reader.name)
    marking = next((found for tool in _TOOLS if (found := tool(sheet)) is not None), None)
    whole = replace(opened, rows=chain(first, opened.rows))
    return whole if marking is None else _marked(whole, marking, sheet)


def _with_all_rows(opened: Opened) -> Opened:
    """fastText writes no header: a first line that was taken for one is a row."""
    if opened.has_header and any(column.lstrip().startswith("__label__") for column in opened.columns):
        names = tuple(f"column_{place + 1}" for place in range(len(opened.columns)))
        rows = chain([list(opened.columns)], opened.rows)
        return replace(opened, columns=names, rows=rows, has_header=False)
    return opened


def _cells(opened: Opened, row: Row) -> Cells:
    """The row's cells by their columns; cells too many belong to the last one, as everywhere."""
    width = len(opened.columns)
    if len(row) > width:
        row = [*row[: width - 1], opened.delimiter.join(row[width - 1 :])]
    return dict(zip(opened.columns, [*row, *[""] * (width - len(row))], strict=True))


def _all_cells(opened: Opened) -> Iterator[Cells]:
    return (_cells(opened, row) for row in opened.rows if any(cell.strip() for cell in row))


def _marked(opened: Opened, marking: Marking, sheet: Sheet) -> Opened:
    kept = [
        column for column in opened.columns if column not in marking.used or column in (marking.text, marking.label)
    ]
    columns = tuple(dict.fromkeys([*(name for name in (marking.text, marking.label) if name not in kept), *kept]))
    facts = {**opened.facts, "tool": marking.tool}
    several = _is_several(sheet, marking)
    rows = _rows(opened, marking, columns, facts, several)
    hints = {"text": marking.text, "label": marking.label}
    return replace(opened, columns=columns, rows=rows, facts=facts, hints=hints, has_header=True)


def _is_several(sheet: Sheet, marking: Marking) -> bool:
    """Whether a row may have several labels: one has more than one, or one is said to have none."""
    found = (marking.mark(row).labels for row in sheet.rows())
    return any(labels is not None and (len(labels) > 1 or (marking.none_is_said and not labels)) for labels in found)


def _rows(
    opened: Opened, marking: Marking, columns: tuple[str, ...], facts: dict[str, str], several: bool
) -> Iterator[Row]:
    """`facts` count what was left open, while rows are read."""
    for row in opened.rows:
        if not any(cell.strip() for cell in row):
            yield []
            continue
        cells = _cells(opened, row)
        marked = marking.mark(cells)
        if marked.why:
            facts[marked.why] = str(int(facts.get(marked.why, "0")) + 1)
        if marked.labels is None and several:
            yield []  # nobody said that it has none of the labels
            continue
        text = cells.get(marking.text, "") if marked.text is None else marked.text
        told = {**cells, marking.text: text, marking.label: _label(marked, several)}
        yield [told[column] for column in columns]


def _label(marked: Marked, several: bool) -> str:
    if several:
        return json.dumps(list(marked.labels or ()), ensure_ascii=False)
    return marked.labels[0] if marked.labels else ""
