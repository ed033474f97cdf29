"""score_rows: the answers in words of a checkpoint to a split or file, row by row, and the figures that they come to."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from datasets import Dataset

from engine.breath import drain, telling
from engine.config.data import Source
from engine.data.splitting.splits import load_evaluation, load_splits
from engine.errors import InputError
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.messages import message
from engine.metrics.summed_figures import half_widths, values
from engine.records import Evaluation, LeftOut, Progress, ScoredRows
from engine.runs.run import Run
from engine.tasks.task import ScoresRows


def score_rows(
    run: Run,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    most: int | None = None,
) -> Generator[Progress, None, ScoredRows]:
    """Without a source: the run's own test split where there is one, else validation. `most`: only so many rows, evenly
    drawn. Raises InputError."""
    yield Progress(0, 1, None)
    task = loaded_task(run, checkpoint)
    if not isinstance(task, ScoresRows):
        raise InputError(message("This run's answers are no texts."), str(run.path), message("Ask for its evaluation."))
    rows, name, left_out = _rows(run, source, split)
    if most is not None:
        rows = at_most(rows, most)
    found = yield from telling(task.score_rows(rows, name), Progress(0, 1, None))
    return replace(found, left_out=(*left_out, *found.left_out))


def at_most(rows: Dataset, most: int) -> Dataset:
    """Only so many rows, evenly drawn."""
    return rows if len(rows) <= most else rows.select(range(0, len(rows), -(-len(rows) // most)))


def evaluate_rows_in_words(
    run: Run, source: Source | None = None, split: str | None = None, checkpoint: str = "best"
) -> Evaluation:
    """The figures of `score_rows` with half the width of their 95 % intervals. Raises InputError."""
    found = drain(score_rows(run, source, split, checkpoint))
    return Evaluation(
        values(found.statistics),
        found.split,
        len(found),
        intervals=half_widths(found.statistics, run.config.seed),
        left_out=found.left_out,
    )


def _rows(run: Run, source: Source | None, split: str | None) -> tuple[Dataset, str, tuple[LeftOut, ...]]:
    """(rows, the split's name, what is not among them)"""
    config = run.config
    if source is not None:
        found = load_evaluation(config.data, config.task, source, (), config.seed)
        return found.splits["test"], "data", found.left_out.get("test", ())
    read = load_splits(config.data, config.task, config.seed)
    name = split or ("test" if "test" in read.splits else "validation")
    if name not in read.splits:
        raise InputError(
            message("The run has no split “{split}”.", split=name),
            str(run.path),
            message("Choose one of: {known}.", known=list(read.splits)),
        )
    return read.splits[name], name, read.left_out.get(name, ())
