"""further_columns: what else the source says of each row, beside its texts and labels."""

from __future__ import annotations

import numpy as np
from datasets import Dataset

from engine.config.data import DataConfig, Source
from engine.config.roles import LABEL, TEXT, Role
from engine.config.tasks.registry import target_kind, type_of
from engine.data.sources.source_splits import SourceSplits, given_alone, source_splits
from engine.data.sources.tables import ROW
from engine.runs.model_folder import ModelFolder, Subject

MOST_COLUMNS = 12
_LONGEST_CELL = 200
"""Characters that a column's cells have at most in the mean: what is longer is another text, not a fact about one."""

_SAMPLE = 500


def further_columns(
    subject: Subject, source: Source | None, split: str, rows: np.ndarray, *, has_labels: bool = True
) -> dict[str, list[str]]:
    """{column: cells in the order of `rows`} of a file, or of the table that a split of the run's data came from, whose
    row numbers `rows` [rows] are. At most 12 columns, in the table's order; none of them is a text or a label."""
    given = _given(subject, source, split, has_labels)
    if given is None:
        return {}
    table = given.table.dataset
    names = [name for name in _names(given) if _is_short(table, name)][:MOST_COLUMNS]
    if not names:
        return {}
    numbers = np.array(table[ROW], dtype=np.int64)
    order = np.argsort(numbers, kind="stable")
    places = order[np.searchsorted(numbers, rows, sorter=order)]
    chosen = table.select_columns(names).select(places)
    cells: dict[str, list[str]] = chosen[:]
    return cells


def _given(subject: Subject, source: Source | None, split: str, has_labels: bool) -> SourceSplits | None:
    """The table that the rows were read from; None for texts that a generator invented."""
    wanted: tuple[Role, ...] = (TEXT, LABEL) if has_labels else (TEXT,)
    if isinstance(subject, ModelFolder):
        return given_alone(DataConfig(), source, 0, wanted) if source is not None else None
    config = subject.config
    if not config.task.has_labels:
        if not type_of(config.task).says:
            return None
        wanted = type_of(config.task).roles
    if source is not None:
        return given_alone(config.data, source, config.seed, wanted, kind=target_kind(config.task))
    tables = source_splits(config.data, config.seed, wanted, kind=target_kind(config.task))
    return tables.get(split, tables["train"])  # what was not given was held back from the training data


def _names(given: SourceSplits) -> list[str]:
    taken = {*given.roles.values(), *given.label_columns}
    extra = ("kind",) if given.is_builtin and "kind" in given.table.dataset.column_names else ()
    return [name for name in (*given.table.columns, *extra) if name not in taken]


def _is_short(table: Dataset, name: str) -> bool:
    step = max(1, len(table) // _SAMPLE)
    cells = table.select(range(0, len(table), step)).select_columns([name])[:][name]
    return sum(map(len, cells)) <= _LONGEST_CELL * len(cells)
