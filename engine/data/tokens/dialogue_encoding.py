"""encode_dialogues: dialogues as numbers; what is learned are the answers alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from engine.breath import breathe
from engine.config.roles import DIALOGUE
from engine.data.columns.dialogues import answers, tidy, turns_in
from engine.data.tokens.chat_template import Fitted, fitted, rendered
from engine.data.tokens.encoding import ATTENTION_MASK, INPUT_IDS, LABELS, Encoded, Ragged
from engine.records import Turn

IGNORED = -100
"""The label of a token that is read and not learned, as torch's and transformers' losses have it."""
_READ_ROWS = 500


@dataclass(frozen=True)
class Example:
    """`ids` and `labels` are [tokens]; `num_dropped` turns did not fit; `is_cut` tells that even one was too long."""

    ids: NDArray[np.int64]
    labels: NDArray[np.int64]
    num_dropped: int = 0
    is_cut: bool = False


def encode_dialogues(split: Dataset, tokenizer: PreTrainedTokenizerFast, max_length: int) -> Encoded:
    """Examples of a split with the columns row and dialogue (canonical cells). Each answer is learned once: a dialogue
    that is longer than the limit is read up to where it fits, and each later answer with as many turns before it as
    fit, the instructions always. `num_cut` counts the dialogues that lost turns or words so. A dialogue without an
    answer teaches nothing and is no example."""
    limit = min(max_length, tokenizer.model_max_length)
    found: list[Example] = []
    rows: list[int] = []
    num_cut = 0
    for chunk in split.select_columns(["row", DIALOGUE.key]).with_format(None).iter(_READ_ROWS):
        breathe()
        for row, cell in zip(chunk["row"], chunk[DIALOGUE.key], strict=True):
            told = examples_of(tokenizer, tidy(turns_in(cell)), limit)
            found.extend(told)
            rows.extend([row] * len(told))
            num_cut += any(one.num_dropped or one.is_cut for one in told)
    blank = int(tokenizer.pad_token_id)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum([len(one.ids) for one in found], dtype=np.int64)])
    ids = Ragged(_joined([one.ids for one in found]), offsets, blank, ATTENTION_MASK)
    labels = Ragged(_joined([one.labels for one in found]), offsets, IGNORED)
    return Encoded({INPUT_IDS: ids}, {LABELS: labels}, np.array(rows, dtype=np.int64), num_cut, limit)


def examples_of(tokenizer: PreTrainedTokenizerFast, turns: Sequence[Turn], limit: int) -> list[Example]:
    """Of a tidy dialogue; none of one without an answer."""
    places = answers(turns)
    if not places:
        return []
    whole = rendered(tokenizer, turns[: places[-1] + 1])
    if len(whole) <= limit:
        return [Example(whole.ids, _labels(whole.ids, whole.is_answer & np.isin(whole.owner, places)))]
    return list(_pieces(tokenizer, turns, places, limit))


def _pieces(
    tokenizer: PreTrainedTokenizerFast, turns: Sequence[Turn], places: Sequence[int], limit: int
) -> Iterator[Example]:
    num_first = 0
    for count in range(len(places) - 1, 0, -1):
        found = rendered(tokenizer, turns[: places[count - 1] + 1])
        if len(found) <= limit:
            yield Example(found.ids, _labels(found.ids, found.is_answer & np.isin(found.owner, places)))
            num_first = count
            break
    for place in places[num_first:]:
        yield _of_one(fitted(tokenizer, turns[: place + 1], limit), limit)


def _of_one(found: Fitted, limit: int) -> Example:
    """Only the last answer is learned; a still longer one loses its end."""
    ids = found.rendered.ids[:limit]
    is_last = found.rendered.is_answer & (found.rendered.owner == len(found.turns) - 1)
    return Example(ids, _labels(ids, is_last[:limit]), len(found.dropped), found.is_cut)


def _labels(ids: NDArray[np.int64], is_learned: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.where(is_learned, ids, IGNORED)


def _joined(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([*parts, np.empty(0, np.int64)])
