"""Pretrained models that point at answers: loaded to be trained, and restored to go on learning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import (
    MODEL_FOR_QUESTION_ANSWERING_MAPPING,
    AutoModelForQuestionAnswering,
    PreTrainedConfig,
    PreTrainedModel,
)

from engine.config.pretrained import LoRA
from engine.config.readers import PretrainedReader
from engine.errors import InputError
from engine.messages import message
from engine.models.adaptation import adapt, load_adapter
from engine.models.folders import model_folder
from engine.models.foreign_config import FAILURES, foreign_config
from engine.models.layers import parts_of
from engine.models.quiet_libraries import first_line, quiet
from engine.models.size_limits import refuse_disproportionate, refuse_unread_layers
from engine.models.stored_weights import stored_weights


def load_pretrained_reader(spec: PretrainedReader, pad_token_id: int) -> PreTrainedModel:
    """The model of `spec` in float32, its weights in memory of their own, frozen as `spec.adaptation` says; two new
    outputs, drawn from torch's random state, where the folder has none. Raises InputError."""
    folder = model_folder(spec.source)
    config = _read_config(folder, spec.source)
    config.pad_token_id = pad_token_id
    model, keys = _loaded(folder, spec.source, config)
    parts = parts_of(model)
    lacking = {key if isinstance(key, str) else key[0] for key in (*keys["missing_keys"], *keys["mismatched_keys"])}
    if gone := sorted(lacking & parts.below.union(parts.above, *parts.layers)):
        raise InputError(
            message(
                "The folder lacks {count:plural:weight:weights} of its encoder, such as {name}.",
                count=len(gone),
                name=gone[0],
            ),
            spec.source,
            message("Download or save the model anew."),
        )
    refuse_unread_layers(keys["unexpected_keys"], spec.source)
    _settle(model, spec)
    return model


def restore_pretrained_reader(spec: PretrainedReader, checkpoint: Path) -> PreTrainedModel:
    """The model of a checkpoint, as it was when it was saved, ready to go on learning. Raises InputError."""
    config = _read_config(checkpoint, str(checkpoint))
    is_whole_in_folder = not isinstance(spec.adaptation, LoRA)
    folder = checkpoint if is_whole_in_folder else model_folder(spec.source)
    model, _ = _loaded(folder, str(folder), config)
    _settle(model, spec)
    if not is_whole_in_folder:
        load_adapter(model, checkpoint)
    return model


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


def _loaded(folder: Path, source: str, config: PreTrainedConfig) -> tuple[PreTrainedModel, dict[str, Any]]:
    """(model in float32, transformers' account of the keys)"""
    refuse_disproportionate(AutoModelForQuestionAnswering, config, stored_weights(folder, source), source)
    try:
        with quiet():
            model, keys = AutoModelForQuestionAnswering.from_pretrained(
                folder,
                config=config,
                dtype=torch.float32,
                use_safetensors=True,
                ignore_mismatched_sizes=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
    except (*FAILURES, SafetensorError) as error:
        raise InputError(
            message("The model's weights cannot be read: {reason}", reason=first_line(error)),
            source,
            message("Download or save the model anew."),
        ) from error
    for weight in model.parameters():
        weight.data = weight.data.clone()
    return model, keys


def _settle(model: PreTrainedModel, spec: PretrainedReader) -> None:
    adapt(model, spec.adaptation)
    if not spec.gradient_checkpointing:
        return
    if not model.supports_gradient_checkpointing:
        raise InputError(
            message("This model knows no gradient checkpointing."),
            "model.gradient_checkpointing",
            message("Switch it off, and make “Micro-batch” smaller if memory is short."),
        )
    with quiet():  # newer releases call it activation checkpointing, and say so
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
