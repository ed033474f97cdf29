"""Pretrained models that point at answers: loaded to be trained, and restored to go on learning."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from transformers import (
    MODEL_FOR_QUESTION_ANSWERING_MAPPING,
    AutoModelForQuestionAnswering,
    PreTrainedConfig,
    PreTrainedModel,
)

from engine.config.readers import PretrainedReader
from engine.errors import InputError
from engine.messages import message
from engine.models.adaptation import adapt
from engine.models.folders import model_folder
from engine.models.foreign_config import foreign_config
from engine.models.pretrained_loading import loaded, refuse_lacking_layers, restored, save_memory
from engine.models.size_limits import refuse_unread_layers


def load_pretrained_reader(spec: PretrainedReader, pad_token_id: int) -> PreTrainedModel:
    """The model of `spec` in float32, its weights in memory of their own, frozen as `spec.adaptation` says; two new
    outputs, drawn from torch's random state, where the folder has none. Raises InputError."""
    folder = model_folder(spec.source)
    config = _read_config(folder, spec.source)
    config.pad_token_id = pad_token_id
    model, keys = loaded(AutoModelForQuestionAnswering, folder, spec.source, config, has_new_head=True)
    refuse_lacking_layers(model, keys, spec.source)
    refuse_unread_layers(keys["unexpected_keys"], spec.source)
    _settle(model, spec)
    return model


def restore_pretrained_reader(spec: PretrainedReader, checkpoint: Path) -> PreTrainedModel:
    """The model of a checkpoint, as it was when it was saved, ready to go on learning. Raises InputError."""
    config = _read_config(checkpoint, str(checkpoint))
    settle = partial(_settle, spec=spec)
    return restored(AutoModelForQuestionAnswering, spec, checkpoint, config, settle, has_new_head=True)


def _read_config(folder: Path, source: str) -> PreTrainedConfig:
    """No code of the folder is run. Raises InputError for a model that cannot point at answers."""
    config = foreign_config(folder, source)
    if config.is_encoder_decoder or type(config) not in MODEL_FOR_QUESTION_ANSWERING_MAPPING:
        raise InputError(
            message("A model of the kind “{kind}” cannot find answers.", kind=config.model_type),
            source,
            message("Choose an encoder such as BERT, RoBERTa or DeBERTa."),
        )
    return config


def _settle(model: PreTrainedModel, spec: PretrainedReader) -> None:
    adapt(model, spec.adaptation)
    save_memory(model, spec)
