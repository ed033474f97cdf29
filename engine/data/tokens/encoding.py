"""Encoded: a split as numbers, with named inputs and targets; what is made of it, and texts turned into token ids."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from transformers import BatchEncoding, PreTrainedTokenizerFast

from engine.breath import breathe
from engine.data.sources.cache import another_place, cache_folder
from engine.messages import Message, message
from engine.runs.files import disk_errors
from engine.targets import Target

INPUT_IDS, ATTENTION_MASK, LABELS = "input_ids", "attention_mask", "labels"
"""Names of fields, as transformers has them."""

_READ_ROWS = 1000
_MAX_BYTES_IN_MEMORY = 256 * 2**20
_COUNTED_AT_ONCE = 2**24


@dataclass(frozen=True)
class Ragged:
    """Rows of different lengths, one after the other: row `i` is `values[offsets[i]:offsets[i + 1]]`.

    In a batch they are [rows, longest], filled up with `filler`; which places are real is told under the name `mask`
    (an input of the model), if it has one.
    """

    values: NDArray[Any]
    offsets: NDArray[np.int64]
    filler: int = 0
    mask: str = ""

    @property
    def lengths(self) -> NDArray[np.int64]:
        """[rows]"""
        return np.diff(self.offsets)

    def padded(self, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """(values, which of them are real), both [places, longest]."""
        starts, ends = self.offsets[places], self.offsets[places + 1]
        lengths = ends - starts
        found = np.full((len(places), int(lengths.max())), self.filler, dtype=np.int64)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
            found[place, : end - start] = self.values[start:end]
        return found, np.arange(found.shape[1]) < lengths[:, None]

    def kept(self, keep: NDArray[np.bool_]) -> Ragged:
        """Only the rows of `keep` [rows]."""
        lengths = self.lengths
        return replace(self, values=self.values[np.repeat(keep, lengths)], offsets=_offsets(lengths[keep]))


Field = Ragged | NDArray[Any]
"""What each example has of one thing: as many values as it needs, or an array [examples, …]."""


@dataclass(frozen=True)
class Encoded:
    """A split as numbers. `inputs` are named as the model's `forward` takes them, "input_ids" among them (special
    tokens included); `targets` are what is to be learned, "labels" as a loss takes them: ids (int64), float32 numbers,
    or of several labels float32 [examples, labels], 1 or 0. Texts to learn from without labels have none.

    `rows` are the row numbers of the source, from 1; long texts may be several examples of one row. Token ids lie in a
    file (memory-mapped) when they are many. `num_cut` texts are longer than `limit` tokens and end there.
    `follows_on`: each example goes on where the one before it ends, and is to be read after it.
    """

    inputs: Mapping[str, Field]
    targets: Mapping[str, Field]
    rows: NDArray[np.int64]
    num_cut: int = 0
    limit: int = 0
    follows_on: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def tokens(self) -> Ragged:
        """The token ids of what is read."""
        found = self.inputs[INPUT_IDS]
        assert isinstance(found, Ragged)
        return found

    @property
    def lengths(self) -> NDArray[np.int64]:
        """[examples]: tokens."""
        return self.tokens.lengths

    @property
    def labels(self) -> NDArray[Any]:
        """[examples] or [examples, labels]; KeyError where there are none."""
        found = self.targets[LABELS]
        assert isinstance(found, np.ndarray)
        return found


def encode(
    split: Dataset,
    tokenizer: PreTrainedTokenizerFast,
    max_length: int,
    target: Target | None = None,
    labels: Sequence[str] = (),
) -> Encoded:
    """Turn the split's texts into token ids of at most `max_length` (and at most what the tokenizer's model reads), and
    its labels into what the `target` makes of them. A text without any token is one padding token: a model must read
    something. Without a target there is nothing to learn. Reads in chunks. Raises RunFailure on a full disk.
    """
    values = _TokenIds(np.uint16 if len(tokenizer) <= 2**16 else np.int32)
    limit = min(max_length, tokenizer.model_max_length)
    blank = [int(tokenizer.pad_token_id)]
    lengths: list[int] = []
    truths: list[NDArray[Any]] = []
    rows: list[int] = []
    num_cut = 0
    for chunk in _chunks(split, ["text", "row", *(["label"] if target else [])]):
        breathe()
        texts = tokenizer(chunk["text"], truncation=True, max_length=limit, return_attention_mask=False)
        num_cut += _num_cut(texts, limit)
        lengths.extend(values.extend(ids or blank for ids in texts["input_ids"]))
        if target is not None:
            truths.append(target.encode(chunk["label"], labels))
        rows.extend(chunk["row"])
    tokens = Ragged(values.finished(), _offsets(np.array(lengths, dtype=np.int64)), blank[0], ATTENTION_MASK)
    targets = {} if target is None else {LABELS: _for_loss([target.encode([], labels), *truths])}
    return Encoded({INPUT_IDS: tokens}, targets, np.array(rows, dtype=np.int64), num_cut, limit)


def _for_loss(truths: list[NDArray[Any]]) -> NDArray[Any]:
    """Ids as they are; numbers, and labels that a text has or has not, as float32."""
    found = np.concatenate(truths)
    return found if found.dtype == np.int64 else found.astype(np.float32)


def _offsets(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def _num_cut(texts: BatchEncoding, limit: int) -> int:
    """How many texts had more tokens than the limit: the tokenizer keeps what it cut off."""
    return sum(len(one.ids) == limit and bool(one.overflowing) for one in texts.encodings or ())


def cut_note(encoded: Encoded) -> Message | None:
    """How many texts were cut, in words; None when all are whole."""
    if not encoded.num_cut:
        return None
    return message(
        "{count:plural:text is:texts are} longer than {limit} tokens and cut there (“Longest text”).",
        count=encoded.num_cut,
        limit=encoded.limit,
    )


def joined(first: Encoded, second: Encoded) -> Encoded:
    """What is read of both, one after the other; what was to be learned is lost."""
    one, other = first.tokens, second.tokens
    tokens = replace(
        one,
        values=np.concatenate([one.values, other.values]),
        offsets=np.concatenate([one.offsets, one.offsets[-1] + other.offsets[1:]]),
    )
    return Encoded({INPUT_IDS: tokens}, {}, np.concatenate([first.rows, second.rows]))


def without_token(encoded: Encoded, token_id: int) -> Encoded:
    """Only the examples in which a token does not occur."""
    tokens = encoded.tokens
    keep = np.add.reduceat(tokens.values == token_id, tokens.offsets[:-1], dtype=np.int64) == 0
    fields = [
        {name: field.kept(keep) if isinstance(field, Ragged) else field[keep] for name, field in fields.items()}
        for fields in (encoded.inputs, encoded.targets)
    ]
    return replace(encoded, inputs=fields[0], targets=fields[1], rows=encoded.rows[keep])


def token_frequencies(encoded: Encoded, vocabulary_size: int) -> torch.Tensor:
    """[vocabulary] shares of all tokens of a split, float32, which sum to 1. Padding is none of them."""
    counts = np.zeros(vocabulary_size, dtype=np.int64)
    for start in range(0, len(encoded.tokens.values), _COUNTED_AT_ONCE):
        counts += np.bincount(encoded.tokens.values[start : start + _COUNTED_AT_ONCE], minlength=vocabulary_size)
    counts[encoded.tokens.filler] = 0
    return torch.from_numpy(counts / max(1, counts.sum())).float()


class _TokenIds:
    """Token ids one after the other; beyond 256 MiB they go to a nameless file."""

    def __init__(self, dtype: type[np.unsignedinteger[Any] | np.signedinteger[Any]]) -> None:
        self._dtype = dtype
        self._parts: list[NDArray[Any]] = []
        self._num_bytes = 0
        self._file: Any = None

    def extend(self, texts: Iterable[list[int]]) -> list[int]:
        """Returns the texts' lengths."""
        arrays = [np.asarray(text, dtype=self._dtype) for text in texts]
        self._parts.extend(arrays)
        self._num_bytes += sum(array.nbytes for array in arrays)
        if self._num_bytes > _MAX_BYTES_IN_MEMORY:
            self._spill()
        return [len(array) for array in arrays]

    def finished(self) -> NDArray[Any]:
        if self._file is None:
            return np.concatenate([*self._parts, np.empty(0, self._dtype)])
        self._spill()
        with self._file:  # the map keeps the nameless file alive
            return np.memmap(self._file, dtype=self._dtype, mode="r")

    def _spill(self) -> None:
        folder = cache_folder()
        with disk_errors(folder, another_place()):
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by finished()
            self._file.write(np.concatenate([*self._parts, np.empty(0, self._dtype)]).tobytes())
            self._file.flush()
        self._parts, self._num_bytes = [], 0


def _chunks(split: Dataset, columns: list[str]) -> Iterator[dict[str, list[Any]]]:
    yield from split.select_columns(columns).with_format(None).iter(_READ_ROWS)
