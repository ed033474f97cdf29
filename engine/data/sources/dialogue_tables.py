"""with_dialogues: a table whose column of dialogues has the one form that is read, however the source has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
from datasets import Dataset

from engine.config.roles import DIALOGUE
from engine.data.columns.dialogues import joined, readable, turns_of
from engine.data.sources import cache
from engine.data.sources.tables import NUM_FIELDS, ROW, Table, role_sample
from engine.records import Preview, Turn

_PROMPTS = (
    *("prompt", "instruction", "question", "query", "user", "human", "request", "input", "source"),
    *("提问", "问题", "指令", "用户", "客户"),
)
_ANSWERS = (
    *("answer", "response", "completion", "output", "reply", "assistant", "bot", "gpt", "chosen", "target"),
    *("回答", "答案", "回复", "客服", "助手"),
)
_SYSTEMS = ("system", "system_prompt", "instructions", "系统提示")
_MORE, _HISTORY = "input", "history"
"""What Alpaca's rows have beside: more of the question, and the pairs of turns before it."""
_AND = " + "
_MOST = 0.5
"""Of a column's filled cells so many must be dialogues."""
_READ_ROWS = 2000


def with_dialogues(table: Table, named: Mapping[str, str]) -> Table:
    """The table with its dialogues as canonical cells (`columns.dialogues`) and a hint which column they are: the one
    that is `named` ("dialogue": a column, or two of a question and its answer, as "prompt, answer"), else one whose
    cells are dialogues, else two that are called so. What is no dialogue becomes an empty cell. The table as it is,
    where nothing looks like a dialogue."""
    if table.is_builtin:
        return table
    wanted = named.get(DIALOGUE.key, "")
    pair = _named_pair(table, wanted) or (() if wanted in table.columns else _named_number(table, wanted))
    if not pair:
        pair = (wanted,) if wanted in table.columns else _found(table)
    return table if not pair else _read(table, pair, wanted if len(pair) > 1 and wanted else _AND.join(pair))


def as_people_read(found: Preview) -> Preview:
    """The first rows with their dialogues as lines of who says what."""
    column = found.roles.get(DIALOGUE.key)
    if column is None:
        return found
    at = found.columns.index(column)
    rows = tuple((*row[:at], readable(row[at]), *row[at + 1 :]) for row in found.rows)
    return replace(found, rows=rows)


def _named_pair(table: Table, wanted: str) -> tuple[str, ...]:
    for sign in (_AND, ","):
        parts = tuple(part.strip() for part in wanted.split(sign))
        if len(parts) == 2 and all(part in table.columns for part in parts):
            return parts
    return ()


def _named_number(table: Table, wanted: str) -> tuple[str, ...]:
    is_place = wanted.isdigit() and 1 <= int(wanted) <= len(table.columns)
    return (table.columns[int(wanted) - 1],) if is_place else ()


def _found(table: Table) -> tuple[str, ...]:
    """(column,) of dialogues, (question, answer), or nothing."""
    sample = role_sample(table)
    shares = {column: _share(sample[column]) for column in table.columns}
    named = [one for one in DIALOGUE.column_names if shares.get(one, 0.0) >= _MOST]
    best = named[:1] or [one for one in table.columns if shares[one] >= _MOST]
    if best:
        return (max(best, key=lambda one: shares[one]),)
    prompt, answer = (_called(table.columns, names) for names in (_PROMPTS, _ANSWERS))
    if prompt and answer:
        return prompt, answer
    if len(table.columns) == 2 and not table.has_header:
        return table.columns
    return ()


def _share(cells: Sequence[str]) -> float:
    filled = [cell for cell in cells if cell.strip()][:200]
    return sum(len(turns_of(cell)) > 1 for cell in filled) / len(filled) if filled else 0.0


def _called(columns: Sequence[str], names: Sequence[str]) -> str:
    by_name = {column.strip().lower(): column for column in columns}
    return next((by_name[name] for name in names if name in by_name), "")


def _read(table: Table, pair: tuple[str, ...], name: str) -> Table:
    """Kept in the cache beside the tables, as it takes as long to make as they do."""
    columns = table.columns if name in table.columns else (name, *table.columns)
    key = cache.key_of("dialogues", table.key, pair, name)
    found = cache.find(key)
    schema = pa.schema([(ROW, pa.int64()), (NUM_FIELDS, pa.int32()), *((one, pa.string()) for one in columns)])
    path = found[0] if found else cache.keep(key, schema, _batches(table, pair, name, schema), {})
    return replace(
        table,
        dataset=Dataset.from_file(str(path)),
        columns=columns,
        key=key,
        hints={**table.hints, DIALOGUE.key: name},
        header=table.header if columns == table.columns else (name, *table.header),
    )


def _batches(table: Table, pair: tuple[str, ...], name: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    more = int(name not in table.columns)
    system = _called(table.columns, _SYSTEMS)
    for batch in table.dataset.with_format(None).iter(_READ_ROWS):
        rows = [
            dict(zip(table.columns, cells, strict=True))
            for cells in zip(*(batch[one] for one in table.columns), strict=True)
        ]
        cells = {**batch, name: [_cell(row, pair, system) for row in rows]}
        fields = pa.array([count + more for count in batch[NUM_FIELDS]], pa.int32())
        columns = [pa.array(batch[ROW], pa.int64()), fields]
        yield pa.record_batch(
            [*columns, *(pa.array(cells[one], pa.string()) for one in schema.names[2:])], schema=schema
        )


def _cell(row: Mapping[str, str], pair: tuple[str, ...], system: str) -> str:
    instructions = row.get(system, "").strip() if system not in pair else ""
    if len(pair) == 1:
        turns = turns_of(row[pair[0]])
        if not turns or not instructions or any(turn.role == "system" for turn in turns):
            return joined(turns)
        return joined([Turn("system", instructions), *turns])
    prompt, answer = pair
    more = row.get(_MORE, "").strip() if prompt == "instruction" else ""
    asked = f"{row[prompt]}\n{more}" if more else row[prompt]
    if not asked.strip() and not row[answer].strip():
        return ""
    before = turns_of(row[_HISTORY]) if row.get(_HISTORY, "").strip() else []
    first = [Turn("system", instructions)] if instructions else []
    return joined([*first, *before, Turn("user", asked), Turn("assistant", row[answer])])
