"""A run's language model: new, pretrained, or as a checkpoint left it."""

from __future__ import annotations

from pathlib import Path

from transformers import AutoModelForCausalLM, PreTrainedModel, PreTrainedTokenizerFast

from engine.config.language_models import NGram, PretrainedCausal, RecurrentLanguageModel, TransformerLanguageModel
from engine.config.run import RunConfig
from engine.models.checkpoint_model import checkpoint_model
from engine.models.language_models import build_language_model
from engine.models.language_models.pretrained import load_causal, restore_causal


def make_model(config: RunConfig, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    """Fresh weights, from torch's current random state, or those of a pretrained folder. Raises InputError."""
    spec = config.model
    if isinstance(spec, PretrainedCausal):
        return load_causal(spec)
    assert isinstance(spec, NGram | RecurrentLanguageModel | TransformerLanguageModel)
    return build_language_model(spec, tokenizer, config.data.max_length)


def saved_model(config: RunConfig, checkpoint: Path) -> PreTrainedModel:
    """From a verified checkpoint of the run. Raises InputError."""
    if isinstance(config.model, PretrainedCausal):
        return restore_causal(config.model, checkpoint)
    return checkpoint_model(AutoModelForCausalLM, checkpoint)
