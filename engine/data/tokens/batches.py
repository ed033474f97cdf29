"""Batches, bucketed by length: an endless, deterministic stream to train on, one pass to measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.tokens.encoding import ATTENTION_MASK, INPUT_IDS, LABELS, Encoded, Field, Ragged

_POOL_BATCHES = 50


@dataclass(frozen=True)
class Batch:
    """`inputs` is what the model's `forward` takes, `targets` what it shall learn, both by name and [batch, …]; `rows`
    name the texts. `padding_share` is the share of the tokens that only fill up. `unlabelled` are texts without labels
    that were drawn beside these, for a task or an adversary that reads them. `follows_on`: every row goes on where that
    row of the batch before it ended."""

    inputs: Mapping[str, torch.Tensor]
    targets: Mapping[str, torch.Tensor]
    rows: NDArray[np.int64]
    padding_share: float = 0.0
    unlabelled: Batch | None = None
    follows_on: bool = False

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


class ConsecutiveBatches:
    """An endless stream of batches whose rows go on where those of the batch before ended, for what carries a state.

    The examples are cut into as many lanes as a batch has rows, which are read side by side. Where the lanes begin is
    drawn anew each epoch, so that what is left over at their end (fewer examples than lanes) differs. Batch `index` is
    a pure function of (rows, batch_size, seed, index).
    """

    def __init__(self, encoded: Encoded, batch_size: int, seed: int) -> None:
        assert len(encoded) > 0 and batch_size > 0
        self._encoded, self._seed = encoded, seed
        self._num_lanes = min(batch_size, len(encoded))

    @property
    def batches_per_epoch(self) -> int:
        return len(self._encoded) // self._num_lanes

    def at(self, index: int) -> Batch:
        """Batch number `index` (from 0) of the stream."""
        epoch, place = divmod(index, self.batches_per_epoch)
        first = int(np.random.default_rng([self._seed, epoch]).integers(len(self._encoded)))
        lanes = first + np.arange(self._num_lanes) * self.batches_per_epoch + place
        return replace(collate(self._encoded, lanes % len(self._encoded)), follows_on=place > 0)


def side_by_side(encoded: Encoded, num_lanes: int) -> Iterator[tuple[NDArray[np.int64], Batch]]:
    """(places [rows] of the examples, their batch) of consecutive examples, each once: in lanes of equal length, the
    first of them one longer where they do not come out even; so a later batch may have fewer rows than the one
    before."""
    lanes = np.array_split(np.arange(len(encoded)), min(num_lanes, len(encoded)))
    for step in range(len(lanes[0])):
        places = np.array([lane[step] for lane in lanes if step < len(lane)])
        yield places, replace(collate(encoded, places), follows_on=step > 0)


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
