"""Small language models of every kind on a few sentences, and their tokenizer."""

from __future__ import annotations

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from engine.config.data import BpeTokenizer, CharacterTokenizer, Tokenizer, WordTokenizer
from engine.config.language_models import FromNothing, NGram, RecurrentLanguageModel, TransformerLanguageModel
from engine.data.tokens.tokenizer import train_tokenizer
from engine.models.language_models import (
    LanguageModel,
    NGramLM,
    build_language_model,
    end_token_id,
    unwritten_token_ids,
)
from engine.models.language_models.kneser_ney import kneser_ney
from engine.models.language_models.ngram import stream_of

TEXTS = ["The cat sat on the mat, and the dog (old) slept.", "A dog sat on the cat; the mat slept."] * 5
TOKENIZERS: dict[str, Tokenizer] = {
    "word": WordTokenizer(min_frequency=1),
    "bpe": BpeTokenizer(),
    "character": CharacterTokenizer(),
}
SPECS: dict[str, FromNothing] = {
    "n-gram": NGram(order=3),
    "rnn": RecurrentLanguageModel(embedding_size=12, hidden_size=12, cell="rnn"),
    "lstm": RecurrentLanguageModel(embedding_size=12, hidden_size=16, cell="lstm"),
    "gru": RecurrentLanguageModel(embedding_size=12, hidden_size=12, cell="gru", num_layers=1),
    "transformer": TransformerLanguageModel(hidden_size=16, num_layers=2, num_heads=2, feed_forward_size=24),
}


def small_tokenizer(kind: str = "word") -> PreTrainedTokenizerFast:
    return train_tokenizer(TOKENIZERS[kind], TEXTS, 64)


def small_model(kind: str, tokenizer: PreTrainedTokenizerFast) -> LanguageModel:
    """Seeded; in evaluation mode; the n-gram model has counted the texts."""
    torch.manual_seed(0)
    model = build_language_model(SPECS[kind], tokenizer, 64).eval()
    if isinstance(model, NGramLM):
        end = end_token_id(tokenizer)
        stream = np.array(stream_of([encoded(tokenizer, text) for text in TEXTS], end))
        never = unwritten_token_ids(tokenizer)
        model.fit(kneser_ney(stream, end, model.order, len(tokenizer), never))
    return model


def encoded(tokenizer: PreTrainedTokenizerFast, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids
