"""Answers of a trained run: how good it is on rows, what it says of a text, where it looks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, PreTrainedModel, PreTrainedTokenizerFast

import engine.models  # noqa: F401 - makes our models known to transformers
from engine.config.data import Source
from engine.data.batches import encode
from engine.data.splits import load_labelled, load_splits
from engine.errors import InputError
from engine.inspection.attend import attend as attend_to
from engine.messages import message
from engine.records import AttentionRecord, Evaluation, Prediction
from engine.runs.run import Run
from engine.tasks.classification import ClassificationTask
from engine.training.checkpoint import checkpoint_path, verify


@dataclass(frozen=True)
class Trained:
    """A checkpoint in memory, on the CPU, ready to answer."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerFast
    labels: tuple[str, ...]


def evaluate(run: Run, source: Source | None, split: str | None) -> Evaluation:
    """Without a source: the run's own test split where there is one, else validation. Raises InputError."""
    trained = _trained(run, "best")
    config = run.config
    if source is not None:
        rows = load_labelled(source, config.data, config.task, trained.labels)
        name, positive = "data", _positive_label(run)
    else:
        splits = load_splits(config.data, config.task, config.seed)
        name = split or ("test" if "test" in splits.splits else "validation")
        if name not in splits.splits:
            raise InputError(
                message("The run has no split “{split}”.", split=name),
                str(run.path),
                message("Choose one of: {known}.", known=", ".join(splits.splits)),
            )
        rows, positive = splits.splits[name], splits.positive_label
    task = ClassificationTask(
        config.task, trained.model, trained.tokenizer, trained.labels, positive, torch.device("cpu")
    )
    measuring = task.evaluate(encode(rows, trained.tokenizer, trained.labels, config.data.max_length), name)
    while True:
        try:
            next(measuring)
        except StopIteration as end:
            found: Evaluation = end.value
            return found


def predict(run: Run, text: str, checkpoint: str) -> Prediction:
    """Raises InputError for a blank text or a run without a checkpoint."""
    return attend(run, text, checkpoint).prediction


def attend(run: Run, text: str, checkpoint: str) -> AttentionRecord:
    """Raises InputError for a blank text or a run without a checkpoint."""
    trained = _trained(run, checkpoint)
    return attend_to(trained.model, trained.tokenizer, text, run.config.data.max_length)


def _positive_label(run: Run) -> str | None:
    from engine.runs.history import open_history

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
