"""Unlabelled: texts for what needs no labels, from a source of their own and from training rows without a label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from datasets import Dataset, concatenate_datasets
from numpy.typing import NDArray

from engine.config.data import DataConfig
from engine.data.cleaning.repairs import mended
from engine.data.cleaning.row_index import RowIndex, index_rows
from engine.data.sources.source_splits import SPLIT_NAMES, given_unlabelled
from engine.data.splitting.usable_rows import Part
from engine.errors import InputError
from engine.messages import Message, message

_COLUMNS = ["row", "text"]


@dataclass(frozen=True)
class Unlabelled:
    """`dataset` has the columns row (as in the source) and text. `name` is the source's; the counts and first row
    numbers say what was left out: rows without a text, and texts that stand in validation or test."""

    dataset: Dataset
    name: str
    num_blank: int
    blank_rows: tuple[int, ...]
    num_held_out: int
    held_out_rows: tuple[int, ...]

    def notes(self) -> list[Message]:
        """What was left out, and what is left."""
        count = len(self.dataset)
        found = [message("{count:plural:text:texts} without labels from {source}.", count=count, source=self.name)]
        if self.num_blank:
            found.append(
                message(
                    "{split}: {count:plural:blank row was:blank rows were} left out (first: row {row}).",
                    split=SPLIT_NAMES["unlabelled"],
                    count=self.num_blank,
                    row=self.blank_rows[0],
                )
            )
        if self.num_held_out:
            found.append(
                message(
                    "{split}: {count:plural:text:texts} left out that also stand in the validation or test data.",
                    split=SPLIT_NAMES["unlabelled"],
                    count=self.num_held_out,
                )
            )
        return found


def load_unlabelled(data: DataConfig, splits: Mapping[str, Dataset], text_column: str, seed: int) -> Unlabelled | None:
    """`data.unlabelled`, its texts mended as the training data's, without those that are measured on in `splits`; None
    where there is no such source. `text_column` is what the training data call theirs; else it is guessed.

    Raises InputError for a source that cannot be read, that has no texts, or of which nothing is left.
    """
    if data.unlabelled is None:
        return None
    given = given_unlabelled(data, data.unlabelled, text_column, seed)
    dataset = mended(given, data.mends, {})
    found = index_rows(dataset)
    held_out = ~found.is_blank & np.isin(found.text_hash, held_out_hashes(splits))
    tally = given.table.blank
    unlabelled = Unlabelled(
        dataset=_chosen(dataset, ~(found.is_blank | held_out)),
        name=given.table.name,
        num_blank=int(found.is_blank.sum()) + tally.count,
        blank_rows=tuple(sorted([*found.first_rows(found.is_blank), *tally.rows])[:20]),
        num_held_out=int(held_out.sum()),
        held_out_rows=found.first_rows(held_out),
    )
    if not len(unlabelled.dataset):
        raise InputError(
            message("No text without a label is left to use."),
            given.table.name,
            message("Its rows are blank or stand in the validation or test data: choose another source."),
        )
    return unlabelled


def rows_without_label(train: Part, splits: Mapping[str, Dataset]) -> Dataset | None:
    """The training rows that have a text but no label; None where there are none. They have no part in `splits`."""
    found: RowIndex = train.row_index
    mask = found.is_unlabelled & ~found.is_blank
    if not mask.any():
        return None
    mask &= ~np.isin(found.text_hash, held_out_hashes(splits))
    return _chosen(train.dataset, mask) if mask.any() else None


def joined(parts: Iterable[Dataset | None]) -> Dataset | None:
    """All of them as one; None for none."""
    filled = [part for part in parts if part is not None]
    return concatenate_datasets(filled) if len(filled) > 1 else next(iter(filled), None)


def held_out_hashes(splits: Mapping[str, Dataset]) -> NDArray[np.uint64]:
    """[rows]: hashes of all texts that are measured on."""
    hashes = [index_rows(rows.select_columns(_COLUMNS)).text_hash for split, rows in splits.items() if split != "train"]
    return np.concatenate([np.empty(0, np.uint64), *hashes])


def _chosen(dataset: Dataset, mask: NDArray[np.bool_]) -> Dataset:
    texts = dataset.select_columns(_COLUMNS)
    return texts if mask.all() else texts.select(np.flatnonzero(mask))
