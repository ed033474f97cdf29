"""score_rows: the answers in words of a checkpoint to a split or file, row by row, and what they come to."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import replace

import numpy as np
from datasets import Dataset

from engine.breath import drain, mapped
from engine.config.data import Source
from engine.data.splitting.splits import load_evaluation, load_splits
from engine.errors import InputError, RunFailure
from engine.inspection.evaluation.source_columns import further_columns
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.messages import message
from engine.metrics.summed_figures import half_widths, values
from engine.records import Evaluation, LeftOut, Progress, ScoredRows
from engine.runs.checkpoints import checkpoint_path
from engine.runs.run import Run
from engine.runs.scored_answers import keep_scores, kept_scores, scores_path
from engine.tasks.task import ScoresRows


def score_rows(
    run: Run,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    most: int | None = None,
) -> Generator[Progress, None, ScoredRows]:
    """Without a source: the run's own test split where there is one, else validation. `most`: only so many rows, evenly
    drawn. What was answered is kept in the run's folder and not asked again. Raises InputError."""
    yield Progress(0, 1, None)
    step = checkpoint_path(run, checkpoint).name
    path = None if source is None and split is None else scores_path(run, source, split or "data", step, most)
    kept = None if path is None else kept_scores(path)
    if kept is not None:
        return kept
    task = loaded_task(run, checkpoint)
    if not isinstance(task, ScoresRows):
        raise InputError(message("This run's answers are no texts."), str(run.path), message("Ask for its evaluation."))
    rows, name, left_out = rows_of_split(run, source, split)
    if path is None:
        path = scores_path(run, source, name, step, most)
        if (kept := kept_scores(path)) is not None:
            return kept
    num_rows = len(rows)
    if most is not None:
        rows = at_most(rows, most)
    found = yield from _counted(task.score_rows(rows, name), len(rows))
    columns = further_columns(run, source, name, np.array([one.row for one in found.rows], dtype=np.int64))
    found = replace(found, left_out=(*left_out, *found.left_out), num_in_split=num_rows, columns=columns)
    with contextlib.suppress(RunFailure):  # where the disk refuses they are asked anew the next time
        keep_scores(path, found)
    return found


def at_most(rows: Dataset, most: int) -> Dataset:
    """Only so many rows, evenly drawn."""
    return rows if len(rows) <= most else rows.select(range(0, len(rows), -(-len(rows) // most)))


def _counted(working: Generator[int | None, None, ScoredRows], num_rows: int) -> Generator[Progress, None, ScoredRows]:
    """How far it is, as far as the task says so."""
    most = 0

    def told(done: int | None) -> Progress:
        nonlocal most
        most = max(most, done or 0)
        return Progress(most, num_rows)

    return (yield from mapped(working, told))


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


def rows_of_split(
    run: Run, source: Source | None = None, split: str | None = None
) -> tuple[Dataset, str, tuple[LeftOut, ...]]:
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
