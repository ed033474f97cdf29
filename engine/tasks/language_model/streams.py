"""Texts as one stream: an end, then every text with an end behind it, cut into chunks of what a model sees at once.

N tokens of the stream, C tokens of a chunk.
"""

from __future__ import annotations

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from engine.breath import breathe
from engine.config.language_models import RecurrentLanguageModel
from engine.config.run import RunConfig
from engine.data.tokens.encoding import ATTENTION_MASK, INPUT_IDS, LABELS, Encoded, Ragged
from engine.models.language_models import end_token_id

Ints = NDArray[np.int64]
NO_TRUTH = -100
_AT_ONCE = 1000


def stream_of_rows(rows: Dataset, tokenizer: PreTrainedTokenizerFast) -> tuple[Ints, Ints]:
    """(the stream [N], tokens of each row [rows], its end included); the first end belongs to none."""
    end = end_token_id(tokenizer)
    tokens: list[Ints] = [np.array([end], dtype=np.int64)]
    lengths: list[int] = []
    for chunk in rows.select_columns(["text"]).with_format(None).iter(_AT_ONCE):
        breathe()
        read = tokenizer(chunk["text"], add_special_tokens=False, truncation=False, verbose=False)
        for ids in read["input_ids"]:
            tokens.append(np.array([*ids, end], dtype=np.int64))
            lengths.append(len(ids) + 1)
    return np.concatenate(tokens), np.array(lengths, dtype=np.int64)


def encoded_stream(
    config: RunConfig, split: Dataset, tokenizer: PreTrainedTokenizerFast, labels: tuple[str, ...]
) -> Encoded:
    """The rows of a split as chunks of `data.max_length` tokens (at most what a pretrained model reads), each with the
    tokens that come next; in order where the model carries a state from one to the next."""
    del labels
    stream, lengths = stream_of_rows(split, tokenizer)
    numbers = np.array(split["row"], dtype=np.int64)
    owners = np.concatenate([numbers[:1], np.repeat(numbers, lengths)])
    size = min(config.data.max_length, tokenizer.model_max_length)
    return chunked(stream, owners, size, int(tokenizer.pad_token_id), follows_on=carries_state(config))


def carries_state(config: RunConfig) -> bool:
    """Whether the model goes on with what it remembers of the chunk before."""
    return isinstance(config.model, RecurrentLanguageModel)


def chunked(stream: Ints, owners: Ints, size: int, padding: int, *, follows_on: bool) -> Encoded:
    """Chunks of a stream: tokens k C to (k + 1) C - 1, and the tokens one further, which they shall tell. `owners` [N]
    are the numbers of the rows that the tokens stand in; a chunk has that of its first one."""
    num = max(1, len(stream) - 1)
    offsets = np.append(np.arange(0, num, size), num).astype(np.int64)
    told = stream[1:] if len(stream) > 1 else np.array([NO_TRUTH], dtype=np.int64)
    tokens = Ragged(stream[:num], offsets, padding, ATTENTION_MASK)
    return Encoded(
        {INPUT_IDS: tokens},
        {LABELS: Ragged(told, offsets, NO_TRUTH)},
        owners[offsets[:-1]],
        limit=size,
        follows_on=follows_on,
    )


def stream_in(encoded: Encoded) -> Ints:
    """The stream [N] that was cut into chunks."""
    told = encoded.targets[LABELS]
    assert isinstance(told, Ragged)
    last = told.values[-1:]
    return np.concatenate([encoded.tokens.values, last[last != NO_TRUTH]]).astype(np.int64)


def num_characters(texts: list[str]) -> int:
    """Characters of texts; the end of each counts as one, as a line's does."""
    return sum(len(text) + 1 for text in texts)
