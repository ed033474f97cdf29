"""Case: what the checks look at, counted once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from datasets import Dataset
from numpy.typing import NDArray

from engine.config.data import DataConfig
from engine.config.roles import ROLES
from engine.config.tasks.registry import Task
from engine.data.cleaning.repairs import BROKEN_PATTERN, MARKUP_PATTERN
from engine.data.columns.dialogues import plain_text
from engine.data.splitting.usable_rows import Part
from engine.messages import Message

_READ_ROWS = 5000
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_SIGN = rf"(?:[^\PL{_UNSPACED}]|[\pN\pM_])"
_WORD_PATTERN = rf"[{_UNSPACED}]|{_SIGN}+(?:['’]\pL+)*|[^\s\pL\pN\pM]"
"""RE2's writing of the word tokenizer's pattern: what it counts are that tokenizer's tokens."""


@dataclass(frozen=True)
class TextScan:
    """One entry a row: whether the text holds mark-up or broken characters, how many words and characters it has."""

    has_markup: NDArray[np.bool_]
    is_broken: NDArray[np.bool_]
    num_words: NDArray[np.int32]
    num_characters: NDArray[np.int32]


@dataclass(frozen=True)
class Case:
    """The given splits as they are, before any mend; `left_out` are splits that cannot be measured on, and why."""

    data: DataConfig
    task: Task
    parts: Mapping[str, Part]
    left_out: Mapping[str, Message] = field(default_factory=dict)

    def chosen(self, kind: str) -> str:
        return self.data.mends.get(kind, "keep")

    @cached_property
    def scans(self) -> dict[str, TextScan]:
        return {split: scan(part.dataset, part.given.text_columns) for split, part in self.parts.items()}


def scan(split: Dataset, columns: Sequence[str]) -> TextScan:
    """Of all texts of a row together."""
    parts = []
    for batch in split.select_columns(list(columns)).with_format("arrow").iter(_READ_ROWS):
        found = [_scanned(_said(batch[column], column)) for column in columns]
        markup, broken, words, characters = (np.stack(kind) for kind in zip(*found, strict=True))
        parts.append((markup.any(axis=0), broken.any(axis=0), words.sum(axis=0), characters.sum(axis=0)))
    markup, broken, words, characters = (np.concatenate(kind) for kind in zip(*parts, strict=True))
    return TextScan(markup, broken, words, characters)


def _said(texts: pa.ChunkedArray, role: str) -> pa.ChunkedArray:
    """Of dialogues what is said in them."""
    if role not in ROLES or not ROLES[role].holds_turns:
        return texts
    return pa.chunked_array([pa.array([plain_text(cell) for cell in texts.to_pylist()], pa.string())])


def _scanned(texts: pa.ChunkedArray) -> tuple[NDArray[Any], ...]:
    return (
        _matches(texts, MARKUP_PATTERN, "<", "&"),
        _matches(texts, BROKEN_PATTERN, "\ufffd", "Ã", "Â", "â", "ð", "ï"),
        pc.count_substring_regex(texts, _WORD_PATTERN).to_numpy(),
        pc.utf8_length(texts).to_numpy(),
    )


def _matches(texts: pa.ChunkedArray, pattern: str, *needed: str) -> NDArray[np.bool_]:
    """A plain search for characters that a match needs comes first: it is ten times as fast as the pattern."""
    mask = np.zeros(len(texts), dtype=np.bool_)
    for piece in needed:
        mask |= pc.match_substring(texts, piece).to_numpy()
    places = np.flatnonzero(mask)
    if len(places):
        mask[places] = pc.match_substring_regex(texts.take(pa.array(places)), pattern).to_numpy()
    return mask
