"""Splits as numbers: token ids cut and counted, targets as losses take them, fields of any length, much in a file."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from datasets import Dataset

from engine.config.data import WordTokenizer
from engine.data.tokens import encoding
from engine.data.tokens.batches import BucketedBatches, collate, in_order
from engine.data.tokens.encoding import Encoded, Ragged, encode, joined, without_token
from engine.data.tokens.tokenizer import train_tokenizer
from engine.targets import target_of


def test_encode_labels_rows_and_truncation() -> None:
    split = Dataset.from_dict({"row": [4, 9], "text": ["a b c d e f", "b"], "label": ["pos", "neg"]})
    tokenizer = train_tokenizer(WordTokenizer(min_frequency=1), split["text"], 5)
    encoded = encode(split, tokenizer, 5, target_of("one"), ("neg", "pos"))
    assert encoded.lengths.tolist() == [5, 3]
    assert encoded.labels.tolist() == [1, 0] and encoded.labels.dtype == np.int64
    assert encoded.rows.tolist() == [4, 9]


def test_encode_numbers() -> None:
    split = Dataset.from_dict({"row": [1], "text": ["a"], "label": [2.5]})
    tokenizer = train_tokenizer(WordTokenizer(min_frequency=1), split["text"], 5)
    labels = next(in_order(encode(split, tokenizer, 5, target_of("number")), 4)).labels
    assert labels.dtype == torch.float32 and labels.tolist() == [2.5]


def test_many_tokens_go_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    split = Dataset.from_dict({"row": range(1, 2501), "text": ["a b c"] * 2500, "label": ["x"] * 2500})
    tokenizer = train_tokenizer(WordTokenizer(min_frequency=1), split["text"], 8)
    plain = encode(split, tokenizer, 8, target_of("one"), ("x",))
    monkeypatch.setattr(encoding, "_MAX_BYTES_IN_MEMORY", 4000)
    mapped = encode(split, tokenizer, 8, target_of("one"), ("x",))
    assert isinstance(mapped.tokens.values, np.memmap) and not isinstance(plain.tokens.values, np.memmap)
    assert (mapped.tokens.values == plain.tokens.values).all()
    assert torch.equal(BucketedBatches(mapped, 7, 0).at(3).input_ids, BucketedBatches(plain, 7, 0).at(3).input_ids)


def two_sided() -> Encoded:
    """Three examples of two rows, as a reader of questions or a translator has them."""
    read = Ragged(np.array([5, 6, 7, 5, 8, 9]), np.array([0, 2, 3, 6]), filler=1, mask="attention_mask")
    said = Ragged(np.array([4, 4, 3, 2]), np.array([0, 1, 2, 4]), filler=-100)
    starts = np.array([0, 2, 1])
    return Encoded({"input_ids": read}, {"labels": said, "start_positions": starts}, np.array([1, 2, 2]))


def test_every_field_is_padded_in_its_own_way() -> None:
    batch = collate(two_sided(), np.array([2, 0]))
    assert batch.input_ids.tolist() == [[5, 8, 9], [5, 6, 1]] and batch.attention_mask.tolist() == [
        [1, 1, 1],
        [1, 1, 0],
    ]
    assert batch.targets["labels"].tolist() == [[3, 2], [4, -100]] and batch.targets["start_positions"].tolist() == [
        1,
        0,
    ]
    assert set(batch.inputs) == {"input_ids", "attention_mask"} and batch.rows.tolist() == [2, 1]
    assert batch.padding_share == pytest.approx(1 / 6)


def test_examples_go_with_all_their_fields() -> None:
    left = without_token(two_sided(), 7)
    assert left.tokens.values.tolist() == [5, 6, 5, 8, 9] and left.rows.tolist() == [1, 2]
    said = left.targets["labels"]
    assert isinstance(said, Ragged) and said.values.tolist() == [4, 3, 2] and said.offsets.tolist() == [0, 1, 3]
    both = joined(left, two_sided())
    assert both.lengths.tolist() == [2, 3, 2, 1, 3] and not both.targets
