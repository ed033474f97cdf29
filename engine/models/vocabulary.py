"""load_tokenizer: the tokenizer that a pretrained model was trained with."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer as Backend
from transformers import AutoTokenizer, PreTrainedConfig, PreTrainedTokenizerFast

from engine.config.pretrained import Pretrained
from engine.errors import InputError
from engine.messages import message
from engine.models.folders import model_folder
from engine.models.foreign_config import FAILURES, foreign_config
from engine.models.pretrained import read_config
from engine.models.quiet_libraries import first_line, quiet
from engine.models.tokenizer_safety import refuse_hostile_tokenizer

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
    sorts = type(spec) is Pretrained  # what else is pretrained is looked at by whoever loads its weights
    config = read_config(folder, spec.source) if sorts else foreign_config(folder, spec.source)
    found = read_tokenizer(folder, config, spec.source)
    limit = int(min(max_length, num_positions(config), found.model_max_length))
    tokenizer = plain_tokenizer(found, limit, spec.source)
    refuse_other_words(tokenizer, config.get_text_config().vocab_size, spec.source)
    return tokenizer


def refuse_other_words(tokenizer: PreTrainedTokenizerFast, num_words: int, source: str) -> None:
    """A token beyond the model's table of words would end the program while it is looked up. Raises InputError."""
    num_tokens = max(len(tokenizer), 1 + max(tokenizer.get_vocab().values(), default=0))
    if num_tokens > num_words:
        raise InputError(
            message("The tokenizer knows {tokens} tokens, the model only {words}.", tokens=num_tokens, words=num_words),
            source,
            message("Choose a folder whose tokenizer and weights belong together."),
        )


def num_positions(config: PreTrainedConfig) -> int:
    """Tokens that a model can read, special ones included; a very large number where it has no limit of its own."""
    limit: int = getattr(config, "max_position_embeddings", None) or 0
    if limit <= 0:
        return 2**31 - 1
    return limit - (config.pad_token_id or 0) - 1 if config.model_type in _COUNTED_FROM_PADDING else limit


def read_tokenizer(folder: Path, config: PreTrainedConfig, source: str) -> PreTrainedTokenizerFast:
    """A folder's tokenizer as transformers reads it for a model of `config`. Raises InputError where it has none, or no
    fast one."""
    refuse_hostile_tokenizer(folder, source)
    try:
        with quiet():
            found = AutoTokenizer.from_pretrained(folder, config=config, use_fast=True, trust_remote_code=False)
    except (*FAILURES, RecursionError) as error:
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
    longest = found.model_max_length
    if not isinstance(longest, int | float) or not longest >= 1:
        raise InputError(
            message("The tokenizer says that a text has at most {length} tokens.", length=str(longest)[:40]),
            source,
            message("Write a number from 1 as model_max_length into tokenizer_config.json, or take it out there."),
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
