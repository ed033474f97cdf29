"""Parts: the given splits after the mends, and which of their rows can be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray

from engine.config.data import DataConfig
from engine.config.task import SemiSupervised, Task, kind_of
from engine.data.given import SPLIT_NAMES, Given, given_splits
from engine.data.mends import label_counts, mended, merged_spellings
from engine.data.reading_notes import reading_notes
from engine.data.roles import has_classes, roles_of
from engine.data.survey import Survey, survey
from engine.errors import InputError
from engine.messages import Message, message

Keep = NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """One given split after the mends: its rows, a survey of them, and which of them are used. `reads_unlabelled` says
    that the task learns from training rows without a label too."""

    given: Given
    dataset: Dataset
    survey: Survey
    keep: Keep
    reads_unlabelled: bool = False

    def used(self) -> Dataset:
        return self.dataset if self.keep.all() else self.dataset.select(np.flatnonzero(self.keep))

    def without(self, dropped: Keep) -> Part:
        return replace(self, keep=self.keep & ~dropped)


AsCorrected = Callable[[Mapping[str, Part]], Mapping[str, Part]]


def read_parts(data: DataConfig, task: Task, seed: int) -> dict[str, Part]:
    """The given splits with cells mended; no row is left out yet. Raises InputError."""
    given = given_splits(data, seed, roles_of(task), kind=kind_of(task))
    relabel: dict[str, str] = {}
    if data.mends.get("label_spelling") == "merge" and has_classes(task):
        counts = label_counts(given["train"])
        for split in given.keys() - {"train"}:
            counts.update({label: 0 for label in label_counts(given[split]) if label not in counts})
        relabel = merged_spellings(counts)
    return {split: read_part(one, data.mends, relabel, task) for split, one in given.items()}


def read_part(given: Given, mends: Mapping[str, str], relabel: Mapping[str, str], task: Task) -> Part:
    dataset = mended(given, mends, relabel)
    facts = survey(dataset)
    keep = np.ones(len(facts.row), dtype=np.bool_)
    return Part(given, dataset, facts, keep, reads_unlabelled=isinstance(task, SemiSupervised))


def without_unusable(part: Part, notes: list[Message]) -> Part:
    """Rows without a text or without a label teach nothing; they are counted, never lost in silence. What is not sure
    about how the file is read is said as well."""
    notes.extend(reading_notes(part.given))
    blank = part.survey.is_blank
    unlabelled = part.survey.is_unlabelled & ~blank
    num_blank = int(blank.sum()) + part.given.table.blank.count
    first_blank = min([*part.survey.first_rows(blank, 1), *part.given.table.blank.rows[:1]], default=0)
    if num_blank:
        notes.append(
            message(
                "{split}: {count:plural:blank row was:blank rows were} left out (first: row {row}).",
                split=SPLIT_NAMES[part.given.split],
                count=num_blank,
                row=first_blank,
            )
        )
    if unlabelled.any():
        notes.append(_unlabelled_note(part, unlabelled))
    return part.without(blank | unlabelled)


def _unlabelled_note(part: Part, unlabelled: Keep) -> Message:
    values = {
        "split": SPLIT_NAMES[part.given.split],
        "count": int(unlabelled.sum()),
        "row": part.survey.first_rows(unlabelled, 1)[0],
    }
    if part.reads_unlabelled and part.given.split == "train":
        return message(
            "{split}: {count:plural:row has no label and serves:rows have no label and serve} as texts without labels "
            "(first: row {row}).",
            **values,
        )
    return message("{split}: {count:plural:row:rows} without a label left out (first: row {row}).", **values)


def with_row_mends(
    parts: dict[str, Part], mends: Mapping[str, str], notes: list[Message], as_corrected: AsCorrected
) -> dict[str, Part]:
    """Mends that leave rows out, in an order in which none undoes another. Whether a text has two labels is decided by
    those that the rows will have, `as_corrected`."""
    mended_parts = dict(parts)
    if mends.get("ragged_rows") == "drop":
        for split, part in mended_parts.items():
            mended_parts[split] = _dropped(part, ragged(part), notes)
    if mends.get("conflicting_labels") == "drop":
        torn = conflicting_hashes(as_corrected(mended_parts))
        for split, part in mended_parts.items():
            mended_parts[split] = _dropped(part, np.isin(part.survey.text_hash, torn), notes)
    if mends.get("duplicates") == "drop":
        for split, part in mended_parts.items():
            mended_parts[split] = _dropped(part, repeated(part), notes)
    if mends.get("no_labels") == "drop":
        for split, part in mended_parts.items():
            mended_parts[split] = _dropped(part, part.survey.has_none, notes)
    if mends.get("duplicates_across") == "drop":
        mended_parts["train"] = _dropped(mended_parts["train"], shared_with_others(mended_parts), notes)
    return mended_parts


def _dropped(part: Part, mask: Keep, notes: list[Message]) -> Part:
    count = int((mask & part.keep).sum())
    if count:
        notes.append(
            message(
                "{split}: {count:plural:row:rows} left out, as the mends say.",
                split=SPLIT_NAMES[part.given.split],
                count=count,
            )
        )
    return part.without(mask)


def ragged(part: Part) -> Keep:
    """The rows whose number of cells is not the table's."""
    if "num_fields" not in part.dataset.column_names:
        return np.zeros(len(part.keep), dtype=np.bool_)
    mask: Keep = part.survey.num_fields != len(part.given.table.columns)
    return mask


def repeated(part: Part) -> Keep:
    """The used rows whose exact text stood in an earlier used row of the same split."""
    used = np.flatnonzero(part.keep)
    _, firsts = np.unique(part.survey.text_hash[used], return_index=True)
    mask = part.keep.copy()
    mask[used[firsts]] = False
    return mask


def trained_on(part: Part, train: Part) -> Keep:
    """The used rows whose exact text also stands in a used training row."""
    mask: Keep = part.keep & np.isin(part.survey.text_hash, train.survey.text_hash[train.keep])
    return mask


def shared_with_others(parts: Mapping[str, Part]) -> Keep:
    """The training rows whose exact text also stands in validation or test."""
    others = [part.survey.text_hash[part.keep] for split, part in parts.items() if split != "train"]
    train = parts["train"]
    return train.keep & np.isin(train.survey.text_hash, np.concatenate([np.empty(0, np.uint64), *others]))


def conflicting_hashes(parts: Mapping[str, Part]) -> NDArray[np.uint64]:
    """Hashes of the texts that have more than one label over all splits."""
    names = sorted({name for part in parts.values() for name in part.survey.answers[1]})
    place = {name: index for index, name in enumerate(names)}
    hashes, codes = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for part in parts.values():
        code, known = part.survey.answers
        table = np.array([place[name] for name in known] or [0], dtype=np.int64)
        hashes.append(part.survey.text_hash[part.keep])
        codes.append(table[code[part.keep]])
    pairs = np.unique(np.stack([np.concatenate(hashes), np.concatenate(codes).astype(np.uint64)]), axis=1)
    texts, num_labels = np.unique(pairs[0], return_counts=True)
    torn: NDArray[np.uint64] = texts[num_labels > 1]
    return torn


def without_unknown_labels(parts: dict[str, Part], notes: list[Message]) -> dict[str, Part]:
    train = parts["train"]
    known = list(train.survey.label_counts(train.keep))
    others = {split: known_labels_only(part, known, notes) for split, part in parts.items() if split != "train"}
    for split, part in others.items():
        missing = set(known) - part.survey.label_counts(part.keep).keys()
        if missing:
            name = SPLIT_NAMES[split]
            notes.append(message("{split}: there is no row of {labels}.", split=name, labels=sorted(missing)[:20]))
    return {"train": train, **others}


def known_labels_only(part: Part, known: Sequence[str], notes: list[Message]) -> Part:
    """A model cannot be right on a label that it never saw: such rows are left out and counted. Of several labels a
    text the known ones are measured."""
    counts = part.survey.label_counts(part.keep)
    names = sorted(counts.keys() - set(known))
    if not names:
        return part
    unknown = part.survey.with_any(names) & part.keep
    if not counts.keys() & set(known):
        raise InputError(
            message(
                "None of its labels ({labels}) is among those trained on ({known}).",
                labels=names[:10],
                known=list(known)[:10],
            ),
            message("{source}, column “{column}”", source=part.given.table.name, column=part.given.roles["label"]),
            message("Use the same names for the labels in every file, or choose another column."),
        )
    values = {"split": SPLIT_NAMES[part.given.split], "count": int(unknown.sum()), "labels": names[:20]}
    if part.survey.sets is not None:
        notes.append(
            message(
                "{split}: {count:plural:row has:rows have} labels that the training data do not have, which are not "
                "measured: {labels}.",
                **values,
            )
        )
        return part
    notes.append(
        message(
            "{split}: {count:plural:row:rows} left out whose label the training data do not have: {labels}.", **values
        )
    )
    return part.without(unknown)
