"""Tiny pretrained models of many kinds, random but whole: config, safetensors weights and a fast tokenizer."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    AutoConfig,
    AutoModel,
    PreTrainedTokenizerFast,
)

WORDS = ("good", "bad", "the", "a", "film", "plot", "was", "is", "not", "very", "dull", "great", "boring", "warm", "i")
SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
KINDS: dict[str, dict[str, object]] = {
    "bert": {**SMALL, "max_position_embeddings": 40},
    "roberta": {**SMALL, "max_position_embeddings": 42, "pad_token_id": 1, "bos_token_id": 2, "eos_token_id": 3},
    "distilbert": {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 48, "max_position_embeddings": 40},
    "electra": {**SMALL, "embedding_size": 16, "max_position_embeddings": 40},
    "deberta": {**SMALL, "max_position_embeddings": 40, "relative_attention": True, "pos_att_type": ["c2p", "p2c"]},
    "deberta-v2": {**SMALL, "max_position_embeddings": 40, "relative_attention": True, "pos_att_type": ["c2p", "p2c"]},
    "modernbert": {**SMALL, "max_position_embeddings": 40, "cls_token_id": 2, "sep_token_id": 3, "bos_token_id": 2,
                   "eos_token_id": 3},
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 40, "bos_token_id": 2, "eos_token_id": 2},
    "llama": {**SMALL, "max_position_embeddings": 40, "num_key_value_heads": 2, "bos_token_id": 2, "eos_token_id": 3},
}  # fmt: skip
DECODERS = ("gpt2", "llama")


def make_tokenizer(*, is_decoder: bool = False) -> PreTrainedTokenizerFast:
    """Words of a small vocabulary; encoders get [CLS] and [SEP] around a text, decoders have an end token alone."""
    special = ["<unk>", "<pad>", "<s>", "</s>", "<mask>"]
    backend = Tokenizer(
        models.WordLevel({word: place for place, word in enumerate([*special, *WORDS])}, unk_token="<unk>")
    )
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    if is_decoder:
        return PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="</s>", bos_token="<s>", unk_token="<unk>")
    backend.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 2), ("</s>", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        unk_token="<unk>",
        pad_token="<pad>",
        cls_token="<s>",
        sep_token="</s>",
        mask_token="<mask>",
    )


def make_encoder(folder: Path, kind: str = "bert", **changes: object) -> Path:
    """A folder as the hub has it: the encoder alone, without a head."""
    torch.manual_seed(3)
    config = AutoConfig.for_model(kind, **{"vocab_size": 30, "pad_token_id": 1, **KINDS[kind], **changes})
    AutoModel.from_config(config).save_pretrained(folder)
    make_tokenizer(is_decoder=kind in DECODERS).save_pretrained(folder)
    return folder
