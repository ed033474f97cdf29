"""Answers of a trained run on rows of texts: how good it is, and what it says of each."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch
from datasets import Dataset

from engine.config.data import Source
from engine.data.batches import encode
from engine.data.splits import load_evaluation, load_splits
from engine.errors import InputError
from engine.inspection.breathing import finished
from engine.inspection.critic_rows import critic_rows
from engine.inspection.generators import evaluate_generator
from engine.inspection.subjects import Trained, trained
from engine.messages import message
from engine.records import Evaluation
from engine.runs.history import open_history
from engine.runs.run import Run
from engine.tasks.classification import ClassificationTask

Result = TypeVar("Result")


def evaluate(run: Run, source: Source | None, split: str | None, checkpoint: str = "best") -> Evaluation:
    """Without a source: the run's own test split where there is one, else validation. Raises InputError."""
    if not run.config.task.has_labels:
        if source is not None:
            raise InputError(
                message("A text GAN is measured against the texts that it was held back from."),
                str(source),
                message("Leave the file out; or train a run on it."),
            )
        return evaluate_generator(run, split, checkpoint)
    best = trained(run, checkpoint)
    rows, name = rows_of(run, best, source, split)
    return finished(_task(run, best).evaluate(encode(rows, best.tokenizer, best.labels, best.max_length), name))


def answer_rows(run: Run, split: str) -> tuple[np.ndarray, np.ndarray]:
    """(truths [rows], probabilities [rows, labels]) of the best checkpoint on a split of the run's data."""
    best = trained(run)
    rows, _ = rows_of(run, best, None, split)
    truths, found, _ = finished(_task(run, best).answers(encode(rows, best.tokenizer, best.labels, best.max_length)))
    return truths, found


def rows_of(run: Run, best: Trained, source: Source | None, split: str | None) -> tuple[Dataset, str]:
    """Another source's rows, or a split's (test, else validation, where none is named), and its name; InputError."""
    config = run.config
    if source is not None:
        return load_evaluation(config.data, config.task, source, best.labels, config.seed).splits["test"], "data"
    return own_rows(run, split)


def own_rows(run: Run, split: str | None) -> tuple[Dataset, str]:
    """A split of a run's data (test, else validation, where none is named), and its name. Raises InputError."""
    config = run.config
    if not config.task.has_labels:
        return critic_rows(run), "samples"
    splits = load_splits(config.data, config.task, config.seed).splits
    name = split or ("test" if "test" in splits else "validation")
    if name not in splits:
        raise InputError(
            message("The run has no split “{split}”.", split=name),
            str(run.path),
            message("Choose one of: {known}.", known=list(splits)),
        )
    return splits[name], name


def _task(run: Run, best: Trained) -> ClassificationTask:
    return ClassificationTask(
        run.config, best.model, best.tokenizer, best.labels, positive_label_of(run), torch.device("cpu")
    )


def positive_label_of(run: Run) -> str | None:
    """As it was when the run began: a file of other proportions must not turn the question round."""
    started = open_history(run.journal)[0].started
    return started.positive_label if started else None
