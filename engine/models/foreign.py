"""load_foreign: a model and its tokenizer from a folder or the hub, whatever its head, to look into."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import (
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from engine.errors import InputError
from engine.messages import message
from engine.models.answering import model_kind
from engine.models.classifier import ClassifierConfig
from engine.models.folders import model_folder
from engine.models.foreign_config import FAILURES, foreign_config
from engine.models.quiet_libraries import first_line, quiet
from engine.models.size_limits import misfit_of, refuse_disproportionate, refuse_unread_layers
from engine.models.stored_weights import stored_weights
from engine.models.vocabulary import num_positions, plain_tokenizer, read_tokenizer, refuse_other_words


def load_foreign(source: str) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A classifier with its head, a language model with its own, anything else as a bare encoder; float32, safetensors
    only: nothing is unpickled and no code of the folder is run. The tokenizer's `model_max_length` is what the model
    can read. Raises InputError that says what is missing."""
    folder = model_folder(source)
    config = foreign_config(folder, source)
    kind, stored = _class_for(config), stored_weights(folder, source)
    without_memory = refuse_disproportionate(kind, config, stored, source)
    try:
        with quiet():
            model, about = kind.from_pretrained(
                folder,
                config=config,
                dtype=torch.float32,
                use_safetensors=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
    except (*FAILURES, SafetensorError) as error:
        if misfit := misfit_of(without_memory, stored):
            raise _misfit(misfit, source) from error
        raise InputError(
            message("The model cannot be opened: {reason}", reason=first_line(error)),
            source,
            message("Choose a folder with config.json and model.safetensors; one of them may be damaged."),
        ) from error
    _refuse_incomplete(source, model, about["missing_keys"])
    refuse_unread_layers(about["unexpected_keys"], source)
    found = read_tokenizer(folder, config, source)
    refuse_other_words(found, int(model.get_input_embeddings().weight.shape[0]), source)
    longest = int(min(num_positions(model.config.get_text_config()), found.model_max_length))
    tokenizer = plain_tokenizer(found, longest, source)
    if model.config.pad_token_id is None:
        model.config.pad_token_id = tokenizer.pad_token_id
    _refuse_mute(source, model, tokenizer)
    return model, tokenizer


def _misfit(found: str, source: str) -> InputError:
    return InputError(
        message("The stored weights have other sizes than config.json says: {found}.", found=found),
        source,
        message("Choose a folder whose config.json and weights belong together."),
    )


def _refuse_incomplete(source: str, model: PreTrainedModel, missing: Iterable[str]) -> None:
    """Weights that were not stored are random now: what such a model says would be invented. An encoder's pooler has no
    part in its attention, and many are stored without."""
    lacking = sorted(name for name in missing if model_kind(model) != "encoder" or "pooler" not in name)
    if lacking:
        raise InputError(
            message("The stored weights are not complete: {names} are missing.", names=lacking[:5]),
            source,
            message("Get the whole model; an encoder without a head has another “architectures” in its config.json."),
        )


def _refuse_mute(source: str, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> None:
    """A model that cannot read a text alone: it wants pictures, or a text to write on."""
    input_ids = torch.tensor([tokenizer("a")["input_ids"] or [0]])
    try:
        with torch.inference_mode():
            model.eval()(input_ids=input_ids, attention_mask=torch.ones_like(input_ids))
    except FAILURES as error:
        raise InputError(
            message("The model cannot read a text alone: {reason}", reason=first_line(error)),
            source,
            message("Choose a model that reads texts (BERT, GPT-2, ...), with its own tokenizer."),
        ) from error


def _class_for(config: Any) -> Any:
    named = config.architectures
    architecture = str(named[0]) if isinstance(named, list) and named else ""
    if architecture.endswith("ForSequenceClassification") or isinstance(config, ClassifierConfig):
        return AutoModelForSequenceClassification
    if architecture.endswith(("ForCausalLM", "LMHeadModel")):
        return AutoModelForCausalLM
    return AutoModel
