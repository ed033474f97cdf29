"""Windows: questions with their passages as token ids, a passage too long for one reading in overlapping pieces.

[CLS] question [SEP] piece of the passage [SEP]; pieces of a passage share `stride` tokens. A question takes at most a
third of the room; what is beyond is cut off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from engine.breath import breathe
from engine.data.columns.answer_cells import Answer, answers_of, located
from engine.data.tokens.encoding import ATTENTION_MASK, INPUT_IDS, Encoded, Field, Ragged

TOKEN_TYPES, PASSAGE, BEGINS, ENDS = "token_type_ids", "passage", "start_positions", "end_positions"
"""Fields of examples: 1 in what follows the question; 1 where a token is a piece of the passage; the tokens at which
the answer begins and ends, 0 where the window holds none."""

_READ_ROWS = 500
_QUESTION_SHARE = 3


@dataclass(frozen=True)
class Window:
    """`offsets` [tokens, 2]: the characters of the passage (of the question, before it) that each token stands for."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    sides: tuple[int | None, ...]
    offsets: NDArray[np.int64]

    @property
    def passage(self) -> NDArray[np.bool_]:
        """[tokens]: which of them are pieces of the passage."""
        return np.array([side == 1 for side in self.sides], dtype=np.bool_) & (self.offsets[:, 0] < self.offsets[:, 1])

    @property
    def question(self) -> NDArray[np.bool_]:
        """[tokens]: which of them are pieces of the question."""
        return np.array([side == 0 for side in self.sides], dtype=np.bool_) & (self.offsets[:, 0] < self.offsets[:, 1])

    def tokens_of(self, answer: Answer) -> tuple[int, int]:
        """The first and the last token of an answer that lies wholly in this window; (0, 0) for any other."""
        assert answer.start is not None
        end = answer.start + len(answer.text.rstrip())
        start = answer.start + len(answer.text) - len(answer.text.lstrip())
        places = np.flatnonzero(self.passage)
        if not len(places):
            return 0, 0
        begins, ends = self.offsets[places, 0], self.offsets[places, 1]
        within = (ends > start) & (begins < end)
        chosen = places[within]
        whole = len(chosen) and self.offsets[chosen[0], 0] <= start and self.offsets[chosen[-1], 1] >= end
        return (int(chosen[0]), int(chosen[-1])) if whole else (0, 0)


def windows_of(
    tokenizer: PreTrainedTokenizerFast, questions: Sequence[str], contexts: Sequence[str], max_length: int, stride: int
) -> list[list[Window]]:
    """The windows of every row, at least one each."""
    limit = int(min(max_length, tokenizer.model_max_length))
    room = limit // _QUESTION_SHARE
    asked = [_shortened(tokenizer, question, room) for question in questions]
    found: list[list[Window]] = [[] for _ in asked]
    batch = tokenizer(
        asked,
        list(contexts),
        truncation="only_second",
        max_length=limit,
        stride=max(0, min(stride, room)),
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    for place, row in enumerate(batch["overflow_to_sample_mapping"]):
        one = batch.encodings[place]
        offsets = np.array(one.offsets, dtype=np.int64).reshape(-1, 2)
        found[row].append(Window(tuple(one.ids), tuple(one.type_ids), tuple(one.sequence_ids), offsets))
    return found


def _shortened(tokenizer: PreTrainedTokenizerFast, question: str, room: int) -> str:
    one = tokenizer(question, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    offsets = one["offset_mapping"]
    return question if len(offsets) <= room else question[: offsets[room - 1][1]]


def encode_questions(split: Dataset, tokenizer: PreTrainedTokenizerFast, max_length: int, stride: int) -> Encoded:
    """The rows as examples, a window each. What is to be learned is the first right answer of a row, or the first token
    where the window does not hold it. Rows whose answers do not stand in their passage teach nothing and are left
    out."""
    ids: list[int] = []
    types: list[int] = []
    passage: list[int] = []
    lengths: list[int] = []
    begins: list[int] = []
    ends: list[int] = []
    rows: list[int] = []
    num_cut = 0
    for chunk in chunks_of(split):
        breathe()
        found = windows_of(tokenizer, chunk["question"], chunk["context"], max_length, stride)
        for row, context, cell, windows in zip(chunk["row"], chunk["context"], chunk["answer"], found, strict=True):
            wanted = answers_of(cell)
            right = located(context, wanted).answers
            if wanted and not right:
                continue
            num_cut += len(windows) > 1
            for window in windows:
                begin, end = window.tokens_of(right[0]) if right else (0, 0)
                ids.extend(window.ids)
                types.extend(window.types)
                passage.extend(window.passage.astype(np.int64).tolist())
                lengths.append(len(window.ids))
                begins.append(begin)
                ends.append(end)
                rows.append(row)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(lengths, dtype=np.int64))])
    dtype = np.uint16 if len(tokenizer) <= 2**16 else np.int32
    filler = int(tokenizer.pad_token_id)
    inputs: dict[str, Field] = {
        INPUT_IDS: Ragged(np.array(ids, dtype=dtype), offsets, filler, ATTENTION_MASK),
        TOKEN_TYPES: Ragged(np.array(types, dtype=np.uint8), offsets),
    }
    targets: dict[str, Field] = {
        PASSAGE: Ragged(np.array(passage, dtype=np.uint8), offsets),
        BEGINS: np.array(begins, dtype=np.int64),
        ENDS: np.array(ends, dtype=np.int64),
    }
    return Encoded(inputs, targets, np.array(rows, dtype=np.int64))


def chunks_of(split: Dataset, size: int = _READ_ROWS) -> Iterator[dict[str, list[Any]]]:
    """The columns that are read, and the answers, some rows at a time."""
    columns = [name for name in ("row", "question", "context", "answer") if name in split.column_names]
    yield from split.select_columns(columns).with_format(None).iter(size)
