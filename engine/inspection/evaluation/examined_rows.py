"""rows_to_examine: the rows of a split or file, with their labels where they have some."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.config.data import Source
from engine.config.roles import LABEL
from engine.data.sources.tables import ROW, Table, guessed_roles, role_sample
from engine.errors import InputError
from engine.inspection.prediction.labelled_rows import labelled_table
from engine.inspection.prediction.split_answers import ReadRows, positive_label_of
from engine.inspection.prediction.texts_with_evidence import table_of
from engine.inspection.subjects.loaded_models import Trained, trained
from engine.records import WRONG_IF_UNKNOWN, LabelRule, LeftOut
from engine.records.answers import NUM_SHOWN
from engine.runs.model_folder import Subject
from engine.runs.run import Run


def rows_to_examine(
    subject: Subject,
    model: Trained,
    source: Source | None,
    split: str | None,
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> ReadRows:
    """A file in which nothing could be a label has texts alone. Raises InputError for rows that cannot be read, labels
    that do not fit."""
    try:
        return labelled_table(subject, model, source, split, rule)
    except InputError:
        if source is None:
            raise
        given, column = table_of(subject, source, "test")
        if _has_labels(given, column):
            raise
        return replace(
            _texts_alone(given, column), positive=positive_label_of(subject) if isinstance(subject, Run) else None
        )


def _has_labels(table: Table, text: str) -> bool:
    """Whether another column could be one of labels, and is filled."""
    rest = [name for name in table.columns if name != text]
    cells = role_sample(table)
    found = guessed_roles(table, cells, rest, (LABEL,))
    return "label" in found and any(cell.strip() for cell in cells[found["label"]])


def _texts_alone(table: Table, column: str) -> ReadRows:
    rows = table.dataset.select_columns([ROW, column])
    rows = rows.rename_column(column, "text") if column != "text" else rows
    is_filled = np.array([bool(text.strip()) for text in rows["text"]])
    left_out = [LeftOut("blank_row", table.blank.count, tuple(table.blank.rows[:NUM_SHOWN]))]
    blank = np.array(rows[ROW])[~is_filled].tolist()
    left_out.append(LeftOut("no_text", len(blank), tuple(blank[:NUM_SHOWN])))
    chosen = rows if is_filled.all() else rows.select(np.flatnonzero(is_filled))
    return ReadRows(chosen, "data", tuple(one for one in left_out if one.count))


def textless_in(subject: Subject, source: Source) -> tuple[LeftOut, ...]:
    """The rows of a file that have no text. Raises InputError."""
    return _texts_alone(*table_of(subject, source, "test")).left_out


def left_out_of(
    subject: Subject, source: Source | None = None, split: str | None = None, checkpoint: str = "best"
) -> tuple[LeftOut, ...]:
    """Which rows of a labelled file, or of a split of the run's data, nothing is measured on where a label has to be
    one of the model's. Raises InputError."""
    if isinstance(subject, Run) and not subject.config.task.has_labels:
        return ()
    return rows_to_examine(subject, trained(subject, checkpoint), source, split, LabelRule(leave_out=True)).left_out
