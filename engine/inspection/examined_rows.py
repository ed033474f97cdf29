"""rows_to_examine: the rows of a split or file, with their labels where they have some."""

from __future__ import annotations

import numpy as np
from datasets import Dataset

from engine.config.data import Source
from engine.data.sources import ROW, Table, guessed_roles, role_sample
from engine.errors import InputError
from engine.inspection.answers import positive_label_of
from engine.inspection.labelled import labelled_table
from engine.inspection.subjects import Trained
from engine.inspection.texts import table_of
from engine.runs.model_folder import Subject
from engine.runs.run import Run


def rows_to_examine(
    subject: Subject, model: Trained, source: Source | None, split: str | None
) -> tuple[Dataset, str, str | None]:
    """(rows with the columns row, text and perhaps label, the split's name, the positive label). A file in which
    nothing could be a label has texts alone. Raises InputError for rows that cannot be read, labels that do not fit."""
    try:
        table, name, _, positive = labelled_table(subject, model, source, split)
        return table, name, positive
    except InputError:
        if source is None:
            raise
        given, column = table_of(subject, source, "test")
        if _has_labels(given, column):
            raise
        return _texts_alone(given, column), "data", positive_label_of(subject) if isinstance(subject, Run) else None


def _has_labels(table: Table, text: str) -> bool:
    """Whether another column could be one of labels, and is filled."""
    rest = [name for name in table.columns if name != text]
    cells = role_sample(table)
    found = guessed_roles(table, cells, rest, ("label",))
    return "label" in found and any(cell.strip() for cell in cells[found["label"]])


def _texts_alone(table: Table, column: str) -> Dataset:
    rows = table.dataset.select_columns([ROW, column])
    rows = rows.rename_column(column, "text") if column != "text" else rows
    filled = np.flatnonzero([bool(text.strip()) for text in rows["text"]])
    return rows if len(filled) == len(rows) else rows.select(filled)
