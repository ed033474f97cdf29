"""Random models of many architectures, small enough to be made in a test, and folders that hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.data import WordTokenizer
from engine.data.tokens.tokenizer import train_tokenizer

TEXTS = [
    "the film was not good but the ending saved it all",
    "a dull cast in a dull town",
    "nobody will forget this evening",
    "I never saw a better ending, not in years!",
] * 3
TOKENIZER = train_tokenizer(WordTokenizer(min_frequency=1), TEXTS, 64)
NUM_WORDS = len(TOKENIZER)

_LAYERS = {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 24}
_BERT = {**_LAYERS, "max_position_embeddings": 64}
CONFIGS: dict[str, tuple[str, dict[str, Any]]] = {
    "bert": ("Bert", _BERT),
    "roberta": ("Roberta", {**_BERT, "max_position_embeddings": 66}),
    "distilbert": ("DistilBert", {"dim": 16, "n_layers": 3, "n_heads": 4, "hidden_dim": 24}),
    "electra": ("Electra", {**_BERT, "embedding_size": 12}),
    "modernbert": ("ModernBert", {**_BERT, "local_attention": 8, "global_attn_every_n_layers": 2}),
    "gpt2": ("GPT2", {"n_embd": 16, "n_layer": 3, "n_head": 4, "n_positions": 64}),
    "llama": ("Llama", {**_BERT, "num_key_value_heads": 2}),
    "deberta": ("Deberta", {**_BERT, "relative_attention": True, "pos_att_type": ["c2p", "p2c"], "type_vocab_size": 0}),
    "deberta-v2": (
        "DebertaV2",
        {**_BERT, "relative_attention": True, "pos_att_type": ["c2p", "p2c"], "position_buckets": 8},
    ),
    "xlnet": ("XLNet", {"d_model": 16, "n_layer": 3, "n_head": 4, "d_inner": 24}),
    "fnet": ("FNet", {**_LAYERS, "max_position_embeddings": 64}),
}
"""By name: the class's stem and what makes it small."""

INTERFACE = ("bert", "roberta", "distilbert", "electra", "modernbert", "gpt2", "llama")
HOOKS = ("deberta", "deberta-v2")
CAUSAL = ("gpt2", "llama")


def tiny(name: str, head: str = "ForSequenceClassification", **changes: Any) -> PreTrainedModel:
    """A seeded random model in evaluation mode; its weights are large enough for heads to differ."""
    stem, small = CONFIGS[name]
    num_labels = changes.pop("num_labels", 2)
    words = {"vocab_size": NUM_WORDS, "pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3}
    config = getattr(transformers, f"{stem}Config")(**(words | small | changes))
    config.num_labels = num_labels
    torch.manual_seed(0)
    model: PreTrainedModel = getattr(transformers, f"{stem}{head}")(config)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim == 2:
                weight.normal_(0, 0.3)
    return model.eval()


def folder_of(model: PreTrainedModel, folder: Path, tokenizer: PreTrainedTokenizerFast | None = TOKENIZER) -> Path:
    """The model as others save it, with its tokenizer."""
    model.save_pretrained(folder)
    if tokenizer is not None:
        tokenizer.save_pretrained(folder)
    return folder


def ids(*lengths: int, seed: int = 1) -> dict[str, torch.Tensor]:
    """A padded batch of random tokens, padded on the right."""
    torch.manual_seed(seed)
    longest = max(lengths)
    mask = (torch.arange(longest) < torch.tensor(lengths)[:, None]).long()
    tokens = torch.randint(5, NUM_WORDS, (len(lengths), longest)) * mask
    return {"input_ids": tokens, "attention_mask": mask}
