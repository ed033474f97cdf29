"""Material: a run's texts made ready for a model: split, tokenized, numbered."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass

from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.pretrained import Pretrained
from engine.config.run import RunConfig
from engine.data.batches import Encoded, encode
from engine.data.splits import Splits
from engine.data.tokenizer import train_tokenizer
from engine.models.build import build
from engine.models.pretrained import load_pretrained
from engine.models.vocabulary import load_tokenizer


@dataclass(frozen=True)
class Material:
    """`encoded` by split ("train", "validation", "test"); `splits` still hold the texts themselves."""

    splits: Splits
    tokenizer: PreTrainedTokenizerFast
    encoded: dict[str, Encoded]

    @property
    def labels(self) -> tuple[str, ...]:
        return self.splits.labels

    def fingerprint(self) -> int:
        """Changes when the training tokens change: a resume must see the same data."""
        return zlib.crc32(self.encoded["train"].values.tobytes())


def make_material(config: RunConfig, splits: Splits, tokenizer: PreTrainedTokenizerFast) -> Material:
    encoded = {
        name: encode(split, tokenizer, splits.labels, config.data.max_length) for name, split in splits.splits.items()
    }
    return Material(splits, tokenizer, encoded)


def make_tokenizer(config: RunConfig, splits: Splits) -> PreTrainedTokenizerFast:
    """Learned from the training texts; a pretrained encoder brings its own. Raises InputError."""
    data = config.data
    if isinstance(config.model, Pretrained):
        return load_tokenizer(config.model, data.max_length)
    texts = (text for chunk in splits.splits["train"].select_columns(["text"]).iter(1000) for text in chunk["text"])
    return train_tokenizer(data.tokenizer, texts, data.max_length)


def make_model(config: RunConfig, splits: Splits, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    """A model for the labels of `splits` before its first step; class weights are measured on the training rows."""
    if isinstance(config.model, Pretrained):
        return load_pretrained(
            config.model,
            labels=splits.labels,
            loss=config.task.loss,
            class_weights=_class_weights(config, splits),
            pad_token_id=tokenizer.pad_token_id,
        )
    return build(
        config.model,
        vocabulary_size=len(tokenizer),
        num_labels=max(1, len(splits.labels)),
        max_length=config.data.max_length,
        pad_token_id=tokenizer.pad_token_id,
        labels=splits.labels,
        loss=config.task.loss,
        class_weights=_class_weights(config, splits),
        special_token_ids=(tokenizer.cls_token_id, tokenizer.sep_token_id),
    )


def _class_weights(config: RunConfig, splits: Splits) -> tuple[float, ...] | None:
    """Balanced: rows / (labels x rows of the label), as scikit-learn does it; None for equal weights."""
    if getattr(config.task.loss, "class_weights", "none") != "balanced":
        return None
    counts = Counter(splits.splits["train"]["label"])
    total = sum(counts.values())
    return tuple(total / (len(splits.labels) * max(1, counts[label])) for label in splits.labels)
