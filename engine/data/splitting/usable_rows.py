"""Parts: the given splits after the mends, and which of their rows can be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray

from engine.config.data import DataConfig
from engine.config.tasks.registry import Task, target_kind, type_of
from engine.data.cleaning.repairs import label_counts, mended
from engine.data.cleaning.row_index import RowIndex, index_rows
from engine.data.columns.label_spellings import Spellings, label_spelling, spellings
from engine.data.sources.reading_notes import reading_notes
from engine.data.sources.source_splits import SPLIT_NAMES, SourceSplits, source_splits
from engine.errors import InputError
from engine.messages import Message, message
from engine.records import LeftOut, UnknownLabel
from engine.records.answers import NUM_SHOWN
from engine.targets import target_of

Keep = NDArray[np.bool_]
_SHOWN = 10


@dataclass(frozen=True)
class Part:
    """One given split after the mends: its rows, a survey of them, and which of them are used. `reads_unlabelled` says
    that the task learns from training rows without a label too; `read_as` is how labels were read;
    `left_out` says of the rows that are not used why."""

    given: SourceSplits
    dataset: Dataset
    row_index: RowIndex
    keep: Keep
    reads_unlabelled: bool = False
    read_as: Spellings = field(default_factory=Spellings)
    left_out: tuple[LeftOut, ...] = ()

    def used(self) -> Dataset:
        return self.dataset if self.keep.all() else self.dataset.select(np.flatnonzero(self.keep))

    def without(self, dropped: Keep, *why: LeftOut | None) -> Part:
        left = tuple(one for one in why if one is not None)
        return replace(self, keep=self.keep & ~dropped, left_out=self.left_out + left)


AsCorrected = Callable[[Mapping[str, Part]], Mapping[str, Part]]


def read_parts(data: DataConfig, task: Task, seed: int) -> dict[str, Part]:
    """The given splits with cells mended; no row is left out yet. Raises InputError."""
    given = source_splits(data, seed, type_of(task).roles, kind=target_kind(task))
    read_as = spelled(given, data.mends) if task.has_labels else Spellings()
    return {split: read_part(one, data.mends, read_as, task) for split, one in given.items()}


def spelled(given: Mapping[str, SourceSplits], mends: Mapping[str, str], known: Sequence[str] = ()) -> Spellings:
    """How the labels of all splits are read: as the training rows spell them most often, or as they are `known`."""
    first = next(iter(given.values()))
    if first.is_builtin:
        return Spellings()
    counts = label_counts(first)
    for one in given.values():
        if one is not first:
            counts.update({label: 0 for label in label_counts(one) if label not in counts})
    return spellings(counts, mends, kind=first.kind, known=known, places=first.places)


def read_part(given: SourceSplits, mends: Mapping[str, str], read_as: Spellings, task: Task) -> Part:
    dataset = mended(given, mends, read_as.right)
    facts = index_rows(dataset, given.text_columns, given.needed_columns)
    keep = np.ones(len(facts.row), dtype=np.bool_)
    return Part(given, dataset, facts, keep, type_of(task).can("learn from unlabelled rows"), read_as)


def left_out_splits(parts: Mapping[str, Part]) -> dict[str, Message]:
    """The splits that nobody named and that cannot be measured on, and why: they lie beside the training data without
    its columns, without a label, or with other labels."""
    found = dict(parts["train"].given.left_out)
    known = set(parts["train"].row_index.labels)
    for split, part in parts.items():
        if part.given.is_named or "label" not in part.given.roles or not target_of(part.given.kind).is_categorical:
            continue
        labels = part.row_index.label_counts(~part.row_index.is_blank).keys()
        source = part.given.table.name
        if not labels and target_of(part.given.kind).is_exclusive:
            found[split] = message("{source}: no row has a label.", source=source)
        elif labels and known.isdisjoint(labels):
            found[split] = message(
                "{source}: its labels ({labels}) are others than those trained on.",
                source=source,
                labels=sorted(labels)[:_SHOWN],
            )
    return found


def without_left_out(parts: dict[str, Part], notes: list[Message]) -> dict[str, Part]:
    """The splits that can be measured on; the others are told of."""
    found = left_out_splits(parts)
    for split, why in found.items():
        notes.append(message("{split} left out. {why}", split=SPLIT_NAMES[split], why=why))
    return {split: part for split, part in parts.items() if split not in found}


def without_unusable(part: Part, notes: list[Message]) -> Part:
    """Rows without a text or without a label teach nothing; they are counted, never lost in silence. What is not sure
    about how the file is read is said as well."""
    notes.extend(reading_notes(part.given))
    blank = part.row_index.is_blank
    unlabelled = part.row_index.is_unlabelled & ~blank
    num_blank = int(blank.sum()) + part.given.table.blank.count
    first_blank = min([*part.row_index.first_rows(blank, 1), *part.given.table.blank.rows[:1]], default=0)
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
    left = [_left_out("no_text", part, blank), _left_out("no_label", part, unlabelled)]
    table = part.given.table.blank
    left.append(LeftOut("blank_row", table.count, tuple(table.rows[:NUM_SHOWN])) if table.count else None)
    return part.without(blank | unlabelled, *left)


def _left_out(reason: str, part: Part, mask: Keep, labels: Sequence[str] = ()) -> LeftOut | None:
    count = int((mask & part.keep).sum())
    rows = part.row_index.first_rows(mask & part.keep, NUM_SHOWN)
    return LeftOut(reason, count, rows, tuple(labels)) if count else None


def _unlabelled_note(part: Part, unlabelled: Keep) -> Message:
    values = {
        "split": SPLIT_NAMES[part.given.split],
        "count": int(unlabelled.sum()),
        "row": part.row_index.first_rows(unlabelled, 1)[0],
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
            mended_parts[split] = _dropped(part, np.isin(part.row_index.text_hash, torn), notes)
    if mends.get("duplicates") == "drop":
        for split, part in mended_parts.items():
            mended_parts[split] = _dropped(part, repeated(part), notes)
    if mends.get("no_labels") == "drop":
        for split, part in mended_parts.items():
            mended_parts[split] = _dropped(part, part.row_index.has_none, notes)
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
    return part.without(mask, _left_out("mend", part, mask))


def ragged(part: Part) -> Keep:
    """The rows whose number of cells is not the table's."""
    if "num_fields" not in part.dataset.column_names:
        return np.zeros(len(part.keep), dtype=np.bool_)
    mask: Keep = part.row_index.num_fields != len(part.given.table.columns)
    return mask


def repeated(part: Part) -> Keep:
    """The used rows whose exact text stood in an earlier used row of the same split."""
    used = np.flatnonzero(part.keep)
    _, firsts = np.unique(part.row_index.text_hash[used], return_index=True)
    mask = part.keep.copy()
    mask[used[firsts]] = False
    return mask


def trained_on(part: Part, train: Part) -> Keep:
    """The used rows whose exact text also stands in a used training row."""
    mask: Keep = part.keep & np.isin(part.row_index.text_hash, train.row_index.text_hash[train.keep])
    return mask


def shared_with_others(parts: Mapping[str, Part]) -> Keep:
    """The training rows whose exact text also stands in validation or test."""
    others = [part.row_index.text_hash[part.keep] for split, part in parts.items() if split != "train"]
    train = parts["train"]
    return train.keep & np.isin(train.row_index.text_hash, np.concatenate([np.empty(0, np.uint64), *others]))


def conflicting_hashes(parts: Mapping[str, Part]) -> NDArray[np.uint64]:
    """[texts]: hashes of those that have more than one label over all splits."""
    names = sorted({name for part in parts.values() for name in part.row_index.answers[1]})
    place = {name: index for index, name in enumerate(names)}
    hashes, codes = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for part in parts.values():
        code, known = part.row_index.answers
        table = np.array([place[name] for name in known] or [0], dtype=np.int64)
        hashes.append(part.row_index.text_hash[part.keep])
        codes.append(table[code[part.keep]])
    pairs = np.unique(np.stack([np.concatenate(hashes), np.concatenate(codes).astype(np.uint64)]), axis=1)
    texts, num_labels = np.unique(pairs[0], return_counts=True)
    torn: NDArray[np.uint64] = texts[num_labels > 1]
    return torn


def without_unknown_labels(parts: dict[str, Part], notes: list[Message]) -> dict[str, Part]:
    train = parts["train"]
    known = list(train.row_index.label_counts(train.keep))
    others = {split: known_labels_only(part, known, notes) for split, part in parts.items() if split != "train"}
    for split, part in others.items():
        missing = set(known) - part.row_index.label_counts(part.keep).keys()
        if missing:
            name = SPLIT_NAMES[split]
            notes.append(message("{split}: there is no row of {labels}.", split=name, labels=sorted(missing)[:20]))
    return {"train": train, **others}


def known_labels_only(part: Part, known: Sequence[str], notes: list[Message]) -> Part:
    """A model cannot be right on a label that it never saw: such rows are left out and counted. Of several labels a
    text the known ones are measured."""
    counts = part.row_index.label_counts(part.keep)
    names = sorted(counts.keys() - set(known))
    if not names:
        return part
    unknown = part.row_index.with_any(names) & part.keep
    refuse_no_known_label(part, known)
    values = {"split": SPLIT_NAMES[part.given.split], "count": int(unknown.sum()), "labels": names[:20]}
    if part.row_index.sets is not None:
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
    return part.without(unknown, _left_out("unknown_label", part, unknown, names[:20]))


def refuse_no_known_label(part: Part, known: Sequence[str]) -> None:
    """Raises InputError for rows of which not one has a label that is known: the column is another one, most likely."""
    names = sorted(part.row_index.label_counts(part.keep))
    if not names or set(names) & set(known):
        return
    alike = {label_spelling(label) for label in known} & {label_spelling(label) for label in names}
    raise InputError(
        message(
            "None of its labels ({labels}) is among those trained on ({known}).",
            labels=names[:10],
            known=list(known)[:10],
        ),
        message("{source}, column “{column}”", source=part.given.table.name, column=part.given.roles["label"]),
        message("They are spelled otherwise: --match-spelling takes them for the labels of the model.")
        if alike
        else message("Use the same names for the labels in every file, or choose another column."),
    )


def strangers_in(part: Part, known: Sequence[str]) -> tuple[UnknownLabel, ...]:
    """The labels of used rows that are not `known`, and which known one is spelled nearly so."""
    like = {label_spelling(label): label for label in known}
    found = []
    for label, count in sorted(part.row_index.label_counts(part.keep).items()):
        if label not in known:
            rows = part.row_index.first_rows(part.row_index.with_any([label]) & part.keep, NUM_SHOWN)
            found.append(UnknownLabel(label, count, rows, like.get(label_spelling(label), "")))
    return tuple(found)
