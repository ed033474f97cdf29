"""Small random models of every kind, ready to be looked into, and their tokenizers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    DebertaV2Config,
    DebertaV2ForSequenceClassification,
    GPT2Config,
    GPT2ForSequenceClassification,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from engine.config.classifiers import Fusion, LastState, Recurrent, Transformer
from engine.config.data import WordTokenizer
from engine.config.losses import CrossEntropy, Loss, MeanSquaredError
from engine.config.model import Model
from engine.data.tokens.tokenizer import train_tokenizer
from engine.inspection.attribution.attribution_target import Answering, Result
from engine.inspection.subjects.loaded_models import Trained
from engine.models.answering import labels_of
from engine.models.build import build
from engine.models.mechanisms import prepare

TEXT = "The film was not good , but the ending saved it all ."
MAX_LENGTH = 40
WORDS = train_tokenizer(WordTokenizer(min_frequency=1), [TEXT, "a dull bad cast and a nice plot"], MAX_LENGTH)


def without_special_tokens() -> PreTrainedTokenizerFast:
    """As GPT-2's: nothing is put around a text."""
    vocabulary = {word: index for index, word in enumerate(["<end>", "<unk>", *dict.fromkeys(TEXT.split())])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<end>", pad_token="<end>", unk_token="<unk>", model_max_length=MAX_LENGTH
    )


def ready(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, max_length: int = MAX_LENGTH) -> Trained:
    model.eval()
    for weight in model.parameters():
        weight.requires_grad_(False)
    ids = torch.tensor([tokenizer("film")["input_ids"]])
    mechanism = prepare(model, {"input_ids": ids, "attention_mask": torch.ones_like(ids)})
    return Trained(model, tokenizer, labels_of(model), max_length, mechanism)


def own(spec: Model, loss: Loss | None = None, labels: tuple[str, ...] = ("bad", "good")) -> Trained:
    """One of our models."""
    torch.manual_seed(0)
    model = build(
        spec,
        vocabulary_size=len(WORDS),
        num_labels=max(1, len(labels)),
        max_length=MAX_LENGTH,
        pad_token_id=0,
        labels=labels,
        loss=loss or CrossEntropy(),
        class_weights=None,
        special_token_ids=(WORDS.cls_token_id, WORDS.sep_token_id),
    )
    return ready(model, WORDS)


def foreign(make: Any, config: Any, tokenizer: PreTrainedTokenizerFast) -> Trained:
    torch.manual_seed(0)
    model = make(config)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim > 1 and "embed" not in name:
                weight.mul_(5)
    return ready(model, tokenizer)


def _sizes(tokenizer: PreTrainedTokenizerFast) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 24,
        "max_position_embeddings": 64,
        "pad_token_id": tokenizer.pad_token_id,
    }


def bert() -> Trained:
    return foreign(BertForSequenceClassification, BertConfig(**_sizes(WORDS)), WORDS)


def bert_encoder() -> Trained:
    return foreign(BertModel, BertConfig(**_sizes(WORDS)), WORDS)


def deberta() -> Trained:
    config = DebertaV2Config(
        **_sizes(WORDS), relative_attention=True, position_buckets=8, pos_att_type=["p2c", "c2p"], pooler_hidden_size=16
    )
    return foreign(DebertaV2ForSequenceClassification, config, WORDS)


def gpt2(make: Any = GPT2ForSequenceClassification) -> Trained:
    tokenizer = without_special_tokens()
    config = GPT2Config(
        vocab_size=len(tokenizer), n_embd=16, n_layer=2, n_head=2, n_positions=64, pad_token_id=0, eos_token_id=0
    )
    return foreign(make, config, tokenizer)


def gpt2_writer() -> Trained:
    return gpt2(GPT2LMHeadModel)


def llama() -> Trained:
    tokenizer = without_special_tokens()
    return foreign(LlamaForSequenceClassification, LlamaConfig(**_sizes(tokenizer), num_key_value_heads=1), tokenizer)


MAKERS: dict[str, Callable[[], Trained]] = {
    "recurrent": lambda: own(Recurrent(embedding_size=8, hidden_size=6)),
    "transformer": lambda: own(Transformer(hidden_size=8, num_heads=2, num_layers=2, feed_forward_size=8)),
    "fusion": lambda: own(Fusion(embedding_size=8, num_heads=2, num_blocks=2, feed_forward_size=8, hidden_size=6)),
    "number": lambda: own(Recurrent(embedding_size=8, hidden_size=6), MeanSquaredError(), ()),
    "no attention": lambda: own(Recurrent(embedding_size=8, hidden_size=6, pooling=LastState())),
    "bert": bert,
    "deberta": deberta,
    "gpt2": gpt2,
    "gpt2 writer": gpt2_writer,
    "llama": llama,
}
"""Every one of them gives an answer."""

WITH_ATTENTION = [name for name in MAKERS if name != "no attention"]


def result(answering: Answering[Result]) -> Result:
    """Of a generator that nobody stops."""
    while True:
        try:
            next(answering)
        except StopIteration as end:
            found: Result = end.value
            return found
