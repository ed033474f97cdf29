"""Leaving: a model as it goes out: its own weights in memory, and all that its answers are made of beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, PreTrainedModel, PreTrainedTokenizerFast

import engine.models  # noqa: F401 - makes our models known to transformers
from engine.errors import InputError
from engine.inspection.subjects.labels_only import refuse_answers_in_words
from engine.inspection.subjects.loaded_models import Trained, trained
from engine.messages import message
from engine.models.answering import loss_choice_of, model_kind
from engine.models.checkpoint_model import checkpoint_model
from engine.models.classifier import TextClassifier
from engine.models.foreign import load_foreign
from engine.models.quiet_libraries import quiet
from engine.records import Decision
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import checked_decision
from engine.runs.model_folder import ModelFolder, Subject
from engine.runs.run import Run
from engine.targets import Target


@dataclass(frozen=True)
class ModelToExport:
    """`model` is loaded anew, prepared for nothing: the cached one may be looked through meanwhile. `studio` is that
    cached one, whose answers count. `loss` and `target` say how logits become probabilities."""

    model: PreTrainedModel
    studio: Trained
    target: Target
    loss: str
    decision: Decision

    @property
    def tokenizer(self) -> PreTrainedTokenizerFast:
        return self.studio.tokenizer

    @property
    def labels(self) -> tuple[str, ...]:
        return self.studio.labels

    @property
    def max_length(self) -> int:
        """Tokens that are read of a text."""
        return self.studio.max_length

    @property
    def is_ours(self) -> bool:
        """Of a class that only Attune knows."""
        return isinstance(self.model, TextClassifier)

    @property
    def pad_token_id(self) -> int:
        """A decoder finds its last word by it."""
        own = self.model.config.pad_token_id
        return int(self.tokenizer.pad_token_id if own is None else own)


def model_to_export(subject: Subject, checkpoint: str = "best") -> ModelToExport:
    """Raises InputError for a text GAN, a model that sorts no texts, and a run without a checkpoint."""
    refuse_writers(subject)
    studio = trained(subject, checkpoint)
    if model_kind(studio.model) != "classifier":
        raise InputError(
            message("Only models that sort texts, or say a number, can be exported."),
            str(subject.path),
            message("Choose a run, or the folder of a model that sorts texts."),
        )
    return ModelToExport(
        model=_loaded(subject, checkpoint),
        studio=studio,
        target=studio.target,
        loss=loss_choice_of(studio.model).name,
        decision=checked_decision(folder_of(subject, checkpoint)),
    )


def folder_of(subject: Subject, checkpoint: str) -> Path:
    """Where the weights lie; of a hub name a path that does not exist."""
    return checkpoint_path(subject, checkpoint) if isinstance(subject, Run) else subject.path


def refuse_writers(subject: Subject) -> None:
    """Raises InputError for a run that invents texts."""
    refuse_answers_in_words(subject)
    if isinstance(subject, Run) and not subject.config.task.has_labels:
        raise InputError(
            message("A text GAN writes texts; there is no classifier in it to export."),
            str(subject.path),
            message("Take its texts away on the Samples page, or export a run that sorts texts."),
        )


def _loaded(subject: Subject, checkpoint: str) -> PreTrainedModel:
    """Eager attention: plain matrix products are what every exporter knows."""
    model: PreTrainedModel
    if isinstance(subject, ModelFolder):
        model, _ = load_foreign(subject.source)
    else:
        path = checkpoint_path(subject, checkpoint)
        with quiet():
            model = checkpoint_model(AutoModelForSequenceClassification, path, torch.float32)
    if not isinstance(model, TextClassifier) and model.config._attn_implementation != "eager":
        model.set_attn_implementation("eager")
    model.eval()
    for weight in model.parameters():
        weight.requires_grad_(False)
    return model
