"""card_figures: how good a run's model is, for its card; what the Evaluation page knows already is not asked again."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
from datasets import Dataset

from engine.data.splitting.stratified_split import drawn
from engine.export.model_loading import ModelToExport
from engine.inspection.evaluation.examine import answers_to, truths_of
from engine.inspection.evaluation.measure import measure_answers
from engine.inspection.prediction.split_answers import own_rows, positive_label_of
from engine.records import Answers, Measures, Progress
from engine.runs.answers import answers_path, kept_answers
from engine.runs.checkpoints import checkpoint_path
from engine.runs.history import open_history
from engine.runs.run import Run

MOST_ROWS = 1000
"""Rows that are read for a card alone; their interval says what more rows would."""


@dataclass(frozen=True)
class CardFigures:
    """`measures` on some or all of `num_rows` rows of their split, the label that they are about where there are two,
    and texts that were looked at. Word counting always stands there as measured on all rows."""

    measures: Measures
    num_rows: int
    positive: str | None
    texts: tuple[str, ...]


def card_figures(run: Run, leaving: ModelToExport, checkpoint: str) -> Generator[Progress, None, CardFigures]:
    """On the test split, else validation. Raises InputError where the data is gone."""
    step = checkpoint_path(run, checkpoint).name
    table, split = own_rows(run, None)
    answers = kept_answers(answers_path(run, None, split, step))
    if answers is None:
        is_stratified = leaving.target.is_exclusive
        answers = yield from _asked(run, leaving, _drawn(table, run.config.seed, is_stratified), split)
    measures = yield from measure_answers(run, answers, None, checkpoint)
    told = open_history(run.journal)[0].baselines.get(split)
    if not measures.counted and told is not None:
        measures = replace(measures, counted=dict(told.metrics))
    return CardFigures(measures, len(table), answers.positive_label, tuple(answers.texts[:MOST_ROWS]))


def _drawn(table: Dataset, seed: int, is_stratified: bool) -> Dataset:
    if len(table) <= MOST_ROWS:
        return table
    codes = np.unique(table["label"], return_inverse=True)[1] if is_stratified else np.zeros(len(table))
    return table.select(drawn(codes.astype(np.int32), MOST_ROWS, seed))


def _asked(run: Run, leaving: ModelToExport, table: Dataset, split: str) -> Generator[Progress, None, Answers]:
    logits, num_tokens = yield from answers_to(leaving.studio, table)
    return Answers(
        kind=leaving.target.name,
        labels=leaving.labels,
        positive_label=positive_label_of(run),
        loss=leaving.loss,
        logits=logits,
        truths=truths_of(table, leaving.labels, leaving.target.name),
        rows=np.array(table["row"], dtype=np.int64),
        num_tokens=num_tokens,
        texts=list(table["text"]),
        split=split,
        source="",
        checkpoint="",
    )
