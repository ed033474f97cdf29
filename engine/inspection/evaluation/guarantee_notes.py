"""What a promise's check is worth, in words: on which rows it was made, and whether it held."""

from __future__ import annotations

from pathlib import Path

from engine.data.sources.layouts import readers_of
from engine.messages import Message, message
from engine.metrics.registry import metric_of
from engine.records import Figure, Promise
from engine.runs.run import Run

_ROWS_OF = {
    "train": message("the training rows"),
    "validation": message("the validation rows"),
    "test": message("the test rows"),
    "data": message("the rows of this file"),
}


def notes_on(made: Promise, measured: Figure, split: str, *, is_other_file: bool) -> tuple[Message, ...]:
    """In the order of their weight. `is_other_file` as in `promising.check_promise`."""
    notes: list[Message] = []
    if split == "validation":
        notes.append(
            message(
                "Precision was measured on the validation rows by which the threshold was chosen, so this is no "
                "independent check. Test rows, or another labelled file, would be one."
            )
        )
    elif split == "train":
        notes.append(message("The model learned from these rows: they say nothing about new texts."))
    is_broken = measured.high < made.precision
    if is_broken:
        notes.append(
            message(
                "The promise does not hold on {rows}: precision is {measured} there, and its whole interval ({low} to "
                "{high}) lies below {target}.",
                rows=_ROWS_OF[split],
                measured=metric_of("precision").in_log(measured.value),
                low=metric_of("precision").in_log(measured.low),
                high=metric_of("precision").in_log(measured.high),
                target=metric_of("precision").in_log(made.precision),
            )
        )
    if is_other_file:
        notes.append(
            message(
                "The validation rows were held back from the training file. Where rows of one file are related, they "
                "are easier than new texts: name validation data from where the texts will come from."
            )
            if is_broken
            else message(
                "The validation rows were held back from the training file; where its rows are related, a promise "
                "made on them flatters. What counts is the precision on {rows}.",
                rows=_ROWS_OF[split],
            )
        )
    return tuple(notes)


def was_held_back(run: Run, checked: str) -> bool:
    """Whether validation is a part of the training file, and what is checked on is another one."""
    is_other = checked == "data" or (checked == "test" and _is_own(run, "test"))
    return is_other and not _is_own(run, "validation")


def _is_own(run: Run, split: str) -> bool:
    """Whether a split was named, or lies in the source of the training data."""
    data = run.config.data
    if getattr(data, split) is not None:
        return True
    if not isinstance(data.train, str) or not Path(data.train).expanduser().is_dir():
        return False
    return split in readers_of(data.train)
