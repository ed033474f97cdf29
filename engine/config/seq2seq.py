"""The models that write one text for another: an encoder reads, a decoder writes word by word."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from engine.config.choice import Choice, setting
from engine.config.classifiers import Cell
from engine.config.pretrained import Adaptation, Pretrained, WholeModel

SourceAttention = Literal["none", "bahdanau", "luong-dot", "luong-general", "luong-concat"]
Window = Literal["global", "monotonic", "predictive"]


class RecurrentSeq2Seq(Choice):
    """An RNN, LSTM or GRU reads, another one writes and looks back at what was read."""

    model_config = ConfigDict(title="Recurrent encoder and decoder")
    name: Literal["recurrent-seq2seq"] = "recurrent-seq2seq"
    cell: Cell = setting(
        "lstm", title="Cell", help="What remembers.", words={"lstm": "LSTM", "gru": "GRU", "rnn": "Plain RNN"}
    )
    embedding_size: int = setting(
        256, ge=1, le=8192, title="Word vectors", help="Numbers that describe a word; reader and writer share them."
    )
    hidden_size: int = setting(256, ge=1, le=8192, title="Hidden size", help="Numbers that the memory holds.")
    num_layers: int = setting(1, ge=1, le=16, title="Layers", help="Recurrent layers above each other, on both sides.")
    bidirectional: bool = setting(
        True, title="Both directions", help="The reader also reads backwards; the writer never can."
    )
    attention: SourceAttention = setting(
        "bahdanau",
        title="Attention",
        help="How the writer finds what to look at: not at all, before each word (Bahdanau 2015), or after it has "
        "taken in the last one (Luong 2015: dot, general, concat).",
        words={
            "none": "None",
            "bahdanau": "Bahdanau (additive)",
            "luong-dot": "Luong, dot",
            "luong-general": "Luong, general",
            "luong-concat": "Luong, concat",
        },
    )
    window: Window = setting(
        "global",
        title="Window",
        help="Look at all that was read, or at a window of it that moves on word by word (monotonic) or to where the "
        "writer expects the next word (predictive; Luong 2015, 3.2).",
        words={
            "global": "Everything",
            "monotonic": "Moves on word by word",
            "predictive": "Moves where it is expected",
        },
    )
    window_size: int = setting(
        5, ge=1, le=512, title="Half of the window", help="Tokens on each side of its middle; only for a window."
    )
    input_feeding: bool = setting(
        False,
        title="Input feeding",
        help="What it saw for the last word goes into the next one as well (Luong 2015, 3.3). Slower to learn.",
    )
    copying: bool = setting(
        False,
        title="Copying",
        help="A word can be taken from the source instead of the vocabulary (pointer-generator, See 2017).",
    )
    coverage: bool = setting(
        False,
        title="Coverage",
        help="It remembers what it has looked at, and looking there again costs something (See 2017): less repetition.",
    )
    coverage_weight: float = setting(
        1.0, ge=0.0, le=100.0, title="Cost of looking twice", help="How much coverage counts beside the words."
    )
    dropout: float = setting(
        0.2, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )

    @model_validator(mode="after")
    def _looks_for_what_needs_it(self) -> RecurrentSeq2Seq:
        needing = {
            "window": self.window != "global",
            "input_feeding": self.input_feeding,
            "copying": self.copying,
            "coverage": self.coverage,
        }
        asked = [name for name, is_on in needing.items() if is_on]
        if self.attention == "none" and asked:
            raise PydanticCustomError(
                "needs_attention", "Without attention there is no {names}: choose an attention", {"names": asked[0]}
            )
        return self


class TransformerSeq2Seq(Choice):
    """A Transformer reads, another one writes and looks at what was read in every layer (Vaswani 2017)."""

    model_config = ConfigDict(title="Transformer encoder and decoder")
    name: Literal["transformer-seq2seq"] = "transformer-seq2seq"
    hidden_size: int = setting(256, ge=4, le=8192, title="Hidden size", help="Numbers that describe a word.")
    num_layers: int = setting(3, ge=1, le=48, title="Layers", help="Blocks above each other, on both sides.")
    num_heads: int = setting(4, ge=1, le=64, title="Heads", help="Attentions side by side.")
    feed_forward_size: int = setting(
        512, ge=1, le=32768, title="Feed-forward size", help="Width of the layer inside each block."
    )
    dropout: float = setting(
        0.1, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )

    @model_validator(mode="after")
    def _heads_share_evenly(self) -> TransformerSeq2Seq:
        if self.hidden_size % (2 * self.num_heads):
            raise PydanticCustomError(
                "heads",
                "The hidden size must be a multiple of twice the heads ({heads})",
                {"heads": self.num_heads},
            )
        return self


class PretrainedSeq2Seq(Pretrained):
    """Goes on from an encoder-decoder that has read much already (T5, BART, Marian); it brings its own tokenizer."""

    model_config = ConfigDict(title="Pretrained encoder and decoder")
    name: Literal["pretrained-seq2seq"] = "pretrained-seq2seq"  # type: ignore[assignment]
    source: str = setting(
        "google-t5/t5-small",
        min_length=1,
        max_length=1000,
        title="Model folder or hub name",
        help="A folder that transformers opens, or a name on the Hugging Face hub. Its own tokenizer is used.",
    )
    prefix: str = setting(
        "",
        max_length=200,
        title="Before every text",
        help="Words that stand before every text, as T5 wants them (“translate German to English: ”).",
    )
    adaptation: Adaptation = setting(WholeModel(), title="What learns", help="How much of the model changes.")


SEQ2SEQ_NAMES = frozenset(("recurrent-seq2seq", "transformer-seq2seq", "pretrained-seq2seq"))
