"""The two models of a text GAN: a generator that writes, a discriminator that tells invented texts from real ones."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from engine.config.choice import Choice, setting
from engine.config.classifiers import FromScratch, Positions, Recurrent, check_heads

_POSITIONS = {"sinusoidal": "Sinusoidal", "learned": "Learned", "rotary": "Rotary"}


class AttentionLSTM(Choice):
    """An LSTM that looks back, at each word, at all that it has written (Bahdanau 2015 on its own states)."""

    model_config = ConfigDict(title="LSTM with attention")
    name: Literal["attention-lstm"] = "attention-lstm"
    embedding_size: int = setting(128, ge=2, le=4096, title="Word vector", help="Numbers that stand for one token.")
    hidden_size: int = setting(128, ge=2, le=4096, title="Memory", help="Numbers that the cell remembers.")
    attention: Literal["additive", "dot", "general", "concat"] = setting(
        "additive",
        title="Attention",
        help="How it chooses what to look back at.",
        words={
            "additive": "Additive (Bahdanau)",
            "dot": "Dot (Luong)",
            "general": "General (Luong)",
            "concat": "Concat (Luong)",
        },
    )
    dropout: float = setting(
        0.1, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )


class WritingTransformer(Choice):
    """Every word looks at all words before it, in several heads that know positions (Vaswani 2017)."""

    model_config = ConfigDict(title="Position-aware Transformer")
    name: Literal["transformer"] = "transformer"
    hidden_size: int = setting(128, ge=4, le=4096, title="Width", help="Numbers that stand for one token.")
    num_layers: int = setting(2, ge=1, le=48, title="Layers", help="Transformer blocks on top of each other.")
    num_heads: int = setting(
        4, ge=1, le=64, title="Heads", help="Attentions side by side in each layer; they divide the width."
    )
    feed_forward_size: int = setting(
        256, ge=4, le=16384, title="Feed-forward", help="Width of the layer after attention."
    )
    positions: Positions = setting(
        "learned", title="Positions", help="How the order of words is told.", words=_POSITIONS
    )
    dropout: float = setting(
        0.1, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )

    @model_validator(mode="after")
    def _heads_divide(self) -> WritingTransformer:
        check_heads(self.hidden_size, self.num_heads, self.positions)
        return self


class RelationalMemory(Choice):
    """A memory of several slots that attend to each other and to the newest word (Santoro 2018, RelGAN)."""

    model_config = ConfigDict(title="Relational memory")
    name: Literal["relational-memory"] = "relational-memory"
    embedding_size: int = setting(64, ge=2, le=4096, title="Word vector", help="Numbers that stand for one token.")
    num_slots: int = setting(1, ge=1, le=16, title="Slots", help="Places of the memory.")
    num_heads: int = setting(2, ge=1, le=64, title="Heads", help="Attentions side by side.")
    head_size: int = setting(128, ge=2, le=1024, title="Size of a head", help="Numbers in each slot of each head.")


Generator = Annotated[AttentionLSTM | WritingTransformer | RelationalMemory, Field(discriminator="name")]


class TextGanPair(Choice):
    """One model writes, another one judges."""

    model_config = ConfigDict(title="Writer and critic")
    name: Literal["text-gan"] = "text-gan"
    generator: Generator = setting(AttentionLSTM(), title="Writer", help="The model that invents texts (generator).")
    discriminator: FromScratch = setting(
        Recurrent(), title="Critic", help="The model that tells invented texts from real ones (discriminator)."
    )
