"""Pretrained encoder-decoders (T5, BART, Marian): loaded to be trained, whole or by LoRA, and restored to go on."""

from __future__ import annotations

from functools import partial
from pathlib import Path

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
from engine.models.adaptation import adapt_everywhere
from engine.models.folders import model_folder
from engine.models.foreign_config import foreign_config
from engine.models.pretrained_loading import loaded, refuse_lacking, restored, save_memory
from engine.models.seq2seq.seq2seq_model import Seq2SeqConfig


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
    model, keys = loaded(AutoModelForSeq2SeqLM, folder, spec.source, config)
    refuse_lacking(keys, spec.source)
    if model.generation_config is not None:
        model.generation_config.max_new_tokens, model.generation_config.max_length = max_new_tokens, None
    _settle(model, spec)
    return model


def restore_pretrained_seq2seq(spec: PretrainedSeq2Seq, checkpoint: Path) -> PreTrainedModel:
    """The model of a checkpoint, as it was when it was saved. Raises InputError."""
    config = read_seq2seq_config(checkpoint, str(checkpoint))
    model = restored(AutoModelForSeq2SeqLM, spec, checkpoint, config, partial(_settle, spec=spec))
    if isinstance(spec.adaptation, LoRA) and (checkpoint / GENERATION_CONFIG_NAME).exists():
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


def _settle(model: PreTrainedModel, spec: PretrainedSeq2Seq) -> None:
    nn.Module.requires_grad_(model, True)
    if isinstance(spec.adaptation, LoRA):
        adapt_everywhere(model, spec.adaptation)
    save_memory(model, spec)
