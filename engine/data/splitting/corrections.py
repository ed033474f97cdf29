"""corrected: splits with the labels that a person corrected, and without the rows that a person left out.

Rows are divided before labels are corrected, so that two runs that differ by their corrections alone are trained and
measured on the same rows. Only labels that the training data have can be corrections: another one would be a new label
by a slip of the pen, with too few rows to learn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from datasets import Dataset, List

from engine.data.cleaning.row_index import index_rows
from engine.data.columns.label_spellings import label_spelling
from engine.data.sources.source_splits import SPLIT_NAMES
from engine.data.splitting.usable_rows import Part
from engine.errors import InputError
from engine.messages import Message, message
from engine.runs.correction_files import Correction, Label, text_hash

_READ_ROWS = 5000
_Spot = tuple[str, int, int, Any]
"""Split, place in it, row number, label."""


@dataclass(frozen=True)
class Corrected:
    """`splits` as they are now. By split `labels` counts the labels that were corrected and `left_out` the rows left
    out; `num_missing` corrections are of rows that are not there, `unknown` are labels that training does not know, of
    `num_unknown` corrections that were passed over."""

    splits: dict[str, Dataset]
    labels: Mapping[str, int]
    left_out: Mapping[str, int]
    num_missing: int = 0
    unknown: tuple[str, ...] = ()
    num_unknown: int = 0

    def notes(self) -> list[Message]:
        """What was done, in words."""
        found = []
        for split in self.splits:
            name = SPLIT_NAMES[split]
            if count := self.labels.get(split, 0):
                found.append(message("{split}: {count:plural:label:labels} corrected.", split=name, count=count))
            if count := self.left_out.get(split, 0):
                found.append(
                    message(
                        "{split}: {count:plural:row:rows} left out, as the corrections say.", split=name, count=count
                    )
                )
        return found + self.warnings()

    def warnings(self) -> list[Message]:
        """What could not be done."""
        found = []
        if self.num_missing:
            found.append(
                message(
                    "{count:plural:correction is:corrections are} of rows that are not used here.",
                    count=self.num_missing,
                )
            )
        if self.num_unknown:
            found.append(
                message(
                    "{count:plural:correction was:corrections were} passed over: training has no row of {labels}.",
                    count=self.num_unknown,
                    labels=list(self.unknown[:20]),
                )
            )
        return found


def corrected(splits: Mapping[str, Dataset], corrections: Sequence[Correction], known: Collection[str]) -> Corrected:
    """`splits` have the columns row, text and label (names, lists of them, or numbers); `known` are the labels that
    there are, empty for numbers.

    A correction is of the row that has its number and its text; where a file was edited, of the row nearest to that
    number with the text, one labelled as it was before first.
    """
    places, num_missing = _found(splits, corrections)
    spellings = {label_spelling(label): label for label in known} | {label: label for label in known}
    wanted: dict[str, dict[int, Label | None]] = {split: {} for split in splits}
    unknown: list[str] = []
    num_unknown = 0
    for one, (split, place) in places.items():
        after = _spelled(_fitting(one, splits[split], place), spellings)
        strange = _strange(after, known)
        unknown.extend(strange)
        num_unknown += bool(strange)
        if not one.is_kept and not strange:
            wanted[split][place] = after
    done = {split: _with_labels(rows, wanted[split]) for split, rows in splits.items()}
    return Corrected(
        splits={split: rows for split, (rows, _, _) in done.items()},
        labels={split: labels for split, (_, labels, _) in done.items()},
        left_out={split: left_out for split, (_, _, left_out) in done.items()},
        num_missing=num_missing,
        unknown=tuple(sorted(set(unknown))),
        num_unknown=num_unknown,
    )


def corrected_parts(parts: Mapping[str, Part], corrections: Sequence[Correction]) -> tuple[dict[str, Part], Corrected]:
    """The given splits with their labels corrected."""
    known = parts["train"].row_index.labels
    found = corrected({split: part.dataset for split, part in parts.items()}, corrections, known)
    changed = {split for split in parts if found.labels[split] or found.left_out[split]}
    now = {split: _part(part, found.splits[split]) if split in changed else part for split, part in parts.items()}
    return now, found


def without_lost_labels(splits: dict[str, Dataset], notes: list[Message]) -> dict[str, Dataset]:
    """Corrections may take a label's last training row: rows of it cannot be measured on any more.

    Raises InputError where training has a single label left.
    """
    train = _named(splits["train"])
    if len(train) < 2:
        raise InputError(
            message("After the corrections every row has the same label."),
            "data.corrections",
            message("Undo some of them, or train without them."),
        )
    kept = dict(splits)
    for split, rows in splits.items():
        lost = _named(rows) - train
        if lost:
            places = [place for place, label in enumerate(rows["label"]) if not lost & set(_labels_in(label))]
            notes.append(
                message(
                    "{split}: {count:plural:row:rows} left out whose label the training data do not have: {labels}.",
                    split=SPLIT_NAMES[split],
                    count=len(rows) - len(places),
                    labels=sorted(lost)[:20],
                )
            )
            kept[split] = rows.select(places)
    return kept


def _part(part: Part, dataset: Dataset) -> Part:
    kept = np.isin(part.row_index.row, dataset["row"])
    return replace(part, dataset=dataset, row_index=index_rows(dataset), keep=part.keep[kept])


def _found(
    splits: Mapping[str, Dataset], corrections: Sequence[Correction]
) -> tuple[dict[Correction, tuple[str, int]], int]:
    """{correction: (split, place in it)}, and how many were not found. Each row is taken once."""
    by_number = _by_number(splits, {one.row for one in corrections})
    found: dict[Correction, tuple[str, int]] = {}
    lost = []
    for one in corrections:
        here = [spot for spot in by_number[one.row] if text_hash(splits[spot[0]][spot[1]]["text"]) == one.text_hash]
        here.sort(key=lambda spot: spot[0] != one.split)
        if here:
            found[one] = here[0]
        else:
            lost.append(one)
    if lost:
        _find_moved(splits, lost, found)
    return found, len(corrections) - len(found)


def _by_number(splits: Mapping[str, Dataset], numbers: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for split, rows in splits.items():
        row = rows.with_format("numpy")["row"][:]
        for place in np.flatnonzero(np.isin(row, list(numbers))):
            found[int(row[place])].append((split, int(place)))
    return found


def _find_moved(
    splits: Mapping[str, Dataset], lost: Iterable[Correction], found: dict[Correction, tuple[str, int]]
) -> None:
    """By the text alone: rows were put in or taken out above."""
    sought = {one.text_hash for one in lost}
    spots: dict[str, list[_Spot]] = defaultdict(list)
    for split, rows in splits.items():
        place = 0
        for batch in rows.select_columns(["row", "text", "label"]).iter(_READ_ROWS):
            for row, text, label in zip(batch["row"], batch["text"], batch["label"], strict=True):
                key = text_hash(text)
                if key in sought:
                    spots[key].append((split, place, row, label))
                place += 1
    taken = set(found.values())
    for one in lost:
        free = [spot for spot in spots[one.text_hash] if spot[:2] not in taken]
        if free:
            found[one] = min(free, key=partial(_distance, one))[:2]
            taken.add(found[one])


def _distance(one: Correction, spot: _Spot) -> tuple[bool, int]:
    return not _is_same(spot[3], one.before), abs(spot[2] - one.row)


def _with_labels(rows: Dataset, wanted: Mapping[int, Label | None]) -> tuple[Dataset, int, int]:
    """(rows with labels by place, how many labels changed, how many rows were left out); None leaves a row out."""
    if not wanted:
        return rows, 0, 0
    labels = list(rows["label"])
    num_changed = 0
    for place, after in wanted.items():
        if after is not None and not _is_same(labels[place], after):
            labels[place] = sorted(after) if isinstance(after, tuple) else after
            num_changed += 1
    out = [place for place, after in wanted.items() if after is None]
    if num_changed:
        names, feature = rows.column_names, rows.features["label"]
        relabelled = rows.remove_columns("label").add_column("label", labels, feature=feature)
        rows = relabelled.select_columns(names)
    if out:
        rows = rows.select(np.setdiff1d(np.arange(len(rows)), out))
    return rows, num_changed, len(out)


def _is_same(label: Any, other: Label) -> bool:
    if isinstance(other, tuple):
        return isinstance(label, list) and sorted(label) == sorted(other)
    return bool(label == other)


def _fitting(one: Correction, rows: Dataset, place: int) -> Label | None:
    """The label in the data's own form: a word may stand for a number; of several labels one word was doubted, and
    takes the place of the word before ("" is none)."""
    feature = rows.features["label"]
    if not isinstance(one.after, str):
        return one.after
    if isinstance(feature, List):
        now = set(rows[place]["label"]) - {one.before} | {one.after}
        return tuple(sorted(now - {""}))
    if feature.dtype == "float64":
        try:
            return float(one.after)
        except ValueError:
            return one.after
    return one.after


def _spelled(label: Label | None, spellings: Mapping[str, str]) -> Label | None:
    """As the data spell it: labels of one spelling may have been merged meanwhile."""
    if isinstance(label, tuple):
        return tuple(_word(one, spellings) for one in label)
    return _word(label, spellings) if isinstance(label, str) else label


def _word(label: str, spellings: Mapping[str, str]) -> str:
    return spellings.get(label, spellings.get(label_spelling(label), label))


def _strange(label: Label | None, known: Collection[str]) -> list[str]:
    """What of a label is not known; a name where there are numbers, and a number where there are names."""
    if label is None or (isinstance(label, float | int) and not known):
        return []
    return [str(one) for one in (label if isinstance(label, tuple) else (label,)) if one not in known]


def _named(rows: Dataset) -> set[str]:
    return {label for one in rows["label"] for label in _labels_in(one)}


def _labels_in(label: Any) -> list[str]:
    return label if isinstance(label, list) else [label]
