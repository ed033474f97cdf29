"""The splits as a person gave them: tables whose columns have roles; nothing is mended or divided yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from engine.config.data import DataConfig, Source
from engine.config.reading import AUTO, Reading
from engine.config.roles import LABEL, ROLES, TEXT, Role
from engine.data.columns.decimal_signs import Decimal, decimal_sign
from engine.data.columns.label_lists import BY_PLACE, listing_sign, place_names, separator_of
from engine.data.columns.nested_cells import described, pieces_told
from engine.data.columns.roles import TEXT_AND_LABEL, is_mostly_numbers, resolve_columns, resolve_roles
from engine.data.sources.dialogue_tables import with_dialogues
from engine.data.sources.tables import (
    BUILTIN,
    Table,
    guessed_roles,
    read_table,
    read_tables,
    refuse_single_line,
    role_sample,
)
from engine.errors import InputError
from engine.messages import Message, message
from engine.records import TargetKind
from engine.targets import target_of

SPLITS = ("train", "validation", "test")
SPLIT_NAMES = {
    "train": message("Training data"),
    "validation": message("Validation data"),
    "test": message("Test data"),
    "unlabelled": message("Texts without labels"),
}


@dataclass(frozen=True)
class SourceSplits:
    """A table and the columns that hold its texts and labels ({"text": ..., "label": ...}), or its texts alone.

    `kind` says how the labels are read. Of several labels a text, `separator` stands between those of a cell; where
    each has a column of its own, `label_columns` are those, and the role's column are all their names. `places` are the
    names of the places in lists of 0 and 1, where the column's name tells them. `is_named`: a person chose this source
    for this split. `left_out` are splits beside it whose columns do not fit, and why.
    """

    split: str
    table: Table
    roles: dict[str, str]
    kind: TargetKind = "one"
    separator: str = ""
    label_columns: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    is_named: bool = True
    left_out: Mapping[str, Message] = field(default_factory=dict)

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The roles that are read."""
        return tuple(role for role in self.roles if ROLES[role].is_text)

    @property
    def needed_columns(self) -> tuple[str, ...]:
        """The roles that are read, and without which there is nothing to read."""
        return tuple(role for role in self.text_columns if not ROLES[role].may_be_empty)

    @property
    def is_builtin(self) -> bool:
        return self.table.name == BUILTIN

    def decimal_sign(self) -> Decimal:
        """What stands before the fraction of the labels, where they are numbers."""
        if self.table.decimal != AUTO:
            return "comma" if self.table.decimal == "comma" else "point"
        return decimal_sign(role_sample(self.table)[self.roles["label"]]) or "point"

    def has_numeric_texts(self) -> bool:
        cells = role_sample(self.table)[self.roles[self.text_columns[0]]]
        return is_mostly_numbers([cell for cell in cells if cell.strip()] or [""])


def source_splits(
    data: DataConfig, seed: int, wanted: Sequence[Role] = TEXT_AND_LABEL, *, kind: TargetKind = "one"
) -> dict[str, SourceSplits]:
    """Train, and what validation and test data were named or lie in the source of the training data, with a column for
    each of the `wanted` roles. What stands between several labels is found out in the training data.

    A split that nobody named, and whose columns do not fit, is left out. Raises InputError for sources that cannot be
    read and for columns that are missing or cannot be guessed.
    """
    has_labels = LABEL in wanted
    tables = read_tables(data.train, data.builtin, seed, has_labels=has_labels, reading=data.reading)
    for split, source in (("validation", data.validation), ("test", data.test)):
        if source is not None and source != data.train:
            tables[split] = read_table(source, data.builtin, seed, split, has_labels=has_labels, reading=data.reading)
    tables = {split: _with_turns(table, data.columns, wanted) for split, table in tables.items()}
    train = _given("train", tables["train"], data, wanted, kind)
    named = {"validation": data.validation, "test": data.test}
    others: dict[str, SourceSplits] = {}
    left_out: dict[str, Message] = {}
    for split in [split for split in named if split in tables]:
        is_named = named[split] is not None
        try:
            columns = _columns_like(train, tables[split])
        except InputError as error:
            if is_named:
                raise
            left_out[split] = message("{source}: {what}", source=tables[split].name, what=error.what)
            continue
        others[split] = replace(train, split=split, table=tables[split], is_named=is_named, **columns)
    return {"train": replace(train, left_out=left_out), **others}


def given_alone(
    data: DataConfig,
    source: Source,
    seed: int,
    wanted: Sequence[Role] = TEXT_AND_LABEL,
    *,
    kind: TargetKind = "one",
    labels: Sequence[str] = (),
    reading: Reading | None = None,
) -> SourceSplits:
    """One more source to measure on; what stands between several labels is what finds most of `labels`. How it is read
    is found by itself, unless it is one of the `data` or its own `reading` is given. Raises InputError."""
    how = reading or reading_of(data, source)
    table = read_table(source, data.builtin, seed, "test", has_labels=LABEL in wanted, reading=how)
    return _given("test", _with_turns(table, data.columns, wanted), data, wanted, kind, labels)


def _with_turns(table: Table, named: Mapping[str, str], wanted: Sequence[Role]) -> Table:
    """Dialogues in the one form that is read, where they are wanted."""
    return with_dialogues(table, named) if any(role.holds_turns for role in wanted) else table


def reading_of(data: DataConfig, source: Source) -> Reading:
    """How a source is read: as `data` say, if it is one of theirs."""
    own = (data.train, data.validation, data.test, data.unlabelled)
    return data.reading if source in own else Reading()


def _given(
    split: str, table: Table, data: DataConfig, wanted: Sequence[Role], kind: TargetKind, labels: Sequence[str] = ()
) -> SourceSplits:
    target = target_of(kind)
    if target.may_have_several and data.label_columns and LABEL in wanted:
        return _with_label_columns(split, table, data, kind)
    roles = _roles(table, data.columns, wanted)
    if "label" not in roles or not target.is_categorical:
        return SourceSplits(split, table, roles, kind)
    cells = role_sample(table)[roles["label"]]
    sign = listing_sign(cells, labels)
    places = place_names(roles["label"], cells) if sign == BY_PLACE else ()
    separator = data.label_separator or sign or separator_of(cells, labels) if target.may_have_several else ""
    return SourceSplits(split, table, roles, kind, separator, places=places)


def _with_label_columns(split: str, table: Table, data: DataConfig, kind: TargetKind) -> SourceSplits:
    marked = resolve_columns(table.columns, data.label_columns, table.name)
    free = [column for column in table.columns if column not in marked]
    roles = resolve_roles(free, {"text": data.columns.get("text", "")}, table.name)
    roles = roles or guessed_roles(table, role_sample(table), free, (TEXT,))
    if TEXT.key not in roles:
        raise _no_column(table, TEXT)
    return SourceSplits(split, table, {**roles, "label": ", ".join(marked)}, kind, label_columns=marked)


def _columns_like(train: SourceSplits, table: Table) -> dict[str, Any]:
    """The training data's columns in another table."""
    if not train.label_columns:
        return {"roles": _roles_like(train, table)}
    marked = resolve_columns(table.columns, train.label_columns, table.name)
    roles = resolve_roles(table.columns, {"text": train.roles["text"]}, table.name)
    return {"roles": {**roles, "label": ", ".join(marked)}, "label_columns": marked}


def given_unlabelled(data: DataConfig, source: Source, text_column: str, seed: int) -> SourceSplits:
    """More texts; their column is called as in the training data (`text_column`), else guessed. Labels are ignored.

    Built-in ones are others than those trained on. Raises InputError.
    """
    table = read_table(source, data.builtin, seed + 1, has_labels=False, reading=data.reading)
    named = {"text": text_column} if text_column in table.columns else {}
    return SourceSplits("unlabelled", table, _roles(table, named, (TEXT,)))


def _roles(table: Table, named: Mapping[str, str], wanted: Sequence[Role]) -> dict[str, str]:
    roles = resolve_roles(
        table.columns, {one.key: named[one.key] for one in wanted if one.key in named}, table.name, role_sample(table)
    )
    missing = [role for role in wanted if role.key not in roles]
    if missing:
        free = [column for column in table.columns if column not in roles.values()]
        roles |= guessed_roles(table, role_sample(table), free, missing)
    for role in wanted:
        if role.key not in roles:
            refuse_single_line(table)
            raise _no_column(table, role)
    _refuse_one_for_two(table, roles, wanted)
    return roles


def _refuse_one_for_two(table: Table, roles: Mapping[str, str], wanted: Sequence[Role]) -> None:
    for one, other in combinations(wanted, 2):
        if roles[one.key] == roles[other.key]:
            raise InputError(
                message(
                    "“{column}” cannot hold both {one} and {other}.",
                    column=roles[one.key],
                    one=one.content,
                    other=other.content,
                ),
                table.name,
                message("Choose one of: {columns}.", columns=list(table.columns)),
            )


def _roles_like(train: SourceSplits, table: Table) -> dict[str, str]:
    """The training data's columns by name, or the first of those that are numbered ("summary1" for "summary": several
    right answers a row); without names by place or, where the width differs, by a guess."""
    if all(column in table.columns for column in train.roles.values()):
        return train.roles
    if len(table.columns) == len(train.table.columns) and not (table.has_header and train.table.has_header):
        return {role: table.columns[train.table.columns.index(column)] for role, column in train.roles.items()}
    named = {role: _numbered(column, table.columns) for role, column in train.roles.items()} if table.has_header else {}
    return _roles(table, named, [ROLES[role] for role in train.roles])


def _numbered(column: str, columns: Sequence[str]) -> str:
    """The column itself, or the first of its name with a number behind it."""
    if column in columns:
        return column
    alike = [one for one in columns if re.fullmatch(rf"{re.escape(column)}[ _-]?\d+", one, re.IGNORECASE)]
    return alike[0] if alike else column


def _no_column(table: Table, role: Role) -> InputError:
    if table.name == BUILTIN:
        return InputError(
            message("These built-in texts have no column of {role}.", role=role.content),
            "data.builtin.topic",
            message("Choose the built-in texts that this goal offers."),
        )
    values = role_sample(table)
    named = described(table.columns, values)
    pieces = pieces_told(table.columns, values) if role is LABEL else None
    what = role.not_found
    if pieces is not None:
        what = message("No column of labels was found. {pieces}", pieces=pieces)
    return InputError(what, table.name, _way_on(role.key, named, table))


def _way_on(role: str, named: list[str], table: Table) -> Message:
    """The columns with what stands in them, and what can be said: which one, and how the lines of a table are read."""
    has_header, may_set = table.has_header, table.facts.get("format") in ("table", "text")
    if not may_set:
        return message(
            "Say which it is, by its name or number (data.columns.{role}=…): {columns}.", role=role, columns=named
        )
    return message(
        "Say which it is, by its name or number (data.columns.{role}=…): {columns}. If the first line was {taken}, or "
        "lines are cut in the wrong places, set data.reading.header and data.reading.delimiter.",
        role=role,
        columns=named,
        taken=message("wrongly taken for names") if has_header else message("wrongly taken for data"),
    )
