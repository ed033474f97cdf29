"""Where the rows lie in one JSON object: a list somewhere in it, its columns, or a row under each key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.config.roles import CONTEXT, QUESTION
from engine.data.columns.dialogues import turns_of_tree
from engine.data.sources.file_opening import shown
from engine.errors import InputError
from engine.messages import message

_DEEPEST = 6
_WRAPPERS = ("row", "_source", "fields")
"""Keys of an object that holds a row beside what a server says of it: the hub's viewer, Elasticsearch, Django."""
_BESIDE = frozenset(("row_idx", "truncated_cells", "_index", "_id", "_type", "_score", "_version", "pk", "model"))

_TURN_KEYS = frozenset(("role", "content", "from", "value", "name"))
"""All that a turn of a dialogue has; messages with more are rows of their own."""


def unwrapped(value: Any) -> Any:
    """The row in an object that a server wrote around it; every other value as it is."""
    if not isinstance(value, dict):
        return value
    for key in _WRAPPERS:
        if isinstance(value.get(key), dict) and all(other == key or other in _BESIDE for other in value):
            return value[key]
    return value


def rows_of_tree(tree: Any, path: Path) -> Iterator[Any]:
    """The rows of an object that is the whole document. Raises InputError where it holds none.

    One that would be a row among others is a row alone too. Else the longest list of objects in it is taken, wherever
    it lies; {"columns": [...], "data": [[...]]} as pandas writes it, a row under each key, columns under their names,
    or the object itself as a single row.
    """
    row = _row_in(tree)
    if row is not None:
        return iter([row])
    split = _split_rows(tree)
    if split is not None:
        return iter(split)
    lists = sorted(_lists_of(tree, 0), key=len, reverse=True)
    keyed = _keyed_rows(tree)
    if keyed is not None and len(keyed) >= len(lists[0] if lists else ()):
        return iter(keyed)
    if lists:
        return map(unwrapped, lists[0])
    columns = _columns_in(tree, 0)
    if columns is not None:
        return _rows_of_columns(columns)
    if not any(isinstance(value, list | dict) for value in tree.values()) and tree:
        return iter([tree])
    raise InputError(
        message("The JSON document holds no list of rows."),
        shown(path),
        message("It should look like [{example}, ...].", example='{"text": "...", "label": "..."}'),
    )


def _row_in(tree: dict[str, Any]) -> dict[str, Any] | None:
    """The object, or the only one in it, where its lists are cells of one row: an article of passages, a passage with
    its questions, a question with its answers, a dialogue."""
    passages, questions = (
        any(isinstance(tree.get(name), str) for name in role.column_names) for role in (CONTEXT, QUESTION)
    )
    asked, articles = (_objects(tree.get(name)) for name in ("qas", "paragraphs"))
    is_asked = passages and (questions or any("question" in one for one in asked))
    if is_asked or any("qas" in one for one in articles) or _is_dialogue(tree):
        return tree
    inner = [value for value in tree.values() if isinstance(value, dict | list)]
    return _row_in(inner[0]) if len(inner) == 1 and isinstance(inner[0], dict) else None


def _objects(value: Any) -> list[dict[str, Any]]:
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else []


def _is_dialogue(tree: dict[str, Any]) -> bool:
    said = [one for value in tree.values() if len(_objects(value)) > 1 for one in value]
    return bool(said) and all(set(one) <= _TURN_KEYS for one in said) and bool(turns_of_tree(tree))


def _split_rows(tree: dict[str, Any]) -> list[dict[str, Any]] | None:
    names, rows = tree.get("columns"), tree.get("data", tree.get("rows"))
    if not isinstance(names, list) or not isinstance(rows, list) or not rows:
        return None
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return None
    titles = [str(name.get("name", name)) if isinstance(name, dict) else str(name) for name in names]
    return [dict(zip(titles, row, strict=True)) for row in rows]


def _lists_of(tree: Any, depth: int) -> Iterator[list[Any]]:
    """Lists whose items are objects, or rows of plain values; not those within the items."""
    if isinstance(tree, list):
        if tree and (all(isinstance(item, dict) for item in tree) or _is_matrix(tree)):
            yield tree
    elif isinstance(tree, dict) and depth < _DEEPEST:
        for value in tree.values():
            yield from _lists_of(value, depth + 1)


def _is_matrix(rows: list[Any]) -> bool:
    """Lists of plain values, all of one length: a table without names."""
    if not all(isinstance(row, list) and len(row) > 1 for row in rows) or len({len(row) for row in rows}) > 1:
        return False
    return not any(isinstance(cell, list | dict) for cell in rows[0])


def _keyed_rows(tree: Any) -> list[dict[str, Any]] | None:
    """{"17": {"text": ..., "label": ...}, ...}: objects that share their keys, each a row; the key is its “id”. An
    object that holds such objects alone is looked into."""
    if not isinstance(tree, dict) or not tree or not all(isinstance(value, dict) for value in tree.values()):
        return None
    if len(tree) == 1:
        return _keyed_rows(next(iter(tree.values())))
    rows: list[dict[str, Any]] = list(tree.values())
    if any(isinstance(cell, dict) for cell in rows[0].values()):
        return None
    if rows[0] and all(isinstance(cell, list) for cell in rows[0].values()):
        return None
    shared = set(rows[0]).intersection(*rows)
    is_table = len({frozenset(row) for row in rows}) == 1 and all(str(key).isdecimal() for key in rows[0])
    if not shared or is_table:
        return None  # {"text": {"0": ...}, "label": {"0": ...}} are columns
    return [{**({} if "id" in row else {"id": key}), **row} for key, row in tree.items()]


def _columns_in(tree: Any, depth: int) -> dict[str, list[Any]] | None:
    """{"text": [...], "label": [...]} or, as pandas writes it, {"text": {"0": ...}, "label": {"0": ...}}, perhaps
    within another object."""
    if not isinstance(tree, dict) or depth > _DEEPEST:
        return None
    columns = {
        name: list(values.values()) if isinstance(values, dict) else values
        for name, values in tree.items()
        if isinstance(values, list | dict) and values
    }
    if len(columns) > 1 and len({len(values) for values in columns.values()}) == 1:
        return columns
    for value in tree.values():
        found = _columns_in(value, depth + 1)
        if found is not None:
            return found
    return columns if len(columns) == 1 and isinstance(tree[next(iter(columns))], list) else None


def _rows_of_columns(columns: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))
