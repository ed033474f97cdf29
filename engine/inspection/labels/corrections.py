"""correct: a label that a person found wrong, written beside the run; undo takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasets import Dataset

from engine.config.tasks.registry import target_kind
from engine.data.splitting.splits import Splits, load_splits
from engine.errors import InputError
from engine.messages import message
from engine.records import TargetKind
from engine.runs.corrections import Correction, Label, correction, corrections_of
from engine.runs.run import Run
from engine.targets import target_of


def correct(run: Run, split: str, row: int, labels: Sequence[str] | None, *, keep: bool = False) -> Correction:
    """Row number `row` (of the source, from 1) of a split gets other labels, or is left out (None), or is kept as it is
    (`keep`). Raises InputError for a row that is not there, and for labels that training does not know."""
    splits, found = _row(run, split, row)
    before = _label(found["label"])
    kind = target_kind(run.config.task)
    after = before if keep else None if labels is None else _wished(labels, kind, splits.labels)
    made = correction(run, split, row, found["text"], before, after)
    corrections_of(run).add(made)
    return made


def undo(run: Run, split: str, row: int) -> Correction:
    """Take the correction of a row back. Raises InputError where there is none."""
    _, found = _row(run, split, row)
    kept = corrections_of(run)
    before = kept.find(row, found["text"])
    if before is None:
        raise InputError(
            message("Row {row} of {split} was not corrected.", row=row, split=split),
            str(kept.path),
            message("There is nothing to undo."),
        )
    kept.remove(row, found["text"])
    return before


def _row(run: Run, split: str, row: int) -> tuple[Splits, dict[str, Any]]:
    config = run.config
    if not config.task.has_labels:
        raise InputError(
            message("This run learned from texts without labels: none of them can be wrong."),
            str(run.path),
            message("Choose a run that sorts texts."),
        )
    splits = load_splits(config.data, config.task, config.seed)
    rows: Dataset | None = splits.splits.get(split)
    if rows is None:
        raise InputError(
            message("The run has no split “{split}”.", split=split),
            str(run.path),
            message("Choose one of: {known}.", known=list(splits.splits)),
        )
    numbers = list(rows["row"])
    if row not in numbers:
        others = [name for name, one in splits.splits.items() if row in one["row"]]
        raise InputError(
            message("{split} has no row {row}.", split=split, row=row),
            "--row",
            message("That row stands in: {known}.", known=others)
            if others
            else message("Rows are counted as in the source, from 1; see the numbers that “suspects” prints."),
        )
    return splits, rows[numbers.index(row)]


def _wished(labels: Sequence[str], kind: TargetKind, known: Sequence[str]) -> Label:
    target = target_of(kind)
    if not target.is_categorical:
        return _number(labels)
    strange = [label for label in labels if label not in known]
    if strange or (target.is_exclusive and len(labels) != 1):
        raise InputError(
            message("There is no label “{label}”.", label=strange[0]) if strange else message("A text has one label."),
            "--label",
            message("Choose one of: {labels}.", labels=list(known[:50])),
        )
    return labels[0] if target.is_exclusive else tuple(sorted(labels))


def _number(labels: Sequence[str]) -> float:
    try:
        (value,) = (float(label) for label in labels)
    except ValueError as error:
        raise InputError(
            message("The label “{value}” is not a number.", value=", ".join(labels)[:60]),
            "--label",
            message("Give one number."),
        ) from error
    return value


def _label(cell: Any) -> Label:
    return tuple(cell) if isinstance(cell, list) else cell
