"""Material: a run's texts made ready for a model: split, tokenized, numbered."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from transformers import PreTrainedTokenizerFast

from engine.breath import breathe
from engine.config.counting import WordCounting
from engine.config.data import AutoTokenizer, BpeTokenizer, WordTokenizer
from engine.config.pretrained import Pretrained
from engine.config.roles import ROLES
from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of
from engine.data.columns.dialogues import plain_text
from engine.data.splitting.splits import Splits
from engine.data.tokens.chat_template import with_chat_template
from engine.data.tokens.encoding import Encoded, joined
from engine.data.tokens.tokenizer import train_tokenizer, train_writing_tokenizer
from engine.models.vocabulary import load_tokenizer
from engine.tasks.counting import counting_tokenizer
from engine.tasks.fingerprint import fingerprint_of

_MOST_PIECES = 8000


@dataclass(frozen=True)
class Material:
    """`encoded` by split ("train", "validation", "test"); `splits` still hold the texts themselves. `unlabelled` are
    further texts to learn from without labels."""

    splits: Splits
    tokenizer: PreTrainedTokenizerFast
    encoded: dict[str, Encoded]
    unlabelled: Encoded | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        return self.splits.labels

    @property
    def learned(self) -> dict[str, Encoded]:
        """The streams that a task can read: "train", "unlabelled", and "pretraining", which is both."""
        train = self.encoded["train"]
        if self.unlabelled is None:
            return {"train": train, "pretraining": train}
        return {"train": train, "unlabelled": self.unlabelled, "pretraining": joined(train, self.unlabelled)}

    @cached_property
    def token_sum(self) -> int:
        """Of the training tokens alone: all that runs of older versions know of their data."""
        return zlib.crc32(self.encoded["train"].tokens.values.tobytes())

    def fingerprint(self) -> dict[str, Any]:
        """Changes with anything that is learned from, or measured by: a resume must see the same data."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> dict[str, Any]:
        rows, encoded = dict(self.splits.splits), dict(self.encoded)
        if self.splits.unlabelled is not None and self.unlabelled is not None:
            rows["unlabelled"], encoded["unlabelled"] = self.splits.unlabelled, self.unlabelled
        return fingerprint_of(rows, encoded, self.labels, self.splits.positive_label)


def make_tokenizer(config: RunConfig, splits: Splits) -> PreTrainedTokenizerFast:
    """Learned from the training texts; a pretrained encoder brings its own. Raises InputError."""
    data = config.data
    if isinstance(config.model, WordCounting):
        return counting_tokenizer(config, config.model, splits)
    has_turns = any(ROLES[column].holds_turns for column in type_of(config.task).text_columns)
    if isinstance(config.model, Pretrained):
        brought = load_tokenizer(config.model, data.max_length)
        return with_chat_template(brought, is_learned_here=False) if has_turns else brought
    spec = data.tokenizer
    if has_turns and isinstance(spec, AutoTokenizer):
        spec = BpeTokenizer(vocabulary_size=min(spec.vocabulary_size, _MOST_PIECES))  # it writes as people do
    if type_of(config.task).knows_every_word and isinstance(spec, AutoTokenizer):
        spec = WordTokenizer(vocabulary_size=spec.vocabulary_size, min_frequency=1)  # a rare word is better than none
    texts = _texts(splits, type_of(config.task).text_columns)
    if type_of(config.task).writes and isinstance(spec, AutoTokenizer):
        learned = train_writing_tokenizer(spec.vocabulary_size, texts, data.max_length)
    else:
        learned = train_tokenizer(spec, texts, data.max_length)
    return with_chat_template(learned, is_learned_here=True) if has_turns else learned


def _texts(splits: Splits, columns: Sequence[str]) -> Iterator[str]:
    for chunk in splits.splits["train"].select_columns(list(columns)).iter(1000):
        breathe()
        for column in columns:
            yield from map(plain_text, chunk[column]) if ROLES[column].holds_turns else chunk[column]
