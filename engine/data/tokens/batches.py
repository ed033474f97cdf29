"""Batches of token ids, bucketed by length: an endless, deterministic stream to train on, one pass to measure."""

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
_POOL_BATCHES = 50
_MAX_BYTES_IN_MEMORY = 256 * 2**20


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
    """

    inputs: Mapping[str, Field]
    targets: Mapping[str, Field]
    rows: NDArray[np.int64]
    num_cut: int = 0
    limit: int = 0

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


@dataclass(frozen=True)
class Batch:
    """`inputs` is what the model's `forward` takes, `targets` what it shall learn, both by name and [batch, …]; `rows`
    name the texts. `padding_share` is the share of the tokens that only fill up. `unlabelled` are texts without labels
    that were drawn beside these, for a task or an adversary that reads them."""

    inputs: Mapping[str, torch.Tensor]
    targets: Mapping[str, torch.Tensor]
    rows: NDArray[np.int64]
    padding_share: float = 0.0
    unlabelled: Batch | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def input_ids(self) -> torch.Tensor:
        """[batch, longest text]"""
        return self.inputs[INPUT_IDS]

    @property
    def attention_mask(self) -> torch.Tensor:
        """[batch, longest text]: 1 for a token, 0 for what fills up."""
        return self.inputs[ATTENTION_MASK]

    @property
    def labels(self) -> torch.Tensor:
        """[batch], long or float32, or of several labels a text [batch, labels], 1 or 0."""
        return self.targets[LABELS]

    def to(self, device: torch.device | str) -> Batch:
        return replace(
            self,
            inputs=_placed(self.inputs, device),
            targets=_placed(self.targets, device),
            unlabelled=None if self.unlabelled is None else self.unlabelled.to(device),
        )


def _placed(fields: Mapping[str, torch.Tensor], device: torch.device | str) -> dict[str, torch.Tensor]:
    return {name: tensor.to(device, non_blocking=True) for name, tensor in fields.items()}


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


def in_order(encoded: Encoded, batch_size: int) -> Iterator[Batch]:
    """Every row once, longest texts first (a lack of memory shows at once); `Batch.rows` says which they are."""
    by_length = np.argsort(-encoded.lengths, kind="stable")
    for start in range(0, len(by_length), batch_size):
        yield collate(encoded, by_length[start : start + batch_size])


def collate(encoded: Encoded, indices: NDArray[np.int64]) -> Batch:
    """The examples at `indices` [batch] (places in `encoded`, not row numbers) as one padded batch."""
    inputs, targets = _collated(encoded.inputs, indices), _collated(encoded.targets, indices)
    num_tokens = int(encoded.lengths[indices].sum())
    padding_share = 1.0 - num_tokens / inputs[INPUT_IDS].numel()
    return Batch(inputs, targets, encoded.rows[indices], padding_share)


def _collated(fields: Mapping[str, Field], indices: NDArray[np.int64]) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = {}
    for name, field in fields.items():
        if not isinstance(field, Ragged):
            found[name] = torch.from_numpy(field[indices])
            continue
        values, is_real = field.padded(indices)
        found[name] = torch.from_numpy(values)
        if field.mask:
            found[field.mask] = torch.from_numpy(is_real.astype(np.int64))
    return found


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
