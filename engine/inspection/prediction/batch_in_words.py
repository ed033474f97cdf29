"""answers_in_words: a whole file answered by a run that answers in words; only the texts that it reads are needed."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset

from engine.breath import telling
from engine.config.data import BuiltinTexts, DataConfig, Source
from engine.config.tasks.registry import type_of
from engine.data.sources.source_splits import SourceSplits, given_alone, reading_of
from engine.data.sources.tables import NUM_FIELDS, ROW, read_table
from engine.errors import InputError
from engine.inspection.prediction.answer_file import refuse_place, written_aside
from engine.inspection.prediction.batch_table import TableInWords
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.messages import message
from engine.records import BatchPredicted, Progress, RowAnswer
from engine.runs.run import Run
from engine.runs.spreadsheets import Sheet
from engine.tasks.task import AnswersRows, ScoresRows, Task

_ROWS_A_CHUNK = 256
"""Rows asked together: memory does not grow with the file, and a stop waits for no more than the task's own breath."""
_JSON_LINES = (".jsonl", ".ndjson", ".json")


def answers_in_words(
    run: Run,
    data: Source,
    out: Path,
    checkpoint: str = "best",
    *,
    for_spreadsheets: bool = False,
    columns: Mapping[str, str] | None = None,
) -> Generator[Progress, None, BatchPredicted]:
    """Every row of the file in its order, with all its columns and `answer`, `score` and what else the task says behind
    them: as JSON Lines where `out` ends so, else as a CSV (UTF-8). The columns that are read are those of the `columns`
    by role, else those that the run read where the file has them too, else guessed. A row without a text keeps its
    place with no answer and a note.

    The file appears when it is whole. Raises InputError for data without such columns and a place that cannot be
    written to, RunFailure when the disk refuses.
    """
    refuse_place(data, out)
    yield Progress(0, 1)
    task = loaded_task(run, checkpoint)
    given = _given(run, data, columns or {})
    total = len(given.table.dataset)
    began = time.perf_counter()
    is_json = out.suffix.lower() in _JSON_LINES
    with written_aside(out, "utf-8-sig" if for_spreadsheets and not is_json else "utf-8") as file:
        writer = _Writer(file, given, is_json=is_json)
        for start in range(0, total, _ROWS_A_CHUNK):
            chunk = _chunk(given, start)
            said = yield from telling(_asked(run, task, given, chunk), Progress(start, total))
            writer.take(chunk, said, start)
            yield Progress(start + len(chunk), total)
    seconds = time.perf_counter() - began
    return BatchPredicted(
        path=out,
        num_rows=writer.num_rows,
        num_abstained=writer.num_silent,
        rows_per_second=writer.num_rows / max(seconds, 1e-9),
        seconds=seconds,
        num_blank=writer.num_blank,
        device="CPU",
    )


class _Writer:
    """Writes chunk by chunk, once an answer has told which columns there are."""

    def __init__(self, file: Any, given: SourceSplits, *, is_json: bool) -> None:
        self._file, self._given, self._is_json = file, given, is_json
        self._sheet = Sheet(file)
        self._table: TableInWords | None = None
        self._waiting: list[tuple[Dataset, Sequence[RowAnswer | None], int]] = []
        self.num_rows = self.num_blank = self.num_silent = 0

    def take(self, chunk: Dataset, said: Sequence[RowAnswer | None], start: int) -> None:
        self._waiting.append((chunk, said, start))
        is_last = start + len(chunk) == len(self._given.table.dataset)
        answered = [one for one in said if one is not None]
        if self._table is None and (answered or is_last):
            self._table = TableInWords(self._given.table, list(self._given.roles.values()), answered)
            if not self._is_json:
                self._sheet.write(self._table.heads)
        if self._table is not None:
            for waiting in self._waiting:
                self._write(self._table, *waiting)
            self._waiting.clear()

    def _write(self, table: TableInWords, chunk: Dataset, said: Sequence[RowAnswer | None], start: int) -> None:
        rows = self._given.table.dataset
        after = int(rows[start - 1][ROW]) if start else 0
        for row in table.rows(chunk, said, after, is_last=start + len(chunk) == len(rows)):
            self.num_rows += 1
            self.num_blank += row.answer is None
            self.num_silent += row.answer is not None and not row.answer.answer
            if self._is_json:
                self._file.write(json.dumps(table.tree(row), ensure_ascii=False) + "\n")
            else:
                self._sheet.write(table.cells(row))


def answers_to(run: Run, task: Task, rows: Dataset) -> Generator[object, None, Sequence[RowAnswer]]:
    """One a row, whose columns are row and the roles that are read. Raises InputError for a task that says nothing."""
    if isinstance(task, AnswersRows):
        return (yield from task.answer_rows(rows))
    if not isinstance(task, ScoresRows):
        raise InputError(message("This run's answers are no texts."), str(run.path), message("Choose another run."))
    asked = rows
    for role in type_of(run.config.task).roles:
        if role.key not in rows.column_names:
            asked = asked.add_column(role.key, [""] * len(rows))
    found = yield from task.score_rows(asked, "data")
    return [RowAnswer(one.said, columns={} if one.wanted else one.scores) for one in found.rows]


def _given(run: Run, source: Source, columns: Mapping[str, str]) -> SourceSplits:
    """The file with the columns that are read."""
    data: DataConfig = run.config.data
    roles = type_of(run.config.task).asked_roles
    strangers = [one for one in columns if one not in {role.key for role in roles}]
    if strangers:
        raise InputError(
            message("This run reads no column of “{role}”.", role=strangers[0]),
            f"data.{strangers[0]}",
            message("Name one of: {known}.", known=[f"data.{role.key}" for role in roles]),
        )
    table = read_table(source, BuiltinTexts(), 0, "test", has_labels=False, reading=reading_of(data, source))
    known = {role: column for role, column in data.columns.items() if column in table.columns}
    return given_alone(data.model_copy(update={"columns": {**known, **columns}}), source, run.config.seed, roles)


def _chunk(given: SourceSplits, start: int) -> Dataset:
    table = given.table
    wanted = [ROW, *table.columns, *(name for name in table.dataset.column_names if name == NUM_FIELDS)]
    end = min(start + _ROWS_A_CHUNK, len(table.dataset))
    return table.dataset.select_columns(wanted).select(range(start, end))


def _asked(
    run: Run, task: Task, given: SourceSplits, chunk: Dataset
) -> Generator[object, None, list[RowAnswer | None]]:
    """One a row of the chunk; None for one without a text."""
    texts = {role: chunk[column] for role, column in given.roles.items()}
    has_text = [all(text.strip() for text in row) for row in zip(*texts.values(), strict=True)]
    kept = {role: list(itertools.compress(cells, has_text)) for role, cells in texts.items()}
    rows = Dataset.from_dict({ROW: list(itertools.compress(chunk[ROW], has_text)), **kept})
    found: Iterator[RowAnswer] = iter((yield from answers_to(run, task, rows)) if len(rows) else ())
    return [next(found) if has else None for has in has_text]
