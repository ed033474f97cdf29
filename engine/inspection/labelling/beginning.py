"""begin_labelling: a project of the texts of any source, each text once."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from engine.config.data import DataConfig
from engine.config.roles import TEXT
from engine.data.columns.roles import resolve_roles
from engine.data.sources.tables import ROW, Table, guessed_roles, read_tables, role_sample
from engine.errors import InputError
from engine.inspection.subjects.cooperative import beside
from engine.messages import message
from engine.records import Progress
from engine.runs.labelling import Labelling

LEAST_TEXTS = 10
_MOST_LABELS = 200


def begin_labelling(
    data: DataConfig,
    labels: Sequence[str],
    folder: Path,
    *,
    name: str | None = None,
    path: Path | None = None,
    seed: int = 0,
) -> Generator[Progress, None, Labelling]:
    """A new project in `folder` (or at `path`) of the texts of `data.train`: its column of texts, `data.columns` or a
    guess; labels that the file may have are not looked at. Texts that differ by spaces alone are asked about once.

    Raises InputError for fewer than two labels, a source that cannot be read, and fewer than ten texts.
    """
    names = _sound(labels)
    return (yield from beside(lambda: _made(data, names, folder, name, path, seed)))


def _sound(labels: Sequence[str]) -> list[str]:
    names = list(dict.fromkeys(" ".join(label.split()) for label in labels if label.strip()))
    if len(names) < 2:
        raise InputError(
            message("Labelling needs two labels at least."),
            ", ".join(names),
            message("Name them, as in --labels spam,ham; more can be added later."),
        )
    if len(names) > _MOST_LABELS:
        raise InputError(
            message("There are {count} different labels.", count=len(names)),
            ", ".join(names[:20]),
            message("Begin with {most} at most.", most=_MOST_LABELS),
        )
    return names


def _made(
    data: DataConfig, labels: Sequence[str], folder: Path, name: str | None, path: Path | None, seed: int
) -> Labelling:
    table = read_tables(data.train, data.builtin, seed, has_labels=False, reading=data.reading)["train"]
    column = _text_column(table, data)
    cells = table.dataset[column]
    numbers = table.dataset[ROW] if ROW in table.dataset.column_names else range(1, len(cells) + 1)
    first: dict[str, int] = {}
    rows: list[int] = []
    texts: list[str] = []
    others: list[list[int]] = []
    num_empty = 0
    for row, text in zip(numbers, cells, strict=True):
        key = " ".join(text.split())
        if not key:
            num_empty += 1
        elif key in first:
            others[first[key]].append(row)
        else:
            first[key] = len(rows)
            rows.append(row)
            texts.append(text)
            others.append([])
    if len(rows) < LEAST_TEXTS:
        raise InputError(
            message("There are {count:plural:text:texts} to label.", count=len(rows)),
            table.name,
            message("Choose a file with {least} different texts at least.", least=LEAST_TEXTS),
        )
    order = np.argsort(np.array(rows), kind="stable").tolist()
    kept = pa.table(
        {
            "row": pa.array([rows[one] for one in order], pa.int64()),
            "text": pa.array([texts[one] for one in order], pa.string()),
            "others": pa.array([others[one] for one in order], pa.list_(pa.int64())),
        }
    )
    source = data.train if isinstance(data.train, str) else ", ".join(data.train)
    return Labelling.create(
        folder, source, column, kept, labels, name=name, path=path, num_left_out=num_empty, seed=seed
    )


def _text_column(table: Table, data: DataConfig) -> str:
    sample = role_sample(table)
    named = {TEXT.key: data.columns[TEXT.key]} if data.columns.get(TEXT.key) else {}
    roles = resolve_roles(table.columns, named, table.name, sample)
    roles = roles or guessed_roles(table, sample, wanted=(TEXT,))
    if TEXT.key not in roles:
        raise InputError(
            message("No column of texts was found."),
            table.name,
            message("Say which it is: {columns}.", columns=list(table.columns)),
        )
    return roles[TEXT.key]
