"""Pretrained encoder-decoders (T5, BART, Marian): loaded to be trained, whole or by LoRA, and restored to go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import nn
from transformers import (
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING,
    AutoModelForSeq2SeqLM,
    GenerationConfig,
    PreTrainedConfig,
    PreTrainedModel,
)
from transformers.utils import GENERATION_CONFIG_NAME

from engine.config.pretrained import LoRA
from engine.config.seq2seq import PretrainedSeq2Seq
from engine.errors import InputError
from engine.messages import message
from engine.models.adaptation import adapt_everywhere, load_adapter
from engine.models.folders import model_folder
from engine.models.foreign_config import FAILURES, foreign_config
from engine.models.quiet_libraries import first_line, quiet
from engine.models.seq2seq.seq2seq_model import Seq2SeqConfig
from engine.models.size_limits import refuse_disproportionate
from engine.models.stored_weights import stored_weights


def load_pretrained_seq2seq(spec: PretrainedSeq2Seq, *, max_new_tokens: int) -> PreTrainedModel:
    """The model of `spec` in float32, its weights in memory of their own. Raises InputError for a folder that holds
    none."""
    folder = model_folder(spec.source)
    config = read_seq2seq_config(folder, spec.source)
    if isinstance(config, Seq2SeqConfig):
        raise InputError(
            message("This folder holds a model that was trained here from scratch, not a pretrained one."),
            spec.source,
            message("Choose a model such as T5, BART or Marian."),
        )
    model, keys = _loaded(folder, spec.source, config)
    if gone := sorted(map(str, keys["missing_keys"])):
        raise InputError(
            message("The folder lacks {count:plural:weight:weights}, such as {name}.", count=len(gone), name=gone[0]),
            spec.source,
            message("Download or save the model anew."),
        )
    if model.generation_config is not None:
        model.generation_config.max_new_tokens, model.generation_config.max_length = max_new_tokens, None
    return _settled(model, spec)


def restore_pretrained_seq2seq(spec: PretrainedSeq2Seq, checkpoint: Path) -> PreTrainedModel:
    """The model of a checkpoint, as it was when it was saved. Raises InputError."""
    config = read_seq2seq_config(checkpoint, str(checkpoint))
    is_whole = not isinstance(spec.adaptation, LoRA)
    folder = checkpoint if is_whole else model_folder(spec.source)
    model, _ = _loaded(folder, str(folder), config)
    model = _settled(model, spec)
    if not is_whole:
        load_adapter(model, checkpoint)
        if (checkpoint / GENERATION_CONFIG_NAME).exists():
            model.generation_config = GenerationConfig.from_pretrained(checkpoint)
    return model


def read_seq2seq_config(folder: Path, source: str) -> PreTrainedConfig:
    """The config of a folder whose model writes one text for another. No code of the folder is run. Raises
    InputError."""
    config = foreign_config(folder, source)
    if not config.is_encoder_decoder or type(config) not in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING:
        raise InputError(
            message("A model of the kind “{kind}” cannot write one text for another.", kind=config.model_type),
            source,
            message("Choose a model such as T5, BART or Marian."),
        )
    return config


def _loaded(folder: Path, source: str, config: PreTrainedConfig) -> tuple[PreTrainedModel, dict[str, Any]]:
    refuse_disproportionate(AutoModelForSeq2SeqLM, config, stored_weights(folder, source), source)
    try:
        with quiet():
            model, keys = AutoModelForSeq2SeqLM.from_pretrained(
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
    for weight in model.parameters():
        weight.data = weight.data.clone()
    return model, keys


def _settled(model: PreTrainedModel, spec: PretrainedSeq2Seq) -> PreTrainedModel:
    nn.Module.requires_grad_(model, True)
    if isinstance(spec.adaptation, LoRA):
        adapt_everywhere(model, spec.adaptation)
    if spec.gradient_checkpointing:
        if not model.supports_gradient_checkpointing:
            raise InputError(
                message("This model knows no gradient checkpointing."),
                "model.gradient_checkpointing",
                message("Switch it off, and make “Micro-batch” smaller if memory is short."),
            )
        with quiet():
            model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    return model
