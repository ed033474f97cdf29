"""Mends of cells: texts without mark-up, characters repaired, labels of one spelling; the result is a new table."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from datasets import Dataset, List, Value
from numpy.typing import NDArray

from engine.config.roles import ROLES, Role
from engine.data.columns.decimal_signs import Decimal, number_of
from engine.data.columns.dialogues import turns_in, with_contents
from engine.data.columns.label_lists import BY_PLACE, IN_BRACKETS, labels_in, labels_marked
from engine.data.columns.list_cells import LEFT_OUT
from engine.data.sources import cache
from engine.data.sources.source_splits import SourceSplits
from engine.data.sources.tables import NUM_FIELDS, ROW
from engine.errors import InputError
from engine.messages import message
from engine.targets import target_of

_READ_ROWS = 2000
_BREAK = re.compile(r"(?i)<br\s*/?>|</(p|div|li|tr|h[1-6])>")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(\s[^<>]*)?/?>")
_SPACES = re.compile(r"[ \t]{2,}")
_MOJIBAKE = re.compile("[ÂÃâåäãæçèéðï][\u0080-\u00bfŒœŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]+")

_TAG_NAMES = "a|b|i|p|u|br|BR|em|h[1-6]|hr|li|ol|ul|td|tr|div|img|span|strong|table"
MARKUP_PATTERN = rf"</?({_TAG_NAMES})(\s[^<>]*)?/?>|&(amp|lt|gt|quot|nbsp|#\d+);"
BROKEN_PATTERN = "\ufffd|[ÂÃ][\u0080-\u00bf]|â€|ðŸ|ï¿½"
"""RE2: U+FFFD; UTF-8 that was read as Windows-1252 ("Ã©" for "é", "â€™" for "’")."""


def without_markup(text: str) -> str:
    """Tags become a space, entities become their characters."""
    if "<" not in text and "&" not in text:
        return text
    return _SPACES.sub(" ", html.unescape(_TAG.sub(" ", _BREAK.sub(" ", text)))).strip()


def with_characters_repaired(text: str) -> str:
    """Undo UTF-8 read as Windows-1252, piece by piece; a replacement mark, whose character is lost, becomes a space."""
    if text.isascii():
        return text
    return _MOJIBAKE.sub(_redecoded, text).replace("\ufffd", " ")


def _redecoded(match: re.Match[str]) -> str:
    piece = match.group()
    try:
        return b"".join(_as_byte(character) for character in piece).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return piece


def _as_byte(character: str) -> bytes:
    """The five bytes that Windows-1252 leaves undefined come through as control characters."""
    return character.encode("latin-1" if "\x80" <= character <= "\x9f" else "cp1252")


def label_counts(given: SourceSplits) -> Counter[str]:
    """Rows a label, as spelled. Raises InputError for a cell that is neither yes nor no where each label has a column
    of its own."""
    counts: Counter[str] = Counter()
    if given.label_columns or (given.is_builtin and target_of(given.kind).may_have_several):
        for rows in _label_chunks(given):
            counts.update(label for row in label_lists(rows, given) for label in row)
        return counts
    column = given.roles["label"]
    for batch in given.table.dataset.select_columns([column]).with_format("arrow").iter(100_000):
        for item in pc.value_counts(batch[column]).to_pylist():
            counts[item["values"]] += item["counts"]
    return _of_lists(counts, given) if target_of(given.kind).may_have_several else counts


def _of_lists(cells: Mapping[str, int], given: SourceSplits) -> Counter[str]:
    """Rows a label of lists that so many rows have."""
    counts: Counter[str] = Counter()
    for cell, count in cells.items():
        for label in labels_in(cell, given.separator, given.places):
            counts[label] += count
    return counts


def rows_labelled(given: SourceSplits, labels: Collection[str]) -> NDArray[np.int64]:
    """[rows found]: the numbers of the rows that have one of these labels, as they are written in the source."""
    found = []
    if target_of(given.kind).may_have_several:
        for chunk in _label_chunks(given):
            rows = zip(chunk[ROW], label_lists(chunk, given), strict=True)
            found.append(np.array([row for row, named in rows if not set(labels).isdisjoint(named)], np.int64))
    else:
        column, wanted = given.roles["label"], pa.array(sorted(labels), pa.string())
        for batch in given.table.dataset.select_columns([ROW, column]).with_format("arrow").iter(_READ_ROWS):
            found.append(batch[ROW].filter(pc.is_in(batch[column], value_set=wanted)).to_numpy())
    return np.concatenate(found) if found else np.empty(0, np.int64)


def mended(given: SourceSplits, mends: Mapping[str, str], relabel: Mapping[str, str]) -> Dataset:
    """The split as columns row, one a text, num_fields and, where there is a column of labels, label; with the mends of
    texts and labels applied.

    Numbers are float64 (null where there is none), several labels a sorted list. Raises InputError for a label that is
    no number, and for one that is neither yes nor no where each label has a column of its own.
    """
    steps = {
        kind for kind in ("markup", "broken_encoding", "carriage_return_column") if mends.get(kind, "keep") != "keep"
    }
    target = target_of(given.kind) if "label" in given.roles else target_of("one")
    if given.is_builtin and target.is_exclusive:
        return (
            given.table.dataset
            if "label" in given.roles
            else given.table.dataset.select_columns([ROW, *given.text_columns])
        )
    if given.is_builtin and target.may_have_several:
        return _with_lists(given)
    if not steps and not relabel and target.is_exclusive:
        return _renamed(given)
    own = [target.name, given.separator, given.label_columns, given.places, given.table.decimal]
    key = cache.key_of("mended", given.table.key, given.roles, sorted(steps), dict(relabel), own)
    found = cache.find(key)
    schema = _schema(given)
    path = found[0] if found else cache.keep(key, schema, _batches(given, steps, relabel, schema), {})
    return Dataset.from_file(str(path))


def label_lists(batch: Mapping[str, list[Any]], given: SourceSplits) -> list[list[str]]:
    """The labels of each row of a chunk of the table, as spelled. Raises InputError."""
    if not given.label_columns:
        rows = zip(batch[ROW], batch[given.roles["label"]], strict=True)
        return [_listed(cell, row, given) for row, cell in rows]
    columns = [batch[name] for name in given.label_columns]
    told = zip(batch[ROW], zip(*columns, strict=True), strict=True)
    return [_marked(dict(zip(given.label_columns, cells, strict=True)), row, given) for row, cells in told]


def _listed(cell: str, row: int, given: SourceSplits) -> list[str]:
    labels = labels_in(cell, given.separator, given.places)
    if LEFT_OUT in labels and given.separator in (IN_BRACKETS, BY_PLACE):
        raise InputError(
            message("The list of labels was cut short when it was written: “…” stands in its middle."),
            message("{source}, row {row}, column “{column}”", source=given.table.name, row=row, column=_column(given)),
            message("numpy shortens long lists: export the file anew, the lists as JSON (`.tolist()`)."),
        )
    return labels


def _column(given: SourceSplits) -> str:
    return given.roles["label"]


def _marked(cells: Mapping[str, str], row: int, given: SourceSplits) -> list[str]:
    try:
        return labels_marked(cells)
    except ValueError as error:
        column = str(error)
        raise InputError(
            message("“{value}” is neither yes nor no.", value=cells[column][:60]),
            message("{source}, row {row}, column “{column}”", source=given.table.name, row=row, column=column),
            message("A column of a label holds 1 or 0, yes or no, x or nothing: mend the row, or take the column out."),
        ) from error


def _label_chunks(given: SourceSplits) -> Iterator[dict[str, list[Any]]]:
    names = list(given.label_columns) or [given.roles["label"]]
    chunks: Iterator[dict[str, list[Any]]] = given.table.dataset.select_columns([ROW, *names]).iter(_READ_ROWS)
    yield from chunks


def _with_lists(given: SourceSplits) -> Dataset:
    """Built-in texts keep what is known of them beside their labels."""
    dataset = given.table.dataset
    lists = [sorted(labels) for labels in label_lists(dataset.select_columns([ROW, "label"])[:], given)]
    return dataset.remove_columns("label").add_column("label", lists, feature=List(Value("string")))


def _renamed(given: SourceSplits) -> Dataset:
    chosen = given.table.dataset.select_columns([ROW, NUM_FIELDS, *given.roles.values()])
    names = {column: role for role, column in given.roles.items() if column != role}
    return chosen.rename_columns(names) if names else chosen


def _schema(given: SourceSplits) -> pa.Schema:
    types = {"one": pa.string(), "several": pa.list_(pa.string()), "number": pa.float64()}
    texts = [(role, pa.string()) for role in given.text_columns]
    label = [("label", types[given.kind])] if "label" in given.roles else []
    return pa.schema([(ROW, pa.int64()), (NUM_FIELDS, pa.int32()), *texts, *label])


def _batches(
    given: SourceSplits, steps: set[str], relabel: Mapping[str, str], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    for batch in given.table.dataset.with_format(None).iter(_READ_ROWS):
        texts = [_mended_cells(batch[given.roles[role]], steps, ROLES[role]) for role in given.text_columns]
        fields = pa.array(batch.get(NUM_FIELDS, [2] * len(batch[ROW])), pa.int32())
        columns = [batch[ROW], fields, *texts]
        if "label" in given.roles:
            columns.append(pa.array(_labels(batch, given, steps, relabel), schema.field("label").type))
        yield pa.record_batch(columns, schema=schema)


def _labels(
    batch: Mapping[str, list[Any]], given: SourceSplits, steps: set[str], relabel: Mapping[str, str]
) -> list[Any]:
    if target_of(given.kind).may_have_several:
        return [sorted({relabel.get(one, one) for one in labels} - {""}) for labels in label_lists(batch, given)]
    cells = batch[given.roles["label"]]
    labels = [cell.rstrip("\r") for cell in cells] if steps else cells
    labels = [relabel.get(cell, cell) for cell in labels]
    if not target_of(given.kind).is_categorical:
        sign = given.decimal_sign()
        return [_number(cell, row, given, sign) for cell, row in zip(labels, batch[ROW], strict=True)]
    return labels


def _mended_cells(cells: Sequence[str], steps: set[str], role: Role) -> list[str]:
    """Of dialogues what is said in them."""
    if not role.holds_turns:
        return [_mended_text(cell, steps) for cell in cells]
    said = [{turn.content: _mended_text(turn.content, steps) for turn in turns_in(cell)} for cell in cells]
    return [with_contents(cell, change) for cell, change in zip(cells, said, strict=True)]


def _mended_text(text: str, steps: set[str]) -> str:
    if "markup" in steps:
        text = without_markup(text)
    if "broken_encoding" in steps:
        text = with_characters_repaired(text)
    return text.rstrip("\r") if "carriage_return_column" in steps else text


def _number(cell: str, row: int, given: SourceSplits, sign: Decimal) -> float | None:
    if not cell.strip():
        return None
    value = number_of(cell, sign)
    if value is None:
        value = float("nan")
    if value - value != 0:  # nan or infinite
        raise InputError(
            message("The label “{value}” is not a number.", value=cell[:60]),
            message(
                "{source}, row {row}, column “{column}”", source=given.table.name, row=row, column=given.roles["label"]
            ),
            message("Mean squared error needs numbers as labels: mend the row, or choose another loss."),
        )
    return value
