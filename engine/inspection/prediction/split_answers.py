"""Answers of a trained run on rows of texts: how good it is, and what it says of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import torch
from datasets import Dataset

from engine.breath import drain
from engine.config.data import Source
from engine.config.tasks.registry import type_of
from engine.data.splitting.splits import load_evaluation, load_splits
from engine.errors import InputError
from engine.inspection.generation.critic_rows import critic_rows
from engine.inspection.subjects.loaded_models import Trained, trained
from engine.messages import message
from engine.records import WRONG_IF_UNKNOWN, Evaluation, LabelRule, LeftOut, UnknownLabel
from engine.runs.history import open_history
from engine.runs.run import Run
from engine.tasks.classification.task import ClassificationTask
from engine.tasks.registry import encode_split

Result = TypeVar("Result")


@dataclass(frozen=True)
class ReadRows:
    """The rows of a split or file: `table` has the columns row, text and perhaps label, in the model's words."""

    table: Dataset
    split: str
    left_out: tuple[LeftOut, ...] = ()
    strangers: tuple[UnknownLabel, ...] = ()
    positive: str | None = None
    seed: int = 0


def evaluate_rows(run: Run, best: Trained, rows: Dataset, split: str) -> Evaluation:
    """What the likeliest label is worth on rows whose labels the model knows."""
    encoded = encode_split(run.config, rows, best.tokenizer, best.labels)
    return drain(_task(run, best).evaluate(encoded, split))


def answer_rows(run: Run, split: str) -> tuple[np.ndarray, np.ndarray]:
    """(truths [rows], probabilities [rows, labels]) of the best checkpoint on a split of the run's data."""
    best = trained(run)
    rows = rows_of(run, best, None, split).table
    encoded = encode_split(run.config, rows, best.tokenizer, best.labels)
    truths, found, _ = drain(_task(run, best).answers(encoded))
    return truths, found


def rows_of(
    run: Run, best: Trained, source: Source | None, split: str | None, rule: LabelRule = WRONG_IF_UNKNOWN
) -> ReadRows:
    """Another source's rows, or a split's (test, else validation, where none is named). Raises InputError."""
    config, positive = run.config, positive_label_of(run)
    if source is None:
        return replace(_own(run, split), positive=positive, seed=config.seed)
    found = load_evaluation(config.data, config.task, source, best.labels, config.seed, rule)
    rows = found.splits["test"]
    return ReadRows(rows, "data", found.left_out.get("test", ()), found.strangers, positive, config.seed)


def own_rows(run: Run, split: str | None) -> tuple[Dataset, str]:
    """A split of a run's data (test, else validation, where none is named), and its name. Raises InputError."""
    found = _own(run, split)
    return found.table, found.split


def _own(run: Run, split: str | None) -> ReadRows:
    config = run.config
    if type_of(config.task).can("generate"):
        return ReadRows(critic_rows(run), "samples")
    read = load_splits(config.data, config.task, config.seed)
    name = split or ("test" if "test" in read.splits else "validation")
    if name not in read.splits:
        raise InputError(
            message("The run has no split “{split}”.", split=name),
            str(run.path),
            message("Choose one of: {known}.", known=list(read.splits)),
        )
    return ReadRows(read.splits[name], name, read.left_out.get(name, ()))


def _task(run: Run, best: Trained) -> ClassificationTask:
    return ClassificationTask(
        run.config, best.model, best.tokenizer, best.labels, positive_label_of(run), torch.device("cpu")
    )


def positive_label_of(run: Run) -> str | None:
    """As it was when the run began: a file of other proportions must not turn the question round."""
    started = open_history(run.journal)[0].started
    return started.positive_label if started else None
