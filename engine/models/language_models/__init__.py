"""Language models: every one a transformers `PreTrainedModel` that `generate` takes, and `build_language_model`.

Importing this package makes them known to `AutoConfig` and `AutoModelForCausalLM`.
"""

from __future__ import annotations

from typing import Any

from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

from engine.config.language_models import FromNothing, NGram, RecurrentLanguageModel, TransformerLanguageModel
from engine.models.language_models.decoder import TransformerLM, TransformerLMConfig
from engine.models.language_models.language_model import LanguageModel, LanguageModelConfig, NeuralLanguageModel
from engine.models.language_models.ngram import NGramLM, NGramLMConfig
from engine.models.language_models.recurrent import RecurrentLM, RecurrentLMConfig, RecurrentState

__all__ = [
    "LANGUAGE_MODELS",
    "LanguageModel",
    "LanguageModelConfig",
    "NGramLM",
    "NeuralLanguageModel",
    "RecurrentLM",
    "RecurrentState",
    "TransformerLM",
    "build_language_model",
    "end_token_id",
    "unwritten_token_ids",
]

LANGUAGE_MODELS: dict[str, tuple[type[LanguageModelConfig], type[LanguageModel]]] = {
    "n-gram": (NGramLMConfig, NGramLM),
    "recurrent-lm": (RecurrentLMConfig, RecurrentLM),
    "transformer-lm": (TransformerLMConfig, TransformerLM),
}
"""The config and model class of each spec, by the spec's name."""

for _config, _model in LANGUAGE_MODELS.values():
    AutoConfig.register(_config.model_type, _config, exist_ok=True)
    AutoModelForCausalLM.register(_config, _model, exist_ok=True)


def build_language_model(spec: FromNothing, tokenizer: PreTrainedTokenizerFast, max_length: int) -> LanguageModel:
    """The model of `spec`, initialised from torch's current random state (seed it before). `max_length` are the tokens
    that it will see at once."""
    config_class, model_class = LANGUAGE_MODELS[spec.name]
    end = end_token_id(tokenizer)
    config = config_class(
        vocab_size=len(tokenizer),
        max_position_embeddings=max_length,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=end,
        eos_token_id=end,
        suppressed_token_ids=list(unwritten_token_ids(tokenizer)),
        spec=spec.model_dump(mode="json"),
        **_shape(spec),
    )
    return model_class(config)


def end_token_id(tokenizer: PreTrainedTokenizerFast) -> int:
    """What stands between two texts: the tokenizer's end, else [SEP]."""
    found = tokenizer.eos_token_id if tokenizer.eos_token_id is not None else tokenizer.sep_token_id
    assert found is not None, "a tokenizer of ours has [SEP], a pretrained one an end"
    return int(found)


def unwritten_token_ids(tokenizer: PreTrainedTokenizerFast, num_outputs: int = 0) -> tuple[int, ...]:
    """Special tokens but the end: they stand for no part of a text. An unknown word is one of them: nobody can read
    it. Of a model's `num_outputs` also those that are no token at all: pretrained ones round them up."""
    end = end_token_id(tokenizer)
    named = set(tokenizer.get_vocab().values())
    nameless = {one for one in range(num_outputs) if one not in named}
    return tuple(sorted({int(one) for one in tokenizer.all_special_ids} - {end} | nameless))


def _shape(spec: FromNothing) -> dict[str, Any]:
    """What transformers reads of a model's shape."""
    match spec:
        case NGram():
            return {"tie_word_embeddings": False}
        case RecurrentLanguageModel():
            sizes = {"hidden_size": spec.hidden_size, "num_hidden_layers": spec.num_layers}
            return {**sizes, "tie_word_embeddings": spec.tied}
        case TransformerLanguageModel():
            return {
                "hidden_size": spec.hidden_size,
                "num_hidden_layers": spec.num_layers,
                "num_attention_heads": spec.num_heads,
                "tie_word_embeddings": spec.tied,
            }
