"""The splits as a person gave them: tables whose columns have roles; nothing is mended or divided yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "unlabelled": message("Texts without labels"),
}


@dataclass(frozen=True)
class Given:
    """A table and the columns that hold its texts and labels ({"text": ..., "label": ...}), or its texts alone."""

    split: str
    table: Table
    roles: dict[str, str]

    @property
    def is_builtin(self) -> bool:
        return self.table.name == BUILTIN

    def has_numeric_texts(self) -> bool:
        cells = role_sample(self.table)[self.roles["text"]]
        return is_mostly_numbers([cell for cell in cells if cell.strip()] or [""])


def given_splits(data: DataConfig, seed: int, wanted: Sequence[str] = ROLES) -> dict[str, Given]:
    """Train, and what validation and test data were named or lie in the source of the training data, with a column for
    each of the `wanted` roles.

    Raises InputError for sources that cannot be read and for columns that are missing or cannot be guessed.
    """
    has_labels = "label" in wanted
    tables = read_tables(data.train, data.builtin, seed, has_labels=has_labels)
    for split, source in (("validation", data.validation), ("test", data.test)):
        if source is not None and source != data.train:
            tables[split] = read_table(source, data.builtin, seed, split, has_labels=has_labels)
    train = Given("train", tables["train"], _roles(tables["train"], data.columns, wanted))
    others: dict[str, Given] = {
        split: Given(split, tables[split], _roles_like(train, tables[split]))
        for split in ("validation", "test")
        if split in tables
    }
    return {"train": train, **others}


def given_alone(data: DataConfig, source: Source, seed: int, wanted: Sequence[str] = ROLES) -> Given:
    """One more source to measure on. Raises InputError."""
    table = read_table(source, data.builtin, seed, "test", has_labels="label" in wanted)
    return Given("test", table, _roles(table, data.columns, wanted))


def given_unlabelled(data: DataConfig, source: Source, text_column: str, seed: int) -> Given:
    """More texts; their column is called as in the training data (`text_column`), else guessed. Labels are ignored.

    Built-in ones are others than those trained on. Raises InputError.
    """
    table = read_table(source, data.builtin, seed + 1, has_labels=False)
    named = {"text": text_column} if text_column in table.columns else {}
    return Given("unlabelled", table, _roles(table, named, ("text",)))


def _roles(table: Table, named: Mapping[str, str], wanted: Sequence[str]) -> dict[str, str]:
    roles = resolve_roles(table.columns, {role: named[role] for role in wanted if role in named}, table.name)
    missing = [role for role in wanted if role not in roles]
    if missing:
        free = [column for column in table.columns if column not in roles.values()]
        roles |= guess_roles(free, role_sample(table), table.has_header, missing)
    for role in wanted:
        if role not in roles:
            refuse_single_line(table)
            raise _no_column(table, role)
    if roles["text"] == roles.get("label"):
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
    named = train.roles if table.has_header else {}
    return _roles(table, named, tuple(train.roles))


def _no_column(table: Table, role: str) -> InputError:
    if table.name == BUILTIN:
        return InputError(
            message("The built-in captions have no labels."),
            "data.builtin.topic",
            message("Choose reviews or messages, or a task that needs no labels."),
        )
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
