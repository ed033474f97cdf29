"""make_task: a run's task with its models, before the first step or as a checkpoint left them."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn
from transformers import AutoModelForSequenceClassification, PreTrainedModel

from engine.config.pretrained import Pretrained
from engine.config.pretraining import LanguageModelPretraining
from engine.config.run import RunConfig
from engine.config.task import SemiSupervised
from engine.config.text_gan import TextGan
from engine.models.checkpoint_model import checkpoint_model
from engine.models.classifier import TextClassifier
from engine.models.pretrained import restore_pretrained
from engine.models.word_guessing import WordGuessing, word_guessing
from engine.tasks.classification import ClassificationTask
from engine.tasks.gan_pair import make_pair, saved_pair
from engine.tasks.material import Material, make_classifier
from engine.tasks.semi_supervised import SemiSupervisedTask
from engine.tasks.task import Task
from engine.tasks.text_gan import TextGanTask


def make_task(config: RunConfig, material: Material, device: torch.device, checkpoint: Path | None = None) -> Task:
    """With fresh weights (from torch's current random state), or with those of a verified checkpoint of this run."""
    if isinstance(config.task, TextGan):
        pair = make_pair(config, material.tokenizer) if checkpoint is None else saved_pair(checkpoint)
        return TextGanTask(config, material, pair, device)
    model = make_classifier(config, material) if checkpoint is None else _saved_classifier(config, checkpoint)
    nn.Module.to(model, device)
    task = _sorting_task(config, material, model, device)
    if checkpoint is not None:
        task.load_extra(checkpoint)
    return task


def _saved_classifier(config: RunConfig, checkpoint: Path) -> PreTrainedModel:
    if isinstance(config.model, Pretrained):
        return restore_pretrained(config.model, checkpoint)
    return checkpoint_model(AutoModelForSequenceClassification, checkpoint)


def _sorting_task(
    config: RunConfig, material: Material, model: PreTrainedModel, device: torch.device
) -> ClassificationTask:
    kind = SemiSupervisedTask if isinstance(config.task, SemiSupervised) else ClassificationTask
    return kind(
        config,
        model,
        material.tokenizer,
        material.labels,
        material.splits.positive_label,
        device,
        guessing=_guessing(config, material, model, device),
        has_unlabelled=material.unlabelled is not None,
    )


def _guessing(
    config: RunConfig, material: Material, model: PreTrainedModel, device: torch.device
) -> WordGuessing | None:
    if not isinstance(config.training.pretraining, LanguageModelPretraining):
        return None
    assert isinstance(model, TextClassifier), "a pretrained encoder guesses no words (engine.config.combination)"
    guessing = word_guessing(model, material.tokenizer)
    nn.Module.to(guessing, device)
    return guessing
