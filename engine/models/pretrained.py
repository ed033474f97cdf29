"""Pretrained encoders as classifiers: loaded to be trained, and restored to go on learning."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from torch import nn
from transformers import (
    MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING,
    AutoModelForSequenceClassification,
    PreTrainedConfig,
    PreTrainedModel,
)

from engine.config.losses import Loss
from engine.config.pretrained import Pretrained
from engine.errors import InputError
from engine.messages import message
from engine.models.adaptation import adapt
from engine.models.build import PROBLEMS
from engine.models.classifier import ClassifierConfig
from engine.models.folders import model_folder
from engine.models.foreign_config import foreign_config
from engine.models.layers import parts_of
from engine.models.pretrained_loading import loaded, refuse_lacking_layers, restored, save_memory
from engine.models.size_limits import refuse_unread_layers


def load_pretrained(
    spec: Pretrained,
    *,
    labels: tuple[str, ...],
    loss: Loss,
    pad_token_id: int,
    class_weights: tuple[float, ...] | None = None,
    multi_label: bool = False,
) -> PreTrainedModel:
    """The encoder of `spec` in float32 with a fresh head for `labels` (a number when there are none), its weights in
    memory of their own, frozen as `spec.adaptation` says. With `multi_label` a text may have any number of labels.

    A head that stands in the folder is kept if it has the same labels in the same order. What is new is drawn from
    torch's random state (seed it before). Raises InputError for a folder that cannot be trained on.
    """
    folder = model_folder(spec.source)
    config = read_config(folder, spec.source)
    if isinstance(config, ClassifierConfig):
        raise InputError(
            message("This folder holds a model that was trained here from scratch, not a pretrained encoder."),
            spec.source,
            message("Choose an encoder such as a BERT, RoBERTa or DeBERTa."),
        )
    has_same_labels = tuple((config.id2label or {}).values()) == labels
    _describe(config, labels or ("number",), loss, class_weights, pad_token_id, multi_label)
    model, keys = loaded(AutoModelForSequenceClassification, folder, spec.source, config, has_new_head=True)
    refuse_lacking_layers(model, keys, spec.source)
    refuse_unread_layers(keys["unexpected_keys"], spec.source)
    if not has_same_labels:
        _renew_output(model, config)
    _settle(model, spec)
    return model


def restore_pretrained(spec: Pretrained, checkpoint: Path) -> PreTrainedModel:
    """The model of a checkpoint, as it was when it was saved, ready to go on learning. Raises InputError."""
    config = read_config(checkpoint, str(checkpoint))
    settle = partial(_settle, spec=spec)
    return restored(AutoModelForSequenceClassification, spec, checkpoint, config, settle, has_new_head=True)


def read_config(folder: Path, source: str) -> PreTrainedConfig:
    """The config of a folder whose model can sort texts. No code of the folder is run. Raises InputError."""
    config = foreign_config(folder, source)
    if config.is_encoder_decoder or type(config) not in MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING:
        raise InputError(
            message("A model of the kind “{kind}” cannot sort texts.", kind=config.model_type),
            source,
            message("Choose an encoder such as BERT, RoBERTa or DeBERTa, or a decoder such as GPT-2."),
        )
    return config


def _describe(
    config: PreTrainedConfig,
    names: tuple[str, ...],
    loss: Loss,
    class_weights: tuple[float, ...] | None,
    pad_token_id: int,
    multi_label: bool,
) -> None:
    """Write into the config what a saved checkpoint must know of itself, the loss and its class weights included."""
    config.id2label = dict(enumerate(names))
    config.label2id = {name: index for index, name in enumerate(names)}
    config.problem_type = PROBLEMS[loss.name]
    config.pad_token_id = pad_token_id
    config.loss = loss.model_dump(mode="json")
    config.multi_label = multi_label
    config.class_weights = None if class_weights is None else list(class_weights)


def _renew_output(model: PreTrainedModel, config: PreTrainedConfig) -> None:
    """An output layer of other labels means nothing here, even where its size fits."""
    outside = parts_of(model).head
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear) and module.out_features == config.num_labels and f"{name}.weight" in outside:
            nn.init.normal_(module.weight, std=getattr(config, "initializer_range", None) or 0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def _settle(model: PreTrainedModel, spec: Pretrained) -> None:
    adapt(model, spec.adaptation)
    save_memory(model, spec)
