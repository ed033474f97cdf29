"""answer_file: every question of a file answered, written as a CSV, whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

from engine.breath import telling
from engine.config.data import Source
from engine.config.roles import CONTEXT, QUESTION
from engine.data.sources.source_splits import given_alone
from engine.data.tokens.question_windows import chunks_of
from engine.inspection.prediction.batch_answers import refuse_place, written_aside
from engine.inspection.reading.answer import reader_of
from engine.records import BatchPredicted, Progress
from engine.runs.run import Run
from engine.runs.spreadsheets import Number, Sheet

_CHUNK = 64
_HEADS = ("row", "question", "answer", "score", "start", "end", "no_answer")


def answer_file(
    run: Run, data: Source, out: Path, checkpoint: str = "best", *, for_spreadsheets: bool = False
) -> Generator[Progress, None, BatchPredicted]:
    """Columns row, question, answer ("" where it is silent), score, start and end (characters of the passage, from 0),
    and no_answer. A row without a question or a passage keeps its place without an answer. The file appears when it is
    whole. Raises InputError, RunFailure when the disk refuses."""
    refuse_place(data, out)
    reader = reader_of(run, checkpoint)
    given = given_alone(run.config.data, data, run.config.seed, (QUESTION, CONTEXT))
    names = {given.roles[role]: role for role in ("question", "context")}
    table = given.table.dataset.select_columns(["row", *names]).rename_columns(
        {column: role for column, role in names.items() if column != role}
    )
    silence, began = reader.silence, time.perf_counter()
    num_rows = num_silent = num_blank = 0
    with written_aside(out, "utf-8-sig" if for_spreadsheets else "utf-8") as file:
        sheet = Sheet(file)
        sheet.write(_HEADS)
        for chunk in chunks_of(table, _CHUNK):
            windows = reader.windows(chunk["question"], chunk["context"])
            odds = yield from telling(reader.odds(windows), Progress(num_rows, len(table)))
            for row, question, context, one in zip(
                chunk["row"], chunk["question"], chunk["context"], odds, strict=True
            ):
                num_rows += 1
                found = one.best(1)
                if not question.strip() or not context.strip() or not found.spans:
                    num_blank += 1
                    sheet.write([Number(str(row)), question, "", "", "", "", ""])
                    continue
                best = found.spans[0]
                silent = silence is not None and found.silence >= silence.threshold
                num_silent += silent
                said = (
                    ["", "", "", ""]
                    if silent
                    else [context[best.start : best.end], *_numbers(best.score, best.start, best.end)]
                )
                sheet.write([Number(str(row)), question, *said, *_numbers(found.silence)])
    seconds = time.perf_counter() - began
    return BatchPredicted(
        path=out,
        num_rows=num_rows,
        num_abstained=num_silent,
        rows_per_second=num_rows / max(seconds, 1e-9),
        seconds=seconds,
        num_blank=num_blank,
        device="CPU",
    )


def _numbers(*values: float) -> list[Number]:
    return [Number(f"{value:.6g}") for value in values]
