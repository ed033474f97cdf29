"""A pretrained language model of transformers, to be trained further: whole, its last layers, or with LoRA."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from transformers import MODEL_FOR_CAUSAL_LM_MAPPING, AutoModelForCausalLM, PreTrainedConfig, PreTrainedModel

from engine.config.language_models import PretrainedCausal
from engine.errors import InputError
from engine.messages import message
from engine.models.adaptation import adapt
from engine.models.folders import model_folder
from engine.models.foreign_config import foreign_config
from engine.models.pretrained_loading import loaded, refuse_lacking, restored, save_memory
from engine.models.size_limits import refuse_unread_layers


def load_causal(spec: PretrainedCausal) -> PreTrainedModel:
    """The model of `spec` in float32, its weights in memory of their own, frozen as `spec.adaptation` says. LoRA's
    matrices are drawn from torch's random state (seed it before). Raises InputError."""
    folder = model_folder(spec.source)
    model, keys = loaded(AutoModelForCausalLM, folder, spec.source, _causal_config(folder, spec.source))
    refuse_lacking(keys, spec.source)
    refuse_unread_layers(keys["unexpected_keys"], spec.source)
    _settle(model, spec)
    return model


def restore_causal(spec: PretrainedCausal, checkpoint: Path) -> PreTrainedModel:
    """The model of a checkpoint, ready to go on learning. Raises InputError."""
    config = _causal_config(checkpoint, str(checkpoint))
    return restored(AutoModelForCausalLM, spec, checkpoint, config, partial(_settle, spec=spec))


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


def _settle(model: PreTrainedModel, spec: PretrainedCausal) -> None:
    adapt(model, spec.adaptation)
    save_memory(model, spec)
