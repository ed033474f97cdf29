"""A classifier with its task: made for the labels of the texts, or as a checkpoint left it."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModelForSequenceClassification, PreTrainedModel

from engine.config.model import Classifier
from engine.config.pretrained import Pretrained
from engine.config.pretraining import LanguageModelPretraining
from engine.config.run import RunConfig
from engine.data.tokens.encoding import token_frequencies
from engine.models.build import build
from engine.models.checkpoint_model import checkpoint_model
from engine.models.class_weights import class_weights
from engine.models.classifier import TextClassifier
from engine.models.pretrained import load_pretrained, restore_pretrained
from engine.models.word_guessing import WordGuessing, word_guessing
from engine.tasks.classification.task import ClassificationTask
from engine.tasks.material import Material


def make_classification(
    config: RunConfig,
    material: Material,
    device: torch.device,
    checkpoint: Path | None,
    kind: type[ClassificationTask] = ClassificationTask,
) -> ClassificationTask:
    """A task of this `kind` with fresh weights, or with those of a verified checkpoint of this run."""
    model = make_classifier(config, material) if checkpoint is None else _saved_classifier(config, checkpoint)
    nn.Module.to(model, device)
    task = kind(
        config,
        model,
        material.tokenizer,
        material.labels,
        material.splits.positive_label,
        device,
        guessing=_guessing(config, material, model, device),
        has_unlabelled=material.unlabelled is not None,
    )
    if checkpoint is not None:
        task.load_extra(checkpoint)
    return task


def _saved_classifier(config: RunConfig, checkpoint: Path) -> PreTrainedModel:
    if isinstance(config.model, Pretrained):
        return restore_pretrained(config.model, checkpoint)
    return checkpoint_model(AutoModelForSequenceClassification, checkpoint)


def make_classifier(config: RunConfig, material: Material) -> PreTrainedModel:
    """A model for the labels of the texts before its first step; class weights are measured on the training rows."""
    task, model = config.task, config.model
    loss, target = task.label_loss, task.target
    assert loss is not None and target is not None and isinstance(model, Classifier)
    splits, tokenizer = material.splits, material.tokenizer
    weights = class_weights(loss, splits.splits["train"]["label"], splits.labels) if task.has_classes else None
    if isinstance(model, Pretrained):
        return load_pretrained(
            model,
            labels=splits.labels,
            loss=loss,
            class_weights=None if weights is None else tuple(weights.values()),
            multi_label=target.may_have_several,
            pad_token_id=tokenizer.pad_token_id,
        )
    return build(
        model,
        vocabulary_size=len(tokenizer),
        num_labels=max(1, len(splits.labels)),
        max_length=config.data.max_length,
        pad_token_id=tokenizer.pad_token_id,
        labels=splits.labels,
        loss=loss,
        class_weights=None if weights is None else tuple(weights.values()),
        multi_label=target.may_have_several,
        special_token_ids=(tokenizer.cls_token_id, tokenizer.sep_token_id),
        silent_token_ids=tuple(tokenizer.all_special_ids),
        frequencies=_frequencies(config, material),
    )


def _frequencies(config: RunConfig, material: Material) -> Tensor | None:
    """How often each word is used, where the adversary wants word vectors of a fixed size."""
    if not getattr(config.training.adversary, "normalize_embeddings", False):
        return None
    return token_frequencies(material.learned["pretraining"], len(material.tokenizer))


def _guessing(
    config: RunConfig, material: Material, model: PreTrainedModel, device: torch.device
) -> WordGuessing | None:
    if not isinstance(config.training.pretraining, LanguageModelPretraining):
        return None
    assert isinstance(model, TextClassifier), "a pretrained encoder guesses no words (engine.config.combination)"
    guessing = word_guessing(model, material.tokenizer)
    nn.Module.to(guessing, device)
    return guessing
