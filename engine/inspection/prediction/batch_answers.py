"""predict_file: a model's answers to every text of a file, written as a CSV, whole or not at all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path

import numpy as np
from datasets import Dataset

from engine.config.data import Source
from engine.config.tasks.registry import type_of
from engine.data.sources.tables import NUM_FIELDS, ROW, Table
from engine.data.tokens.batches import collate
from engine.data.tokens.encoding import Encoded, joined
from engine.errors import InputError
from engine.inspection.prediction.answer_file import refuse_place, written_aside
from engine.inspection.prediction.batch_in_words import answers_in_words
from engine.inspection.prediction.batch_reader import BatchReader, device_of
from engine.inspection.prediction.batch_table import AnsweredRow, BatchTable
from engine.inspection.prediction.texts_with_evidence import table_of
from engine.inspection.subjects.loaded_models import trained
from engine.messages import message
from engine.models.answering import model_kind
from engine.records import BatchPredicted, Prediction, Progress
from engine.runs.model_folder import Subject
from engine.runs.run import Run
from engine.runs.spreadsheets import Sheet
from engine.targets import target_of

_ROWS_A_CHUNK, _ROWS_A_PIECE = 4096, 256
"""Rows read, sorted by length, answered and written together, so that memory does not grow with the file; and rows cut
into tokens between two breaths."""


def predict_file(
    subject: Subject,
    data: Source,
    out: Path,
    checkpoint: str = "best",
    *,
    for_spreadsheets: bool = False,
    columns: Mapping[str, str] | None = None,
) -> Generator[Progress, None, BatchPredicted]:
    """A CSV (UTF-8) of every row of the file in its order, with all its columns and the answer behind them: `label`,
    `abstains` and `p(LABEL)` of each label (see BatchTable), for whatever the importer reads; only a column of texts is
    needed. A row without a text keeps its place with an empty answer and a note. Where the model abstains, `label` is
    the likeliest one and `abstains` true. A spreadsheet computes none of its cells (`runs.spreadsheets`);
    `for_spreadsheets`: with the mark by which they know UTF-8. `columns` by role are read instead of those that the run
    read or that are guessed. Of a run that answers in words: `answers_in_words`.

    The file appears when it is whole: closing the generator leaves none, and an older one as it was. Raises InputError
    for data without texts, a place that cannot be written to and a model that sorts no texts, RunFailure when the disk
    refuses.
    """
    if isinstance(subject, Run) and type_of(subject.config.task).says:
        working = answers_in_words(subject, data, out, checkpoint, for_spreadsheets=for_spreadsheets, columns=columns)
        return (yield from working)
    refuse_place(data, out)
    model = trained(subject, checkpoint)
    if model_kind(model.model) != "classifier":
        raise InputError(
            message("This model gives texts no labels, so there is nothing to write."),
            str(subject.path),
            message("Choose a run, or the folder of a model that sorts texts."),
        )
    table, column = table_of(subject, data, "test", (columns or {}).get("text", ""))
    reader = BatchReader(model, device_of(subject))
    answers = BatchTable(table, column, model.labels)
    began = time.perf_counter()
    counts: Counter[str] = Counter()
    num_rows = num_blank = num_abstained = 0
    with written_aside(out, "utf-8-sig" if for_spreadsheets else "utf-8") as file:
        sheet = Sheet(file)
        sheet.write(answers.heads)
        for rows in _rows(reader, table, column, answers):
            if isinstance(rows, Progress):
                yield rows
                continue
            sheet.write_all(map(answers.cells, rows))
            num_rows += len(rows)
            num_blank += sum(row.answer is None for row in rows)
            num_abstained += sum(row.answer is not None and row.answer.abstains for row in rows)
            counts.update(label for row in rows for label in _said(row, model.labels))
    seconds = time.perf_counter() - began
    return BatchPredicted(
        path=out,
        num_rows=num_rows,
        num_abstained=num_abstained,
        counts={label: counts[label] for label in model.labels},
        rows_per_second=num_rows / max(seconds, 1e-9),
        seconds=seconds,
        num_blank=num_blank,
        device=reader.device_name,
    )


def _rows(
    reader: BatchReader, table: Table, column: str, answers: BatchTable
) -> Iterator[Progress | list[AnsweredRow]]:
    """Chunk by chunk, with breaths between."""
    wanted = [ROW, *table.columns, *(name for name in table.dataset.column_names if name == NUM_FIELDS)]
    given = table.dataset.select_columns(wanted)
    for start in range(0, len(given), _ROWS_A_CHUNK):
        chunk = given.select(range(start, min(start + _ROWS_A_CHUNK, len(given))))
        texts = chunk.select_columns([ROW, column]).rename_columns({column: "text"})
        said = yield from _answered(reader, texts, start, len(given))
        is_last = start + len(chunk) == len(given)
        yield list(answers.rows(chunk, said, after=_last_row(given, start), is_last=is_last))


def _answered(
    reader: BatchReader, chunk: Dataset, before: int, total: int
) -> Generator[Progress, None, list[Prediction]]:
    """One a row of the chunk, in its order; `before` of the `total` rows are done already."""
    pieces: list[Encoded] = []
    for start in range(0, len(chunk), _ROWS_A_PIECE):
        pieces.append(reader.encoded(chunk.select(range(start, min(start + _ROWS_A_PIECE, len(chunk))))))
        yield Progress(before, total)
    encoded = reduce(joined, pieces)
    found = np.zeros((len(chunk), max(1, len(reader.trained.labels))), dtype=np.float32)
    done = before
    for places in reader.batches(encoded):
        found[places] = reader.logits(collate(encoded, places))
        done += len(places)
        yield Progress(done, total)
    target = target_of(reader.kind)
    if not target.is_categorical:
        return [Prediction(f"{value:.7g}", {}) for value in found[:, 0].tolist()]
    given = target.probabilities(found, reader.loss, reader.decision.temperature)
    return target.predictions(given, reader.trained.labels, reader.decision)


def _last_row(texts: Dataset, start: int) -> int:
    """The row number before a chunk."""
    return int(texts[start - 1][ROW]) if start else 0


def _said(row: AnsweredRow, labels: Sequence[str]) -> tuple[str, ...]:
    """The labels that count as said of a row."""
    if row.answer is None or row.answer.abstains or not labels:
        return ()
    return row.answer.labels if row.answer.labels is not None else (row.answer.label,)
