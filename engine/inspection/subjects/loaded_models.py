"""Subjects in memory: a run's checkpoint (of a text GAN: its critic), or another model's folder, each loaded once."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, PreTrainedModel, PreTrainedTokenizerFast

import engine.models  # noqa: F401 - makes our models known to transformers
from engine.inspection.subjects.labels_only import refuse_answers_in_words
from engine.models.answering import labels_of, target_of_model
from engine.models.checkpoint_model import checkpoint_model
from engine.models.foreign import load_foreign
from engine.models.mechanisms import Mechanism, prepare
from engine.runs.checkpoints import checkpoint_path, verify
from engine.runs.model_folder import ModelFolder, Subject
from engine.targets import Target
from engine.tasks.text_gan.pair import CRITIC

LONGEST = 2048
"""Tokens of a text that are looked into, whatever the model's length: attention grows with the square of it."""

_LOADING = threading.Lock()
"""Several workers ask at once; the first one loads."""


@dataclass(frozen=True)
class Trained:
    """A model in memory, on the CPU, in evaluation mode, prepared to be looked through from any thread."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerFast
    labels: tuple[str, ...]
    max_length: int
    mechanism: Mechanism

    @property
    def target(self) -> Target:
        """What a classifier answers: one label a text, several, or a number."""
        return target_of_model(self.model)


def trained(subject: Subject, checkpoint: str = "best") -> Trained:
    """`checkpoint` is "best", "last" or "step-N" of a run. Raises InputError for a run without one, a damaged one, and
    a folder that cannot be opened, or that answers in words."""
    refuse_answers_in_words(subject)
    with _LOADING:
        if isinstance(subject, ModelFolder):
            return _load_folder(subject.source, _written(subject.path / "config.json"))
        path = checkpoint_path(subject, checkpoint)
        return _load_checkpoint(path, _written(path / "manifest.json"), subject.config.data.max_length)


def _written(path: Path) -> int:
    """Makes what was written anew a new key."""
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=4)
def _load_checkpoint(path: Path, _written: int, max_length: int) -> Trained:
    verify(path)
    path = path / CRITIC if (path / CRITIC).is_dir() else path
    model = checkpoint_model(AutoModelForSequenceClassification, path, torch.float32)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(path)
    return _ready(model, tokenizer, max_length)


@lru_cache(maxsize=2)
def _load_folder(source: str, _written: int) -> Trained:
    model, tokenizer = load_foreign(source)
    return _ready(model, tokenizer, LONGEST)


def _ready(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, max_length: int) -> Trained:
    """Texts are cut at `max_length`, or at what the tokenizer knows that the model can read."""
    model.eval()
    for weight in model.parameters():
        weight.requires_grad_(False)
    ids = torch.tensor([tokenizer("a")["input_ids"] or [0]])
    mechanism = prepare(model, {"input_ids": ids, "attention_mask": torch.ones_like(ids)})
    return Trained(model, tokenizer, labels_of(model), min(max_length, tokenizer.model_max_length), mechanism)
