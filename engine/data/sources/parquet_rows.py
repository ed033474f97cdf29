"""Rows of strings out of Arrow tables and Parquet files; what Python cannot hold is read all the same."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.data.sources.file_opening import compression_of, open_bytes, shown
from engine.data.sources.quoting import Row
from engine.errors import InputError
from engine.messages import message

_READ_ROWS = 2000
_DAMAGE = (pa.ArrowException, OSError, UnicodeDecodeError)


def cell_of(value: Any) -> str:
    """A value as a person would write it into a cell; nothing is the empty cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def parquet_rows(path: Path) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The columns of a Parquet file and its rows. Raises InputError for a damaged one."""
    try:
        with _source(path) as source:
            schema = pq.read_schema(source)
    except _DAMAGE as error:
        raise _damaged(path) from error
    return tuple(schema.names), _rows(path, _class_names(schema))


def _rows(path: Path, class_names: dict[str, list[str]]) -> Iterator[Row]:
    try:
        with _source(path) as source, pq.ParquetFile(source) as file:
            for batch in file.iter_batches(_READ_ROWS):
                yield from arrow_rows(batch, class_names)
    except _DAMAGE as error:
        raise _damaged(path) from error


@contextlib.contextmanager
def _source(path: Path) -> Iterator[IO[bytes]]:
    """A packed file is unpacked in memory: Parquet is read from its end."""
    with open_bytes(path) as file:
        yield io.BytesIO(file.read()) if compression_of(path) else file


def _damaged(path: Path) -> InputError:
    return InputError(message("The Parquet file is damaged or cut short."), shown(path), message("Get the file anew."))


def arrow_rows(batch: pa.RecordBatch | pa.Table, class_names: dict[str, list[str]]) -> Iterator[Row]:
    """Rows of strings; the numbers of a class column become their names."""
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        classes = class_names.get(name)
        values = _values(column)
        if classes:
            # -1 is how unlabelled rows are marked.
            values = [_named(value, classes) for value in values]
        columns.append([cell_of(value) for value in values])
    yield from map(list, zip(*columns, strict=True))


def _named(value: Any, classes: list[str]) -> Any:
    """The class of a number, or those of a list of them."""
    if isinstance(value, list):
        return [name for item in value if (name := _named(item, classes)) is not None]
    return classes[value] if value is not None and 0 <= value < len(classes) else None


def _values(column: Any) -> list[Any]:
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, pa.ArrowException):
        return [_value(one) for one in column]


def _value(one: Any) -> Any:
    """A value that Python may not hold: a date beyond the year 9999, a text that is no UTF-8."""
    try:
        return one.as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        pass
    if pa.types.is_string(one.type) or pa.types.is_large_string(one.type):
        return bytes(one.as_buffer())
    try:
        return str(one.cast(pa.string()).as_py())
    except (ValueError, OverflowError, pa.ArrowException):
        return str(getattr(one, "value", "\ufffd"))


def _class_names(schema: pa.Schema) -> dict[str, list[str]]:
    """Names of class labels, as the library `datasets` writes them into a file's metadata."""
    try:
        features = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
        found = {name: feature.get("feature", feature) for name, feature in features.items()}
        return {name: feature["names"] for name, feature in found.items() if feature.get("_type") == "ClassLabel"}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
