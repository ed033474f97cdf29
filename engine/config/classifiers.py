"""The classifiers that begin with random weights, each with its settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from engine.config.choice import Choice, setting

Activation = Literal["relu", "gelu", "silu", "tanh", "sigmoid"]
Positions = Literal["sinusoidal", "learned", "rotary"]
Cell = Literal["rnn", "lstm", "gru"]
_ACTIVATIONS = {"relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "tanh": "tanh", "sigmoid": "sigmoid"}
_POSITIONS = {"sinusoidal": "Sinusoidal", "learned": "Learned", "rotary": "Rotary"}
_CELLS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}


class LastState(Choice):
    """The state after the last word (and, in two directions, before the first)."""

    model_config = ConfigDict(title="Last state")
    name: Literal["last"] = "last"


class MaxPooling(Choice):
    """The strongest value of each feature over all words."""

    model_config = ConfigDict(title="Maximum")
    name: Literal["max"] = "max"


class MeanPooling(Choice):
    """The mean over all words."""

    model_config = ConfigDict(title="Mean")
    name: Literal["mean"] = "mean"


class AdditiveAttention(Choice):
    """Bahdanau's attention: score = v tanh(W h + U q) (Bahdanau 2015)."""

    model_config = ConfigDict(title="Additive attention (Bahdanau)")
    name: Literal["additive"] = "additive"


class DotAttention(Choice):
    """Luong's dot attention: score = q h (Luong 2015)."""

    model_config = ConfigDict(title="Dot attention (Luong)")
    name: Literal["dot"] = "dot"


class GeneralAttention(Choice):
    """Luong's general attention: score = q W h (Luong 2015)."""

    model_config = ConfigDict(title="General attention (Luong)")
    name: Literal["general"] = "general"


class ConcatAttention(Choice):
    """Luong's concat attention: score = v tanh(W [q; h]) (Luong 2015)."""

    model_config = ConfigDict(title="Concat attention (Luong)")
    name: Literal["concat"] = "concat"


class MultiHeadAttention(Choice):
    """Several scaled dot attentions side by side (Vaswani 2017)."""

    model_config = ConfigDict(title="Multi-head attention")
    name: Literal["multi-head"] = "multi-head"
    num_heads: int = setting(4, ge=1, le=64, title="Heads", help="How many attentions look side by side.")


Pooling = Annotated[
    LastState
    | MaxPooling
    | MeanPooling
    | AdditiveAttention
    | DotAttention
    | GeneralAttention
    | ConcatAttention
    | MultiHeadAttention,
    Field(discriminator="name"),
]


class Recurrent(Choice):
    """Reads word by word (RNN, LSTM, GRU), then sums up what it read."""

    model_config = ConfigDict(title="Recurrent network")
    name: Literal["recurrent"] = "recurrent"
    cell: Cell = setting("lstm", title="Cell", help="What remembers: a plain RNN, an LSTM or a GRU.", words=_CELLS)
    embedding_size: int = setting(128, ge=2, le=4096, title="Word vector", help="Numbers that stand for one token.")
    hidden_size: int = setting(
        96, ge=2, le=4096, title="Memory", help="Numbers that the cell remembers, in each direction."
    )
    num_layers: int = setting(1, ge=1, le=12, title="Layers", help="Recurrent layers on top of each other.")
    bidirectional: bool = setting(True, title="Both directions", help="Also read from the end to the beginning.")
    pooling: Pooling = setting(AdditiveAttention(), title="Summing up", help="How the states of all words become one.")
    dropout: float = setting(
        0.3, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )
    embedding_dropout: float = setting(
        0.1,
        ge=0.0,
        lt=1.0,
        title="Word dropout",
        help="The share of word vectors' features hidden at random while training.",
    )


class Transformer(Choice):
    """Every word looks at every other one, layer by layer (Vaswani 2017)."""

    model_config = ConfigDict(title="Transformer")
    name: Literal["transformer"] = "transformer"
    hidden_size: int = setting(128, ge=4, le=4096, title="Width", help="Numbers that stand for one token.")
    num_layers: int = setting(2, ge=1, le=48, title="Layers", help="Transformer blocks on top of each other.")
    num_heads: int = setting(
        4, ge=1, le=64, title="Heads", help="Attentions side by side in each layer; they divide the width."
    )
    feed_forward_size: int = setting(
        256, ge=4, le=16384, title="Feed-forward", help="Width of the layer after attention."
    )
    activation: Activation = setting(
        "gelu", title="Activation", help="The curve between the layers.", words=_ACTIVATIONS
    )
    positions: Positions = setting(
        "learned", title="Positions", help="How the order of words is told.", words=_POSITIONS
    )
    norm: Literal["pre", "post"] = setting(
        "pre",
        title="Normalization",
        help="Before each part (steadier) or after it (as in 2017).",
        words={"pre": "Before", "post": "After"},
    )
    pooling: Literal["first", "mean", "max", "last"] = setting(
        "mean",
        title="Summing up",
        help="Which tokens the answer is read from.",
        words={"first": "First token", "mean": "Mean", "max": "Maximum", "last": "Last token"},
    )
    causal: bool = setting(
        False, title="Looks back only", help="Each word looks only at itself and at words before it."
    )
    dropout: float = setting(
        0.1, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )

    @model_validator(mode="after")
    def _heads_divide(self) -> Transformer:
        check_heads(self.hidden_size, self.num_heads, self.positions)
        return self


class Fusion(Choice):
    """Positions, then a Transformer block, then a recurrent network with attention."""

    model_config = ConfigDict(title="Fusion")
    name: Literal["fusion"] = "fusion"
    embedding_size: int = setting(128, ge=4, le=4096, title="Width", help="Numbers that stand for one token.")
    num_heads: int = setting(
        8, ge=1, le=64, title="Heads", help="Attentions side by side in the block; they divide the width."
    )
    num_blocks: int = setting(1, ge=1, le=12, title="Transformer blocks", help="Blocks before the recurrent network.")
    feed_forward_size: int = setting(
        256, ge=4, le=16384, title="Feed-forward", help="Width of the layer after attention."
    )
    activation: Activation = setting(
        "gelu", title="Activation", help="The curve between the layers.", words=_ACTIVATIONS
    )
    positions: Positions = setting(
        "sinusoidal", title="Positions", help="How the order of words is told.", words=_POSITIONS
    )
    cell: Cell = setting("lstm", title="Cell", help="What remembers: a plain RNN, an LSTM or a GRU.", words=_CELLS)
    hidden_size: int = setting(256, ge=2, le=4096, title="Memory", help="Numbers that the recurrent network remembers.")
    bidirectional: bool = setting(False, title="Both directions", help="Also read from the end to the beginning.")
    pooling: Pooling = setting(AdditiveAttention(), title="Summing up", help="How the states of all words become one.")
    dropout: float = setting(
        0.2, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )

    @model_validator(mode="after")
    def _heads_divide(self) -> Fusion:
        check_heads(self.embedding_size, self.num_heads, self.positions)
        return self


class Convolutional(Choice):
    """Looks for short runs of words that say something, wherever they stand (Kim 2014)."""

    model_config = ConfigDict(title="Convolutional network")
    name: Literal["convolutional"] = "convolutional"
    embedding_size: int = setting(128, ge=2, le=4096, title="Word vector", help="Numbers that stand for one token.")
    widths: tuple[int, ...] = setting(
        (2, 3, 4), min_length=1, max_length=8, title="Widths", help="How many words one filter sees at once."
    )
    num_filters: int = setting(64, ge=1, le=4096, title="Filters", help="Filters of each width.")
    dropout: float = setting(
        0.3, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )

    @field_validator("widths")
    @classmethod
    def _widths_fit(cls, widths: tuple[int, ...]) -> tuple[int, ...]:
        if not all(1 <= width <= 32 for width in widths):
            raise PydanticCustomError("filter_width", "a filter sees 1 to 32 words")
        return widths


def check_heads(width: int, num_heads: int, positions: str) -> None:
    if width % num_heads:
        raise PydanticCustomError(
            "heads_divide_width",
            "the number of heads ({num_heads}) must divide the width ({width})",
            {"num_heads": num_heads, "width": width},
        )
    if positions == "rotary" and (width // num_heads) % 2:
        raise PydanticCustomError(
            "rotary_needs_even_width",
            "rotary positions need an even width a head, not {width}",
            {"width": width // num_heads},
        )


FromScratch = Annotated[Recurrent | Transformer | Fusion | Convolutional, Field(discriminator="name")]
"""The classifiers that begin with random weights."""
