"""One pass over a split that keeps small numbers instead of texts: what dividing and diagnosing need."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from datasets import Dataset, List
from numpy.typing import NDArray

from engine.breath import breathe

_READ_ROWS = 5000
_JOINT = "\x1f"
"""Stands in no label, and between the texts of a row."""


@dataclass(frozen=True)
class LabelSets:
    """The labels of texts that may have several: those of row `i` are `members[offsets[i]:offsets[i + 1]]`, places in
    the survey's `labels`. `code` [rows] is equal for equal sets, a place in `names`."""

    members: NDArray[np.int32]
    offsets: NDArray[np.int64]
    code: NDArray[np.int32]
    names: tuple[str, ...]

    @property
    def row_of_member(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))


@dataclass(frozen=True)
class RowIndex:
    """Arrays of one entry a row. `text_hash` is equal for equal texts, `is_blank` says that one of them
    has no letter; `label` is a place in `labels`, -1 for
    none; where labels are numbers, or there is no such column, it is 0.

    Where a text may have several labels, `sets` has them all, and `label` is the rarest one, by which rows are drawn
    and divided; for a text of none it is the number of labels.
    """

    row: NDArray[np.int64]
    text_hash: NDArray[np.uint64]
    is_blank: NDArray[np.bool_]
    label: NDArray[np.int32]
    labels: tuple[str, ...]
    num_fields: NDArray[np.int32]
    sets: LabelSets | None = None

    @property
    def is_unlabelled(self) -> NDArray[np.bool_]:
        """Rows that say nothing; several labels may be none."""
        return self.label < 0

    @property
    def has_none(self) -> NDArray[np.bool_]:
        """Rows that have none of several labels."""
        if self.sets is None:
            return np.zeros(len(self.row), dtype=np.bool_)
        mask: NDArray[np.bool_] = np.diff(self.sets.offsets) == 0
        return mask

    @property
    def answers(self) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        """(code [rows], names): all that a row says, as one answer; -1 for rows without a label."""
        return (self.label, self.labels) if self.sets is None else (self.sets.code, self.sets.names)

    def first_rows(self, mask: NDArray[np.bool_], limit: int = 20) -> tuple[int, ...]:
        return tuple(int(row) for row in self.row[mask][:limit])

    def label_counts(self, mask: NDArray[np.bool_]) -> dict[str, int]:
        """Rows a label among those of `mask`; labels that none of them has are left out."""
        if self.sets is None:
            codes = self.label[mask & (self.label >= 0)]
        else:
            codes = self.sets.members[mask[self.sets.row_of_member]]
        counts = np.bincount(codes, minlength=len(self.labels))
        return {label: int(count) for label, count in zip(self.labels, counts, strict=False) if count}

    def with_any(self, labels: Collection[str]) -> NDArray[np.bool_]:
        """The rows that have one of these labels."""
        codes = [code for code, label in enumerate(self.labels) if label in labels]
        if self.sets is None:
            return np.isin(self.label, codes)
        mask = np.zeros(len(self.row), dtype=np.bool_)
        mask[self.sets.row_of_member[np.isin(self.sets.members, codes)]] = True
        return mask


def index_rows(split: Dataset, texts: Sequence[str] = ("text",), needed: Sequence[str] | None = None) -> RowIndex:
    """`split` has the columns row, those of its `texts`, perhaps label (strings, lists of them or numbers) and perhaps
    num_fields. A row without one of the `needed` texts (all of them, if none are said) is blank."""
    filled = texts if needed is None else needed
    codes: dict[str, int] = {}
    parts: list[tuple[NDArray[Any], ...]] = []
    sets = _Sets() if _has_lists(split) else None
    for batch in split.with_format("arrow").iter(_READ_ROWS):
        breathe()
        rows = batch["row"].to_numpy()
        fields = batch["num_fields"].to_numpy() if "num_fields" in batch.column_names else np.zeros(len(rows), np.int32)
        blank = np.any([pc.equal(pc.utf8_trim_whitespace(batch[one]), "").to_numpy() for one in filled], axis=0)
        label = np.zeros(len(rows), np.int32)
        if sets is not None:
            sets.read(batch["label"].to_pylist())
        elif "label" in batch.column_names:
            label = _codes(batch["label"], codes)
        parts.append((rows, _hashes([batch[one] for one in texts]), blank, label, fields))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    row, text_hash, is_blank, label, num_fields = columns
    if sets is None:
        return RowIndex(row, text_hash, is_blank, label, tuple(codes), num_fields)
    found, labels = sets.finished()
    return RowIndex(row, text_hash, is_blank, _rarest(found, len(labels)), labels, num_fields, found)


def _has_lists(split: Dataset) -> bool:
    return "label" in split.column_names and isinstance(split.features["label"], List)


class _Sets:
    """Label lists of rows, one after the other."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._codes: dict[tuple[str, ...], int] = {}
        self._members: list[int] = []
        self._lengths: list[int] = []
        self._code: list[int] = []

    def read(self, rows: Iterable[list[str]]) -> None:
        for named in rows:
            self._members.extend(self._places.setdefault(label, len(self._places)) for label in named)
            self._lengths.append(len(named))
            self._code.append(self._codes.setdefault(tuple(sorted(named)), len(self._codes)))

    def finished(self) -> tuple[LabelSets, tuple[str, ...]]:
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(self._lengths, dtype=np.int64)])
        names = tuple(_JOINT.join(one) for one in self._codes)
        found = LabelSets(np.array(self._members, np.int32), offsets, np.array(self._code, np.int32), names)
        return found, tuple(self._places)


def _rarest(sets: LabelSets, num_labels: int) -> NDArray[np.int32]:
    """[rows]: the label of each row that the fewest rows have; `num_labels` where there is none."""
    counts = np.bincount(sets.members, minlength=num_labels)
    rank = np.empty(num_labels, dtype=np.int64)
    rank[np.argsort(counts, kind="stable")] = np.arange(num_labels)
    best = np.full(len(sets.offsets) - 1, num_labels, dtype=np.int64)
    np.minimum.at(best, sets.row_of_member, rank[sets.members])
    by_rank = np.append(np.argsort(rank, kind="stable"), num_labels)
    return by_rank[best].astype(np.int32)


def _hashes(texts: list[pa.ChunkedArray]) -> NDArray[np.uint64]:
    """Of all texts of a row as one. 64 bits: among ten million rows two different ones are alike with a chance of 3
    in a million."""
    whole = (_JOINT.join(row) for row in zip(*(one.to_pylist() for one in texts), strict=True))
    digests = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in whole)
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
