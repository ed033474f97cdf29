"""One pass over a split that keeps small numbers instead of texts: what dividing and diagnosing need."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from datasets import Dataset
from numpy.typing import NDArray

_READ_ROWS = 5000


@dataclass(frozen=True)
class Survey:
    """Arrays of one entry a row. `text_hash` is equal for equal texts; `label` is a place in `labels`, -1 for
    none; where labels are numbers, or there is no such column, it is 0."""

    row: NDArray[np.int64]
    text_hash: NDArray[np.uint64]
    is_blank: NDArray[np.bool_]
    label: NDArray[np.int32]
    labels: tuple[str, ...]
    num_fields: NDArray[np.int32]

    @property
    def is_unlabelled(self) -> NDArray[np.bool_]:
        return self.label < 0

    def first_rows(self, mask: NDArray[np.bool_], limit: int = 20) -> tuple[int, ...]:
        return tuple(int(row) for row in self.row[mask][:limit])


def survey(split: Dataset) -> Survey:
    """`split` has the columns row, text, perhaps label (strings or numbers) and perhaps num_fields."""
    codes: dict[str, int] = {}
    parts: list[tuple[NDArray[Any], ...]] = []
    for batch in split.with_format("arrow").iter(_READ_ROWS):
        rows = batch["row"].to_numpy()
        fields = batch["num_fields"].to_numpy() if "num_fields" in batch.column_names else np.zeros(len(rows), np.int32)
        blank = pc.equal(pc.utf8_trim_whitespace(batch["text"]), "").to_numpy()
        label = _codes(batch["label"], codes) if "label" in batch.column_names else np.zeros(len(rows), np.int32)
        parts.append((rows, _hashes(batch["text"]), blank, label, fields))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    row, text_hash, is_blank, label, num_fields = columns
    return Survey(row, text_hash, is_blank, label, tuple(codes), num_fields)


def _hashes(texts: pa.ChunkedArray) -> NDArray[np.uint64]:
    """64 bits: among ten million texts two different ones are alike with a chance of 3 in a million."""
    digests = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts.to_pylist())
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def _codes(labels: pa.ChunkedArray, codes: dict[str, int]) -> NDArray[np.int32]:
    """Numbers (of a numeric target) have the one code 0: there are no classes."""
    if pa.types.is_floating(labels.type):
        return np.where(pc.is_null(labels).to_numpy(), -1, 0).astype(np.int32)
    encoded = pc.dictionary_encode(labels).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().chunk(0)
    names = encoded.dictionary.to_pylist()
    table = np.array([codes.setdefault(name, len(codes)) if name.strip() else -1 for name in names], dtype=np.int32)
    found: NDArray[np.int32] = table[encoded.indices.to_numpy()]
    return found
