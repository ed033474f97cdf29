"""Batches of token ids, bucketed by length: an endless, deterministic stream to train on, one pass to measure."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from datasets import Dataset, List
from numpy.typing import NDArray
from transformers import BatchEncoding, PreTrainedTokenizerFast

from engine.breath import breathe
from engine.data.sources.cache import another_place, cache_folder
from engine.messages import Message, message
from engine.runs.files import disk_errors

_READ_ROWS = 1000
_POOL_BATCHES = 50
_MAX_BYTES_IN_MEMORY = 256 * 2**20


@dataclass(frozen=True)
class Encoded:
    """A split as token ids. Text `i` is `values[offsets[i]:offsets[i + 1]]`, special tokens included.

    `labels` are label ids (int64), float32 numbers, or of several labels a text float32 [texts, labels], 1 where it has
    the label; `rows` are the row numbers of the source, from 1. `values`
    lie in a file (memory-mapped) when they are many. `num_cut` texts are longer than `limit` tokens and end there.
    """

    values: NDArray[Any]
    offsets: NDArray[np.int64]
    labels: NDArray[Any]
    rows: NDArray[np.int64]
    pad_token_id: int
    num_cut: int = 0
    limit: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens a text."""
        return np.diff(self.offsets)


@dataclass(frozen=True)
class Batch:
    """`input_ids` and `attention_mask` are [batch, longest text]; `labels` [batch], long or float32, or of several
    labels a text [batch, labels], 1 or 0; `rows` name the texts. `padding_share` is the share of the tokens that only
    fill up. `unlabelled` are texts without labels that were drawn beside these, for a task or an adversary that reads
    them."""

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    labels: torch.Tensor
    rows: NDArray[np.int64]
    padding_share: float
    unlabelled: Batch | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def to(self, device: torch.device | str) -> Batch:
        return replace(
            self,
            input_ids=self.input_ids.to(device, non_blocking=True),
            attention_mask=self.attention_mask.to(device, non_blocking=True),
            labels=self.labels.to(device, non_blocking=True),
            unlabelled=None if self.unlabelled is None else self.unlabelled.to(device),
        )


def encode(split: Dataset, tokenizer: PreTrainedTokenizerFast, labels: tuple[str, ...], max_length: int) -> Encoded:
    """Turn the split's texts into token ids of at most `max_length` (and at most what the tokenizer's model reads), and
    labels into their place in `labels`, lists of them into ones among zeros (unknown ones are left out). A text without
    any token is one padding token: a model must read something.

    Without `labels` the split's label column holds numbers; a split without that column gets zeros. Reads in chunks.
    Raises RunFailure on a full disk.
    """
    ids_of = {label: index for index, label in enumerate(labels)}
    values = _TokenIds(np.uint16 if len(tokenizer) <= 2**16 else np.int32)
    limit = min(max_length, tokenizer.model_max_length)
    blank = [int(tokenizer.pad_token_id)]
    lengths: list[int] = []
    answers: list[Any] = []
    rows: list[int] = []
    num_cut = 0
    for chunk in _chunks(split):
        breathe()
        texts = tokenizer(chunk["text"], truncation=True, max_length=limit, return_attention_mask=False)
        num_cut += _num_cut(texts, limit)
        lengths.extend(values.extend(ids or blank for ids in texts["input_ids"]))
        answers.extend(_answers(chunk, ids_of))
        rows.extend(chunk["row"])
    return Encoded(
        values=values.finished(),
        offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)]),
        labels=_targets(split, answers, ids_of),
        rows=np.array(rows, dtype=np.int64),
        pad_token_id=blank[0],
        num_cut=num_cut,
        limit=limit,
    )


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


class BucketedBatches:
    """An endless stream of shuffled batches whose texts are of similar length. Each epoch holds every row once.

    Batch `index` is a pure function of (rows, batch_size, seed, index): training is resumed by the index alone.
    An epoch's rows are shuffled, cut into pools of 50 batches, sorted by length within the pool and cut into batches,
    which are shuffled again. The last, smaller batch is kept.
    """

    def __init__(self, encoded: Encoded, batch_size: int, seed: int) -> None:
        assert len(encoded) > 0 and batch_size > 0
        self._encoded = encoded
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = -1
        self._batches: list[NDArray[np.int64]] = []

    @property
    def batches_per_epoch(self) -> int:
        return -(-len(self._encoded) // self._batch_size)

    def at(self, index: int) -> Batch:
        """Batch number `index` (from 0) of the stream."""
        epoch, place = divmod(index, self.batches_per_epoch)
        if epoch != self._epoch:
            self._batches = self._order(epoch)
            self._epoch = epoch
        return collate(self._encoded, self._batches[place])

    def _order(self, epoch: int) -> list[NDArray[np.int64]]:
        generator = np.random.default_rng([self._seed, epoch])
        shuffled = generator.permutation(len(self._encoded))
        lengths = self._encoded.lengths
        pool_size = self._batch_size * _POOL_BATCHES
        batches: list[NDArray[np.int64]] = []
        for start in range(0, len(shuffled), pool_size):
            pool = shuffled[start : start + pool_size]
            pool = pool[np.argsort(lengths[pool], kind="stable")]
            batches.extend(pool[first : first + self._batch_size] for first in range(0, len(pool), self._batch_size))
        return [batches[place] for place in generator.permutation(len(batches))]


def joined(first: Encoded, second: Encoded) -> Encoded:
    """Both, one after the other; what the labels say is lost."""
    return Encoded(
        values=np.concatenate([first.values, second.values]),
        offsets=np.concatenate([first.offsets, first.offsets[-1] + second.offsets[1:]]),
        labels=np.zeros(len(first) + len(second), dtype=np.int64),
        rows=np.concatenate([first.rows, second.rows]),
        pad_token_id=first.pad_token_id,
    )


def without_token(encoded: Encoded, token_id: int) -> Encoded:
    """Only the texts in which a token does not occur."""
    held = np.add.reduceat(encoded.values == token_id, encoded.offsets[:-1], dtype=np.int64) > 0
    lengths = encoded.lengths
    return replace(
        encoded,
        values=encoded.values[np.repeat(~held, lengths)],
        offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths[~held])]),
        labels=encoded.labels[~held],
        rows=encoded.rows[~held],
    )


def in_order(encoded: Encoded, batch_size: int) -> Iterator[Batch]:
    """Every row once, longest texts first (a lack of memory shows at once); `Batch.rows` says which they are."""
    by_length = np.argsort(-encoded.lengths, kind="stable")
    for start in range(0, len(by_length), batch_size):
        yield collate(encoded, by_length[start : start + batch_size])


def collate(encoded: Encoded, indices: NDArray[np.int64]) -> Batch:
    """The texts at `indices` (places in `encoded`, not row numbers) as one padded batch."""
    starts, ends = encoded.offsets[indices], encoded.offsets[indices + 1]
    lengths = ends - starts
    longest = int(lengths.max())
    input_ids = np.full((len(indices), longest), encoded.pad_token_id, dtype=np.int64)
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        input_ids[place, : end - start] = encoded.values[start:end]
    mask = np.arange(longest) < lengths[:, None]
    return Batch(
        input_ids=torch.from_numpy(input_ids),
        attention_mask=torch.from_numpy(mask.astype(np.int64)),
        labels=torch.from_numpy(encoded.labels[indices]),
        rows=encoded.rows[indices],
        padding_share=1.0 - float(lengths.sum()) / input_ids.size,
    )


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


def _answers(chunk: dict[str, list[Any]], ids_of: dict[str, int]) -> list[Any]:
    if "label" not in chunk:
        return [0] * len(chunk["row"])
    if not ids_of or (chunk["label"] and isinstance(chunk["label"][0], list)):
        return chunk["label"]
    return [ids_of[label] for label in chunk["label"]]


def _targets(split: Dataset, answers: list[Any], ids_of: dict[str, int]) -> NDArray[Any]:
    if "label" not in split.column_names or not isinstance(split.features["label"], List):
        return np.array(answers, dtype=np.float32 if "label" in split.column_names and not ids_of else np.int64)
    found = np.zeros((len(answers), len(ids_of)), dtype=np.float32)
    for row, named in enumerate(answers):
        found[row, [ids_of[label] for label in named if label in ids_of]] = 1
    return found


def _chunks(split: Dataset) -> Iterator[dict[str, list[Any]]]:
    columns = split.select_columns([name for name in ("text", "label", "row") if name in split.column_names])
    columns = columns.with_format(None)
    yield from columns.iter(_READ_ROWS)
