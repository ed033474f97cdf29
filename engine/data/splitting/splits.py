"""Train, validation and test as a run uses them: mended, without rows that cannot be used, divided where missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray

from engine.config.data import DataConfig, Source
from engine.config.roles import ROLES
from engine.config.tasks.registry import Task, target_kind, type_of
from engine.data.builtin.samples import with_label_noise
from engine.data.cleaning.row_index import index_rows
from engine.data.columns.label_spellings import Spellings
from engine.data.sources.source_splits import SPLIT_NAMES, SPLITS, given_alone
from engine.data.splitting.corpus import few_texts_note, num_different, refuse_poor_corpus, without_texts_trained_on
from engine.data.splitting.corrections import corrected, corrected_parts, without_lost_labels
from engine.data.splitting.stratified_split import divided, drawn
from engine.data.splitting.unlabelled import Unlabelled, joined, load_unlabelled, rows_without_label
from engine.data.splitting.usable_rows import (
    Part,
    known_labels_only,
    read_part,
    read_parts,
    refuse_no_known_label,
    spelled,
    strangers_in,
    with_row_mends,
    without_left_out,
    without_unknown_labels,
    without_unusable,
)
from engine.errors import InputError
from engine.messages import Message, message
from engine.records import WRONG_IF_UNKNOWN, LabelRule, LeftOut, UnknownLabel
from engine.runs.correction_files import Correction, read_corrections

_MAX_LABELS = 1000
_LEAST_GROUPS = 20
_NEARLY_EQUAL = 0.9
"""Two labels whose rows differ by less count as equally frequent: chance must not choose the positive one."""


@dataclass(frozen=True)
class Splits:
    """`splits` are "train", "validation" and, where there is one, "test", with the columns row (int64, as in the
    source), text and label (string, a sorted list of strings where a text may have several, or float64 for a numeric
    target; missing for a task without labels); built-in texts with labels also have evidence and kind. `labels` are
    sorted, empty for a numeric target and for none.
    `notes` say what was left out or made. `unlabelled` are texts for what needs no labels, with the columns row and
    text: training rows without a label, then those of `data.unlabelled`, of which `more` tells. `left_out` says of each
    given split which of its rows are not among them; `strangers` are labels of rows to measure on that the model does
    not know."""

    splits: dict[str, Dataset]
    labels: tuple[str, ...]
    positive_label: str | None
    facts: dict[str, str]
    notes: list[Message]
    unlabelled: Dataset | None = None
    more: Unlabelled | None = None
    left_out: Mapping[str, tuple[LeftOut, ...]] = field(default_factory=dict)
    strangers: tuple[UnknownLabel, ...] = ()


def load_splits(data: DataConfig, task: Task, seed: int) -> Splits:
    """Read, mend and divide. The same arguments and files give the same rows.

    Raises InputError for data that cannot be trained on: unreadable, empty, one label only, no labels, texts that are
    numbers (unless `mends.numeric_text` is "allow"), validation labels that training does not know; for a task without
    labels fewer than ten different texts, or one word.
    """
    notes: list[Message] = []
    corrections = read_corrections(data.corrections) if task.has_labels else ()
    parts = read_parts(data, task, seed)
    notes.extend(_other_columns(parts))
    _refuse_numeric_texts(parts["train"], data.mends)
    parts = without_left_out(parts, notes) if task.has_labels else parts
    parts = {split: without_unusable(part, notes) for split, part in parts.items()}
    _refuse_empty(parts)
    parts = with_row_mends(parts, data.mends, notes, lambda now: corrected_parts(now, corrections)[0])
    parts["train"] = _at_most(parts["train"], data.max_rows, seed)
    parts = _with_sound_labels(parts, task, notes) if task.has_labels else _as_corpora(parts, task, notes)
    splits = _divided(parts, data, seed, notes)
    counts = label_counts_of(splits["train"]) if task.has_classes else {}
    if parts["train"].given.is_builtin and task.has_labels:
        splits["train"] = with_label_noise(splits["train"], data.builtin.label_noise, seed)
    if corrections:
        splits = _corrected(splits, corrections, task, notes)
        counts = label_counts_of(splits["train"]) if task.has_classes else {}
    labels = tuple(sorted(counts))
    facts = _facts(parts["train"])
    more = load_unlabelled(data, splits, facts.get("text column", ""), seed)
    notes.extend(more.notes() if more else [])
    unlabelled = joined([rows_without_label(parts["train"], splits), more.dataset if more else None])
    left_out = {split: part.left_out for split, part in parts.items()}
    return Splits(splits, labels, positive_label(counts, task), facts, notes, unlabelled, more, left_out)


def load_evaluation(
    data: DataConfig,
    task: Task,
    source: Source,
    labels: tuple[str, ...],
    seed: int = 0,
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Splits:
    """Another source as the split "test", mended as the run's data were. Rows whose label is not in `labels` keep it
    (`strangers`), or are left out with a note, as the `rule` says. Raises InputError."""
    notes: list[Message] = []
    mends = {**data.mends, "label_spelling": "merge"} if rule.match_spelling else data.mends
    given = given_alone(data, source, seed, type_of(task).roles, kind=target_kind(task), labels=labels)
    read_as = spelled({"test": given}, mends, labels) if task.has_labels else Spellings()
    part = without_unusable(read_part(given, mends, read_as, task), notes)
    if not part.keep.any():
        raise no_rows(part)
    strangers: tuple[UnknownLabel, ...] = ()
    if task.has_classes and rule.leave_out:
        part = known_labels_only(part, labels, notes)
    elif task.has_classes:
        refuse_no_known_label(part, labels)
        strangers = strangers_in(part, labels)
    used = part.used()
    if task.has_labels and (corrections := read_corrections(data.corrections)):
        used = corrected({"test": used}, corrections, labels).splits["test"]
    left_out = {"test": part.left_out}
    return Splits({"test": used}, labels, task.positive, _facts(part), notes, None, None, left_out, strangers)


def _corrected(
    splits: dict[str, Dataset], corrections: Sequence[Correction], task: Task, notes: list[Message]
) -> dict[str, Dataset]:
    known = label_counts_of(splits["train"]) if task.has_classes else {}
    found = corrected(splits, corrections, known)
    notes.extend(found.notes())
    return without_lost_labels(found.splits, notes) if task.has_classes else found.splits


def _refuse_empty(parts: Mapping[str, Part]) -> None:
    """Raises InputError for validation or test data of which no row can be measured."""
    for split, part in parts.items():
        if split != "train" and not part.keep.any():
            raise no_rows(part)


def _with_sound_labels(parts: dict[str, Part], task: Task, notes: list[Message]) -> dict[str, Part]:
    _refuse_useless_labels(parts["train"], task)
    return parts if task.has_numbers else without_unknown_labels(parts, notes)


def _at_most(part: Part, max_rows: int | None, seed: int) -> Part:
    """So many of the usable rows, drawn evenly; labels that none of them has are then unknown to the other splits."""
    used = np.flatnonzero(part.keep)
    if max_rows is None or max_rows >= len(used):
        return part
    kept = np.zeros_like(part.keep)
    kept[used[drawn(part.row_index.label[used], max_rows, seed)]] = True
    return part.without(~kept)


def _as_corpora(parts: dict[str, Part], task: Task, notes: list[Message]) -> dict[str, Part]:
    refuse_poor_corpus(parts["train"])
    few = few_texts_note(num_different(parts["train"]))
    notes.extend([few] if few else [])
    return parts if type_of(task).measures_repeats else without_texts_trained_on(parts, notes)


def _refuse_numeric_texts(part: Part, mends: Mapping[str, str]) -> None:
    if mends.get("numeric_text") != "allow" and part.given.has_numeric_texts():
        raise InputError(
            message("The column of texts holds numbers."),
            message(
                "{source}, column “{column}”",
                source=part.given.table.name,
                column=part.given.roles[part.given.text_columns[0]],
            ),
            message("Choose another one (data.text=COLUMN): {columns}.", columns=list(part.given.table.columns)),
        )


def _refuse_useless_labels(part: Part, task: Task) -> None:
    if not part.keep.any():
        raise no_rows(part)
    if task.has_numbers:
        return
    where = message("{source}, column “{column}”", source=part.given.table.name, column=part.given.roles["label"])
    used = part.row_index.label[part.keep]
    if len(used) == 1:
        raise InputError(
            message("There is a single row."),
            part.given.table.name,
            message("Training needs at least a few rows of each label."),
        )
    if part.row_index.sets is not None:
        _refuse_useless_sets(part, where)
        return
    num_labels = len(np.unique(used))
    if num_labels == 1:
        raise InputError(
            message("Every row has the same label “{label}”.", label=part.row_index.labels[int(used[0])]),
            where,
            message("Choose another column (data.label=COLUMN), or add rows with other labels."),
        )
    if num_labels > _MAX_LABELS and num_labels > len(used) / 2:
        raise InputError(
            message("The column of labels holds {count} different values.", count=num_labels),
            where,
            message("Choose a column with few values (data.label=COLUMN), or mean squared error for numbers."),
        )


def _refuse_useless_sets(part: Part, where: Message) -> None:
    counts = part.row_index.label_counts(part.keep)
    if not counts:
        raise InputError(
            message("No row has a label."), where, message("Choose another column of labels (data.label=COLUMN).")
        )
    if len(np.unique(part.row_index.answers[0][part.keep])) == 1:
        raise InputError(
            message("Every row has the same labels: {labels}.", labels=sorted(counts)[:20]),
            where,
            message("Choose another column (data.label=COLUMN), or add rows with other labels."),
        )
    if len(counts) > _MAX_LABELS:
        raise InputError(
            message("There are {count} different labels.", count=len(counts)),
            where,
            message(
                "At most {most} can be learned. Say what stands between labels (data.label_separator).",
                most=_MAX_LABELS,
            ),
        )


def no_rows(part: Part) -> InputError:
    """Why a part has no row that can be used."""
    if "label" in part.given.roles and part.row_index.is_unlabelled.all():
        where = message("{source}, column “{column}”", source=part.given.table.name, column=part.given.roles["label"])
        return InputError(
            message("No row has a label."), where, message("Choose another column of labels (data.label=COLUMN).")
        )
    return InputError(
        message("No row is left to use."), part.given.table.name, message("Choose other mends, or other data.")
    )


def _divided(parts: dict[str, Part], data: DataConfig, seed: int, notes: list[Message]) -> dict[str, Dataset]:
    """Given splits as they are; the missing ones from the training rows."""
    train = parts["train"]
    used = np.flatnonzero(train.keep)
    shares = {"validation": data.validation_share, "test": data.test_share}
    shares = {split: share for split, share in shares.items() if split not in parts and share > 0}
    if sum(shares.values()) >= 1:
        raise InputError(
            message("The shares of validation and test leave nothing to learn from."),
            "data.validation_share, data.test_share",
            message("Choose shares that are less than 1 together, such as 0.1 and 0.1."),
        )
    places = divided(_together(train, used), _strata(train, used), shares, seed)
    made = {split: train.dataset.select(used[indices]) for split, indices in places.items() if len(indices)}
    splits = made | {split: part.used() for split, part in parts.items() if split != "train"}
    if "validation" not in splits:
        raise InputError(
            message("There are too few rows to hold some back for validation."),
            train.given.table.name,
            message("Every label needs two different texts or more; or name validation data of their own.")
            if "label" in train.given.roles
            else message("Give more different texts; or name validation data of their own."),
        )
    for split in shares:
        if split not in made:
            notes.append(
                message("{split}: no row could be held back from the training data.", split=SPLIT_NAMES[split])
            )
            continue
        notes.append(
            message(
                "{split}: {count:plural:row:rows} held back from the training data.",
                split=SPLIT_NAMES[split],
                count=len(made[split]),
            )
        )
    return {split: _plain(splits[split]) for split in SPLITS if split in splits}


def _together(part: Part, used: NDArray[np.int64]) -> NDArray[np.uint64]:
    """[rows used]: equal for rows that go to the same part: those of equal texts or, where there are enough of them, of
    equal passages."""
    kept = [role for role in part.given.text_columns if ROLES[role].stays_together]
    if kept:
        groups = index_rows(part.dataset.select(used), kept).text_hash
        if len(np.unique(groups)) >= _LEAST_GROUPS:
            return groups
    return part.row_index.text_hash[used]


def _strata(part: Part, used: NDArray[np.int64]) -> NDArray[np.int32]:
    """Labels; for the built-in reviews labels within each kind, so that every part has all of the kinds."""
    codes = part.row_index.label[used]
    if "kind" not in part.dataset.column_names:
        return codes
    kinds = np.unique(part.dataset["kind"], return_inverse=True)[1][used]
    combined: NDArray[np.int32] = (codes * (kinds.max() + 1) + kinds).astype(np.int32)
    return combined


def _plain(split: Dataset) -> Dataset:
    return split.remove_columns([name for name in split.column_names if name == "num_fields"])


def positive_label(counts: Mapping[str, int], task: Task) -> str | None:
    """The chosen one; of two labels else the rarer, or the last by alphabet when both are about as frequent ("1" of "0"
    and "1", "pos" of "neg" and "pos"). `counts` are training rows a label. Of several labels a text none is.

    Raises InputError for a chosen label that does not occur.
    """
    labels = sorted(counts)
    if task.is_multi_label:
        return None
    if task.positive is not None and labels:
        if task.positive not in labels:
            raise InputError(
                message("There is no label “{label}”.", label=task.positive),
                "task.positive_label",
                message("Choose one of: {labels}.", labels=labels[:50]),
            )
        return task.positive
    if len(labels) != 2:
        return None
    fewer, more = sorted(labels, key=lambda label: counts[label])
    return max(labels) if counts[fewer] >= _NEARLY_EQUAL * counts[more] else fewer


def label_counts_of(split: Dataset) -> dict[str, int]:
    """Rows a label."""
    found = index_rows(split)
    return found.label_counts(np.ones(len(found.row), dtype=np.bool_))


def _other_columns(parts: Mapping[str, Part]) -> list[Message]:
    """What a split's columns are called where training calls them otherwise."""
    train = parts["train"].given
    return [
        message("{source}: “{column}” is read as “{other}”.", source=part.given.table.name, column=name, other=other)
        for split, part in parts.items()
        for role, name in part.given.roles.items()
        if split != "train" and part.given.table.has_header and train.table.has_header
        if name != (other := train.roles.get(role, name))
    ]


def _facts(part: Part) -> dict[str, Any]:
    return {**part.given.table.facts, **{f"{role} column": name for role, name in part.given.roles.items()}}
