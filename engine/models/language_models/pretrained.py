"""A pretrained language model of transformers, to be trained further: whole, its last layers, or with LoRA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import MODEL_FOR_CAUSAL_LM_MAPPING, AutoModelForCausalLM, PreTrainedConfig, PreTrainedModel

from engine.config.language_models import PretrainedCausal
from engine.config.pretrained import LoRA
from engine.errors import InputError
from engine.messages import message
from engine.models.adaptation import adapt, load_adapter
from engine.models.folders import model_folder
from engine.models.foreign_config import FAILURES, foreign_config
from engine.models.quiet_libraries import first_line, quiet
from engine.models.size_limits import refuse_disproportionate, refuse_unread_layers
from engine.models.stored_weights import stored_weights


def load_causal(spec: PretrainedCausal) -> PreTrainedModel:
    """The model of `spec` in float32, its weights in memory of their own, frozen as `spec.adaptation` says. LoRA's
    matrices are drawn from torch's random state (seed it before). Raises InputError."""
    model = _loaded(model_folder(spec.source), spec.source)
    _settle(model, spec)
    return model


def restore_causal(spec: PretrainedCausal, checkpoint: Path) -> PreTrainedModel:
    """The model of a checkpoint, ready to go on learning. Raises InputError."""
    is_whole_in_folder = not isinstance(spec.adaptation, LoRA)
    folder = checkpoint if is_whole_in_folder else model_folder(spec.source)
    model = _loaded(folder, str(folder))
    _settle(model, spec)
    if not is_whole_in_folder:
        load_adapter(model, checkpoint)
    return model


def _causal_config(folder: Path, source: str) -> PreTrainedConfig:
    """No code of the folder is run. Raises InputError."""
    config = foreign_config(folder, source)
    if config.is_encoder_decoder or type(config) not in MODEL_FOR_CAUSAL_LM_MAPPING:
        raise InputError(
            message("A model of the kind “{kind}” does not write on.", kind=config.model_type),
            source,
            message("Choose a decoder such as GPT-2, Llama or Qwen."),
        )
    return config


def _loaded(folder: Path, source: str) -> PreTrainedModel:
    config = _causal_config(folder, source)
    refuse_disproportionate(AutoModelForCausalLM, config, stored_weights(folder, source), source)
    try:
        with quiet():
            loaded: Any = AutoModelForCausalLM.from_pretrained(
                folder,
                config=config,
                dtype=torch.float32,
                use_safetensors=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
    except (*FAILURES, SafetensorError) as error:
        raise InputError(
            message("The model's weights cannot be read: {reason}", reason=first_line(error)),
            source,
            message("Download or save the model anew."),
        ) from error
    model, keys = loaded
    lacking = sorted(key if isinstance(key, str) else key[0] for key in (*keys["missing_keys"],))
    if lacking:
        raise InputError(
            message(
                "The folder lacks {count:plural:weight:weights} of its model, such as {name}.",
                count=len(lacking),
                name=lacking[0],
            ),
            source,
            message("Download or save the model anew."),
        )
    refuse_unread_layers(keys["unexpected_keys"], source)
    for weight in model.parameters():
        weight.data = weight.data.clone()
    found: PreTrainedModel = model
    return found


def _settle(model: PreTrainedModel, spec: PretrainedCausal) -> None:
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
