"""The splits as a person gave them: tables whose columns have roles; nothing is mended or divided yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.config.data import DataConfig, Source
from engine.data.roles import ROLES, guess_roles, is_mostly_numbers, resolve_roles
from engine.data.sources import BUILTIN, Table, read_table, read_tables, refuse_single_line, role_sample
from engine.errors import InputError
from engine.messages import message

SPLITS = ("train", "validation", "test")
SPLIT_NAMES = {
    "train": message("Training data"),
    "validation": message("Validation data"),
    "test": message("Test data"),
}


@dataclass(frozen=True)
class Given:
    """A table and the columns that hold its texts and labels ({"text": ..., "label": ...})."""

    split: str
    table: Table
    roles: dict[str, str]

    @property
    def is_builtin(self) -> bool:
        return self.table.name == BUILTIN

    def has_numeric_texts(self) -> bool:
        cells = role_sample(self.table)[self.roles["text"]]
        return is_mostly_numbers([cell for cell in cells if cell.strip()] or [""])


def given_splits(data: DataConfig, seed: int) -> dict[str, Given]:
    """Train, and what validation and test data were named or lie in the source of the training data.

    Raises InputError for sources that cannot be read and for columns that are missing or cannot be guessed.
    """
    tables = read_tables(data.train, data.builtin, seed)
    for split, source in (("validation", data.validation), ("test", data.test)):
        if source is not None and source != data.train:
            tables[split] = read_table(source, data.builtin, seed, split)
    train = Given("train", tables["train"], _roles(tables["train"], data.columns))
    others: dict[str, Given] = {
        split: Given(split, tables[split], _roles_like(train, tables[split]))
        for split in ("validation", "test")
        if split in tables
    }
    return {"train": train, **others}


def given_alone(data: DataConfig, source: Source, seed: int) -> Given:
    """One more source to measure on. Raises InputError."""
    table = read_table(source, data.builtin, seed, "test")
    return Given("test", table, _roles(table, data.columns))


def _roles(table: Table, named: Mapping[str, str]) -> dict[str, str]:
    roles = resolve_roles(table.columns, {role: named[role] for role in ROLES if role in named}, table.name)
    missing = [role for role in ROLES if role not in roles]
    if missing:
        free = [column for column in table.columns if column not in roles.values()]
        roles |= guess_roles(free, role_sample(table), table.has_header, missing)
    for role in ROLES:
        if role not in roles:
            refuse_single_line(table)
            raise _no_column(table, role)
    if roles["text"] == roles["label"]:
        raise InputError(
            message("Text and label are the same column “{column}”.", column=roles["text"]),
            table.name,
            message("Choose one of: {columns}.", columns=list(table.columns)),
        )
    return roles


def _roles_like(train: Given, table: Table) -> dict[str, str]:
    """The training data's columns by name; without names by place or, where the width differs, by a guess."""
    if all(column in table.columns for column in train.roles.values()):
        return train.roles
    if len(table.columns) == len(train.table.columns) and not (table.has_header and train.table.has_header):
        return {role: table.columns[train.table.columns.index(column)] for role, column in train.roles.items()}
    return _roles(table, {role: column for role, column in train.roles.items() if table.has_header})


def _no_column(table: Table, role: str) -> InputError:
    what = message("No column of labels was found.") if role == "label" else message("No column of texts was found.")
    return InputError(
        what,
        table.name,
        message(
            "Name it (data.{role}=COLUMN); the columns are: {columns}.",
            role=role,
            columns=[column.strip() for column in table.columns],
        ),
    )
