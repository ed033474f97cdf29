"""load_foreign: a model and its tokenizer from a folder or the hub, whatever its head, to look into."""

from __future__ import annotations

from typing import Any

import torch
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from engine.errors import InputError
from engine.messages import message


def load_foreign(source: str) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A classifier with its head, a language model with its own, anything else as a bare encoder; float32, safetensors
    only, no code of the folder is run. Raises InputError that says what is missing."""
    try:
        config = AutoConfig.from_pretrained(source, trust_remote_code=False)
        model = _class_for(config).from_pretrained(
            source, config=config, dtype=torch.float32, use_safetensors=True, trust_remote_code=False
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise InputError(
            message("The model cannot be opened: {reason}", reason=str(error).splitlines()[0][:300]),
            source,
            message("Choose a folder with config.json and model.safetensors, or a name that the hub knows."),
        ) from error
    return model, _tokenizer(source, model)


def _class_for(config: Any) -> Any:
    architecture = (config.architectures or [""])[0]
    if architecture.endswith("ForSequenceClassification"):
        return AutoModelForSequenceClassification
    if architecture.endswith(("ForCausalLM", "LMHeadModel")):
        return AutoModelForCausalLM
    return AutoModel


def _tokenizer(source: str, model: PreTrainedModel) -> PreTrainedTokenizerFast:
    """A model that knows no padding (GPT-2) is padded by its end token, which is masked anyway."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=False)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise _no_tokenizer(source) from error
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise _no_tokenizer(source)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    if model.config.pad_token_id is None:
        model.config.pad_token_id = tokenizer.pad_token_id
    return tokenizer


def _no_tokenizer(source: str) -> InputError:
    return InputError(
        message("The model's tokenizer is missing."),
        source,
        message("Put tokenizer.json (and tokenizer_config.json) of the same model into the folder."),
    )
