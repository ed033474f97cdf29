"""Pretrained encoders: which one, and how much of it learns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.config.choice import Choice, setting


class WholeModel(Choice):
    """Every weight learns: the most accurate, and the most memory."""

    model_config = ConfigDict(title="Whole model")
    name: Literal["whole"] = "whole"


class HeadOnly(Choice):
    """The encoder stays as it is; only the answer on top of it is learned. Fast and light."""

    model_config = ConfigDict(title="Head only")
    name: Literal["head"] = "head"


class LastLayers(Choice):
    """The last layers and the head learn; what lies beneath stays as it is."""

    model_config = ConfigDict(title="Last layers")
    name: Literal["last-layers"] = "last-layers"
    num_layers: int = setting(2, ge=1, le=200, title="Layers", help="How many layers learn, counted from the top.")


class LoRA(Choice):
    """Small matrices learn beside the frozen weights of every layer (Hu 2021): light, and nearly as accurate."""

    model_config = ConfigDict(title="LoRA")
    name: Literal["lora"] = "lora"
    rank: int = setting(8, ge=1, le=1024, title="Rank", help="Width of the small matrices: how much they can learn.")
    alpha: float = setting(
        16.0, gt=0.0, le=4096.0, title="Scale (alpha)", help="What they learn counts alpha / rank times."
    )
    dropout: float = setting(
        0.05, ge=0.0, lt=1.0, title="Dropout", help="The share of values hidden at random while training."
    )


Adaptation = Annotated[WholeModel | HeadOnly | LastLayers | LoRA, Field(discriminator="name")]


class Pretrained(Choice):
    """Goes on from an encoder that has read much already; it brings its own tokenizer."""

    model_config = ConfigDict(title="Pretrained encoder")
    name: Literal["pretrained"] = "pretrained"
    source: str = setting(
        "sentence-transformers/all-MiniLM-L6-v2",
        min_length=1,
        max_length=1000,
        title="Model folder or hub name",
        help="A folder that transformers opens, or a name on the Hugging Face hub. Its own tokenizer is used.",
    )
    adaptation: Adaptation = setting(WholeModel(), title="What learns", help="How much of the encoder changes.")
    layer_decay: float = setting(
        1.0,
        gt=0.0,
        le=1.0,
        title="Layer decay",
        help="Each layer's learning rate is that of the layer above times this; 1 is the same rate everywhere.",
    )
    gradient_checkpointing: bool = setting(
        False,
        title="Gradient checkpointing",
        help="Reads every layer twice to keep less in memory: slower, with the same result.",
    )
