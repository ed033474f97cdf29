"""Batches: every row once an epoch, a pure function of the seed and the index, little padding."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.tokens.batches import BucketedBatches, collate, in_order
from engine.data.tokens.encoding import Encoded, Ragged


def encoded_of(lengths: list[int]) -> Encoded:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    values = np.concatenate([np.full(length, place + 1) for place, length in enumerate(lengths)]).astype(np.uint16)
    rows = np.arange(len(lengths), dtype=np.int64) * 3 + 7
    labels = np.arange(len(lengths), dtype=np.int64) % 2
    return Encoded({"input_ids": Ragged(values, offsets, mask="attention_mask")}, {"labels": labels}, rows)


LENGTHS = st.lists(st.integers(1, 40), min_size=1, max_size=300)


@given(lengths=LENGTHS, batch_size=st.integers(1, 33), seed=st.integers(0, 2**31 - 1), epoch=st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_each_row_exactly_once_an_epoch(lengths: list[int], batch_size: int, seed: int, epoch: int) -> None:
    encoded = encoded_of(lengths)
    stream = BucketedBatches(encoded, batch_size, seed)
    count = stream.batches_per_epoch
    drawn = [stream.at(epoch * count + place) for place in range(count)]
    assert sorted(np.concatenate([batch.rows for batch in drawn])) == sorted(encoded.rows)
    assert sorted(len(batch) for batch in drawn)[1:] == [batch_size] * (count - 1)


@given(lengths=LENGTHS, batch_size=st.integers(1, 33), seed=st.integers(0, 1000), index=st.integers(0, 500))
@settings(max_examples=40, deadline=None)
def test_a_batch_depends_on_its_index_alone(lengths: list[int], batch_size: int, seed: int, index: int) -> None:
    encoded = encoded_of(lengths)
    walked = BucketedBatches(encoded, batch_size, seed)
    for earlier in range(max(0, index - 5), index):
        walked.at(earlier)
    jumped = BucketedBatches(encoded, batch_size, seed)
    assert torch.equal(walked.at(index).input_ids, jumped.at(index).input_ids)
    assert (walked.at(index).rows == jumped.at(index).rows).all()


@given(lengths=LENGTHS, batch_size=st.integers(1, 33))
@settings(max_examples=40, deadline=None)
def test_in_order_gives_each_row_once_with_its_tokens(lengths: list[int], batch_size: int) -> None:
    encoded = encoded_of(lengths)
    seen = {}
    for batch in in_order(encoded, batch_size):
        assert batch.input_ids.shape == batch.attention_mask.shape
        for row, ids, mask in zip(batch.rows, batch.input_ids, batch.attention_mask, strict=True):
            seen[int(row)] = ids[mask.bool()].tolist()
            assert not ids[~mask.bool()].any()
    assert seen == {int(row): [place + 1] * lengths[place] for place, row in enumerate(encoded.rows)}


def test_epochs_and_seeds_differ() -> None:
    encoded = encoded_of([5] * 200)
    stream = BucketedBatches(encoded, 10, 0)
    assert stream.at(0).rows.tolist() != stream.at(20).rows.tolist()
    assert stream.at(0).rows.tolist() != BucketedBatches(encoded, 10, 1).at(0).rows.tolist()


def test_bucketing_saves_padding_and_the_share_is_exact() -> None:
    lengths = np.random.default_rng(0).integers(2, 200, 2000).tolist()
    encoded = encoded_of(lengths)
    stream = BucketedBatches(encoded, 32, 0)
    shares = [stream.at(index).padding_share for index in range(stream.batches_per_epoch)]
    assert np.mean(shares) < 0.1 < collate(encoded, np.arange(32)).padding_share
    batch = collate(encoded_of([1, 3]), np.array([0, 1]))
    assert batch.padding_share == pytest.approx(2 / 6)
    assert batch.attention_mask.tolist() == [[1, 0, 0], [1, 1, 1]]
