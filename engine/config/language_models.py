"""The language models: what tells how likely each next token is, from those before it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from engine.config.choice import Choice, setting
from engine.config.classifiers import Cell, check_heads
from engine.config.pretrained import Adaptation, LoRA, Pretrained

_CELLS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}


class NGram(Choice):
    """Counts which token follows which last few, in one turn (modified Kneser-Ney smoothing, Chen & Goodman 1999)."""

    model_config = ConfigDict(title="n-gram")
    name: Literal["n-gram"] = "n-gram"
    order: int = setting(
        5, ge=1, le=5, title="Order", help="Tokens that are counted together: the next one and those before it."
    )


class RecurrentLanguageModel(Choice):
    """Reads token by token and keeps what it read in its state, which it carries from chunk to chunk."""

    model_config = ConfigDict(title="Recurrent")
    name: Literal["recurrent-lm"] = "recurrent-lm"
    cell: Cell = setting("lstm", title="Cell", help="What remembers.", words=_CELLS)
    embedding_size: int = setting(256, ge=2, le=4096, title="Word vector", help="Numbers that stand for one token.")
    hidden_size: int = setting(256, ge=2, le=4096, title="Memory", help="Numbers that each layer remembers.")
    num_layers: int = setting(2, ge=1, le=8, title="Layers", help="Cells on top of each other.")
    dropout: float = setting(
        0.3,
        ge=0.0,
        lt=1.0,
        title="Dropout",
        help="The share of features hidden while training, the same ones at every token (variational dropout).",
    )
    tied: bool = setting(
        True,
        title="Shared word vectors",
        help="What is read and what is said have the same vectors (tied weights): fewer numbers, better results.",
    )


class TransformerLanguageModel(Choice):
    """Every token looks at itself and at all before it, in several heads that know distances (rotary positions)."""

    model_config = ConfigDict(title="Transformer")
    name: Literal["transformer-lm"] = "transformer-lm"
    hidden_size: int = setting(192, ge=4, le=4096, title="Width", help="Numbers that stand for one token.")
    num_layers: int = setting(4, ge=1, le=48, title="Layers", help="Transformer blocks on top of each other.")
    num_heads: int = setting(
        6, ge=1, le=64, title="Heads", help="Attentions side by side in each layer; they divide the width."
    )
    feed_forward_size: int = setting(
        768, ge=4, le=16384, title="Feed-forward", help="Width of the layer after attention."
    )
    dropout: float = setting(
        0.1, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )
    tied: bool = setting(
        True,
        title="Shared word vectors",
        help="What is read and what is said have the same vectors (tied weights): fewer numbers, better results.",
    )

    @model_validator(mode="after")
    def _heads_divide(self) -> TransformerLanguageModel:
        check_heads(self.hidden_size, self.num_heads, "rotary")
        return self


class PretrainedCausal(Pretrained):
    """Goes on from a language model that has read much already, such as GPT-2; it brings its own tokenizer."""

    model_config = ConfigDict(title="Pretrained language model")
    name: Literal["pretrained-causal"] = "pretrained-causal"  # type: ignore[assignment]
    source: str = setting(
        "distilbert/distilgpt2",
        min_length=1,
        max_length=1000,
        title="Model folder or hub name",
        help="A folder that transformers opens, or a name on the Hugging Face hub. Its own tokenizer is used.",
    )
    adaptation: Adaptation = setting(LoRA(), title="What learns", help="How much of the model changes.")


LanguageModel = NGram | RecurrentLanguageModel | TransformerLanguageModel | PretrainedCausal
"""The models that write."""

FromNothing = Annotated[NGram | RecurrentLanguageModel | TransformerLanguageModel, Field(discriminator="name")]
"""Those that begin with nothing learned."""
