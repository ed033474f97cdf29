"""with_questions: rows of questions about passages, out of the shapes in which they are nested or spread.

SQuAD's JSON holds articles with paragraphs, each with a passage and its questions (v1.1; v2 says "is_impossible" of
those without an answer); other sets have a passage a line with its questions ("qas"). Tables may have a column with the
character at which the answer begins. Each becomes a row with the columns question, context and answer, the answer as
`engine.data.columns.answer_cells` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from engine.data.columns.answer_cells import Answer, answers_of, cell_of_answers
from engine.data.columns.list_cells import tree_in
from engine.data.sources.readers import Opened, Row

_FIRST_ROWS = 20
_COLUMNS = ("question", "context", "answer", "title", "id")
_STARTS = ("answer_start", "answer_starts", "answer_offset", "answer_begin", "start_position")
_ANSWERS = ("answer", "answer_text", "answers", "text")
_HINTS = {"question": "question", "context": "context", "answer": "answer"}


def with_questions(opened: Opened) -> Opened:
    """The same rows, a question each where a row held several; what holds no questions stays as it is."""
    first = list(islice(opened.rows, _FIRST_ROWS))
    whole = replace(opened, rows=chain(first, opened.rows))
    filled = [dict(zip(opened.columns, row, strict=False)) for row in first if any(row)]
    nested = next((name for name in ("paragraphs", "qas") if _is_nested(name, filled)), None)
    if nested is not None:
        opened.facts["tool"] = "SQuAD"
        names = opened.columns
        rows = (row for cells in whole.rows for row in _asked(dict(zip(names, cells, strict=False)), nested))
        return replace(whole, columns=_COLUMNS, rows=rows, hints=_HINTS, has_header=True)
    columns = {column.strip().lower(): column for column in opened.columns}
    start = next((columns[name] for name in _STARTS if name in columns), None)
    answer = next((columns[name] for name in _ANSWERS if name in columns and columns[name] != start), None)
    if start is None or answer is None or "question" not in columns:
        return whole
    return _with_starts(whole, opened.columns.index(answer), opened.columns.index(start))


def _is_nested(name: str, rows: Iterable[Mapping[str, str]]) -> bool:
    """Whether the column holds lists of passages with questions, or of the questions of a passage beside it."""
    found = [tree_in(row[name]) for row in rows if row.get(name, "").strip()]
    if not found or not all(isinstance(tree, list) for tree in found):
        return False
    item = next((tree[0] for tree in found if tree), None)
    if not isinstance(item, dict):
        return False
    return {"context", "qas"} <= set(item) if name == "paragraphs" else "question" in item


def _asked(cells: Mapping[str, str], nested: str) -> Iterator[Row]:
    tree = tree_in(cells.get(nested, ""))
    title = cells.get("title", "")
    if not isinstance(tree, list):
        yield []
        return
    paragraphs = tree if nested == "paragraphs" else [{"context": cells.get("context", ""), "qas": tree}]
    for paragraph in paragraphs:
        context = str(paragraph.get("context", "")) if isinstance(paragraph, dict) else ""
        questions = paragraph.get("qas") if isinstance(paragraph, dict) else None
        for one in questions if isinstance(questions, list) else ():
            if isinstance(one, dict):
                identity = one.get("id", one.get("qid", ""))
                yield [str(one.get("question", "")), context, _answer_cell(one), title, str(identity)]


def _answer_cell(asked: Mapping[str, Any]) -> str:
    """ "detected_answers" hold places of characters as [first, last] (MRQA)."""
    if asked.get("is_impossible") is True:
        return ""
    detected = asked.get("detected_answers")
    if isinstance(detected, list) and detected:
        spans = [
            Answer(str(one["text"]), int(span[0]))
            for one in detected
            if isinstance(one, dict) and "text" in one
            for span in one.get("char_spans") or ()
        ]
        if spans:
            return cell_of_answers(tuple(dict.fromkeys(spans)))
    found = asked.get("answers", asked.get("answer", ""))
    return cell_of_answers(answers_of(found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)))


def _with_starts(opened: Opened, answer: int, start: int) -> Opened:
    rows = (_joined(row, answer, start) for row in opened.rows)
    return replace(opened, rows=rows, hints={**opened.hints, "answer": opened.columns[answer]})


def _joined(row: Row, answer: int, start: int) -> Row:
    """The place beside an answer goes into its cell; what is no number says nothing."""
    if len(row) <= max(answer, start) or not row[start].strip().isdigit():
        return row
    found = answers_of(row[answer])
    if len(found) == 1 and found[0].start is None:
        row[answer] = cell_of_answers([Answer(found[0].text, int(row[start]))])
    return row
