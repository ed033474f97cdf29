"""load_tokenizer: the tokenizer that a pretrained model was trained with."""

from __future__ import annotations

import json
from pathlib import Path

from tokenizers import Tokenizer as Backend
from transformers import AutoTokenizer, PreTrainedConfig, PreTrainedTokenizerFast

from engine.config.pretrained import Pretrained
from engine.errors import InputError
from engine.messages import message
from engine.models.folders import model_folder
from engine.models.pretrained import first_line, quiet, read_config

_COUNTED_FROM_PADDING = frozenset(
    ("roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "roberta-prelayernorm", "xmod", "data2vec-text", "ibert",
     "longformer", "luke", "mpnet", "esm")
)  # fmt: skip
"""Model types whose first position has the number after the padding token's."""

_SPECIAL = ("bos", "eos", "unk", "sep", "pad", "cls", "mask")


def load_tokenizer(spec: Pretrained, max_length: int) -> PreTrainedTokenizerFast:
    """The folder's own tokenizer. `model_max_length` is `max_length`, or what the model can read when that is less;
    a tokenizer without padding (GPT-2) pads with its end token. Raises InputError.
    """
    folder = model_folder(spec.source)
    config = read_config(folder, spec.source)
    found = read_tokenizer(folder, spec.source)
    limit = min(max_length, num_positions(config), found.model_max_length)
    tokenizer = plain_tokenizer(found, limit, spec.source)
    num_words: int = config.get_text_config().vocab_size
    if len(tokenizer) > num_words:
        raise InputError(
            message(
                "The tokenizer knows {tokens} tokens, the model only {words}.", tokens=len(tokenizer), words=num_words
            ),
            spec.source,
            message("Choose a folder whose tokenizer and weights belong together."),
        )
    return tokenizer


def num_positions(config: PreTrainedConfig) -> int:
    """Tokens that a model can read, special ones included; a very large number where it has no limit of its own."""
    limit: int = getattr(config, "max_position_embeddings", None) or 0
    if limit <= 0:
        return 2**31 - 1
    return limit - (config.pad_token_id or 0) - 1 if config.model_type in _COUNTED_FROM_PADDING else limit


def read_tokenizer(folder: Path, source: str) -> PreTrainedTokenizerFast:
    """A folder's tokenizer as transformers reads it. Raises InputError where it has none, or no fast one."""
    try:
        if (folder / "tokenizer.json").is_file():
            json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]
        with quiet():
            found = AutoTokenizer.from_pretrained(folder, use_fast=True, trust_remote_code=False)
    except (ValueError, KeyError, TypeError, OSError, ImportError) as error:
        raise InputError(
            message("The model's tokenizer cannot be read: {reason}", reason=first_line(error)),
            source,
            message("Download or save the model anew, with its tokenizer.json."),
        ) from error
    if not isinstance(found, PreTrainedTokenizerFast):
        raise InputError(
            message("The model has no fast tokenizer, and only such a one says where in the text a token stands."),
            source,
            message("Put a tokenizer.json beside config.json, or choose another model."),
        )
    return found


def plain_tokenizer(found: PreTrainedTokenizerFast, max_length: int, source: str) -> PreTrainedTokenizerFast:
    """The same tokenizer as the one class that a checkpoint is read with, whichever family it comes from; one without
    padding (GPT-2) pads with its end token. Raises InputError where there is neither."""
    named = {f"{name}_token": getattr(found, f"{name}_token") for name in _SPECIAL}
    named["pad_token"] = named["pad_token"] or named["eos_token"]
    if named["pad_token"] is None:
        raise InputError(
            message("The tokenizer has neither a padding token nor an end token."),
            source,
            message("Add a pad_token to the tokenizer and save it anew."),
        )
    backend = Backend.from_str(found.backend_tokenizer.to_str())
    backend.no_padding()
    backend.no_truncation()
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        model_max_length=max_length,
        model_input_names=["input_ids", "attention_mask"],
        clean_up_tokenization_spaces=False,
        **{name: token for name, token in named.items() if token is not None},
    )
