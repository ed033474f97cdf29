"""Answers of a trained run: how good it is on rows, what it says of a text, where it looks."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from datasets import Dataset
from transformers import AutoModelForSequenceClassification, PreTrainedModel, PreTrainedTokenizerFast

import engine.models  # noqa: F401 - makes our models known to transformers
from engine.config.data import Source
from engine.data.batches import encode
from engine.data.splits import load_evaluation, load_splits
from engine.errors import InputError
from engine.inspection.attend import attend as attend_to
from engine.messages import message
from engine.records import AttentionRecord, Evaluation, Prediction
from engine.runs.history import open_history
from engine.runs.run import Run
from engine.tasks.classification import ClassificationTask
from engine.training.checkpoint import checkpoint_path, verify

Result = TypeVar("Result")


@dataclass(frozen=True)
class Trained:
    """A checkpoint in memory, on the CPU, ready to answer."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerFast
    labels: tuple[str, ...]


def evaluate(run: Run, source: Source | None, split: str | None) -> Evaluation:
    """Without a source: the run's own test split where there is one, else validation. Raises InputError."""
    trained = _trained(run, "best")
    rows, name = _rows(run, trained, source, split)
    task = _task(run, trained)
    return _finished(task.evaluate(encode(rows, trained.tokenizer, trained.labels, run.config.data.max_length), name))


def answer_rows(run: Run, split: str) -> tuple[np.ndarray, np.ndarray]:
    """(truths [rows], probabilities [rows, labels]) of the best checkpoint on a split of the run's data."""
    trained = _trained(run, "best")
    rows, _ = _rows(run, trained, None, split)
    encoded = encode(rows, trained.tokenizer, trained.labels, run.config.data.max_length)
    truths, found, _ = _finished(_task(run, trained).answers(encoded))
    return truths, found


def predict(run: Run, text: str, checkpoint: str) -> Prediction:
    """Raises InputError for a blank text or a run without a checkpoint."""
    return attend(run, text, checkpoint).prediction


def attend(run: Run, text: str, checkpoint: str) -> AttentionRecord:
    """Raises InputError for a blank text or a run without a checkpoint."""
    trained = _trained(run, checkpoint)
    return attend_to(trained.model, trained.tokenizer, text, run.config.data.max_length)


def _rows(run: Run, trained: Trained, source: Source | None, split: str | None) -> tuple[Dataset, str]:
    config = run.config
    if source is not None:
        return load_evaluation(config.data, config.task, source, trained.labels, config.seed).splits["test"], "data"
    splits = load_splits(config.data, config.task, config.seed).splits
    name = split or ("test" if "test" in splits else "validation")
    if name not in splits:
        raise InputError(
            message("The run has no split “{split}”.", split=name),
            str(run.path),
            message("Choose one of: {known}.", known=list(splits)),
        )
    return splits[name], name


def _task(run: Run, trained: Trained) -> ClassificationTask:
    return ClassificationTask(
        run.config.task, trained.model, trained.tokenizer, trained.labels, _positive_label(run), torch.device("cpu")
    )


def _finished(measuring: Generator[None, None, Result]) -> Result:
    """Run a generator that only breathes to its end."""
    while True:
        try:
            next(measuring)
        except StopIteration as end:
            result: Result = end.value
            return result


def _positive_label(run: Run) -> str | None:
    """As it was when the run began: a file of other proportions must not turn the question round."""
    started = open_history(run.journal)[0].started
    return started.positive_label if started else None


def _trained(run: Run, checkpoint: str) -> Trained:
    path = checkpoint_path(run, checkpoint)
    return _load(path, (path / "manifest.json").stat().st_mtime_ns if (path / "manifest.json").exists() else 0)


@lru_cache(maxsize=4)
def _load(path: Path, written: int) -> Trained:
    """`written` makes a checkpoint that was written anew a new key."""
    verify(path)
    model = AutoModelForSequenceClassification.from_pretrained(path, trust_remote_code=False).eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(path)
    is_numeric = model.config.problem_type == "regression"
    labels = () if is_numeric else tuple(model.config.id2label[index] for index in range(model.config.num_labels))
    return Trained(model, tokenizer, labels)
