"""Where tables are kept once they were read: Arrow files that are mapped into memory, made whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platformdirs
import pyarrow as pa

from engine.breath import breathe
from engine.data.sources.file_opening import path_errors
from engine.messages import Message, message
from engine.runs.files import disk_errors

FORMAT = 5
"""Raised whenever the way of reading changes: tables of older versions are then read anew."""

_UNUSED_DAYS = 30
_END_BYTES = 2**20
_SLICE_BYTES = 2**14
_NUM_SLICES = 16
_LOOKED_INTO = 1000
"""Files of a folder whose content is looked into."""

_TABLE = "table.arrow"
_FACTS = "facts.json"


def cache_folder() -> Path:
    """The folder of everything that can be made again; the environment's `ATTUNE_CACHE` moves it."""
    named = os.environ.get("ATTUNE_CACHE")
    folder = Path(named) if named else platformdirs.user_cache_path("attune")
    with disk_errors(folder, another_place()):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def another_place() -> Message:
    """How a full disk under the cache is mended."""
    return message(
        "Free some space, then try again; or let the environment's ATTUNE_CACHE name a folder on another disk, where "
        "tables that were read are kept."
    )


def key_of(*parts: Any) -> str:
    """A name for what was made from `parts` (JSON values)."""
    tree = json.dumps([FORMAT, *parts], sort_keys=True, default=str)
    return hashlib.sha256(tree.encode()).hexdigest()[:32]


def fingerprint(path: Path) -> list[Any]:
    """What changes when the file (or anything in the folder) changes: path, size, times, and parts of the content, as
    a file may be replaced by another one of its size within the clock's step, or with its old time.

    Raises InputError for what cannot be read.
    """
    with path_errors(path):
        files = sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
        digest = hashlib.sha256()
        for item in files:
            state = item.stat()
            digest.update(os.fsencode(item.relative_to(path)))
            digest.update(f"|{state.st_size}|{state.st_mtime_ns}|{state.st_ctime_ns}\n".encode())
        for item in files[:: max(1, len(files) // _LOOKED_INTO)]:
            _add_content(digest, item)
        return [str(path.resolve()), len(files), digest.hexdigest()]


def _add_content(digest: Any, path: Path) -> None:
    """The first and the last megabyte, and slices between them."""
    with path.open("rb") as file:
        digest.update(file.read(_END_BYTES))
        size = os.fstat(file.fileno()).st_size
        if size <= _END_BYTES:
            return
        for place in range(1, _NUM_SLICES):
            file.seek(size * place // _NUM_SLICES)
            digest.update(file.read(_SLICE_BYTES))
        file.seek(max(_END_BYTES, size - _END_BYTES))
        digest.update(file.read(_END_BYTES))


def find(key: str) -> tuple[Path, dict[str, Any]] | None:
    """The Arrow file and the facts kept under `key`; None where there is none, or where it is not as it was written."""
    folder = cache_folder() / "tables" / key
    try:
        tree = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        if tree["sum"] != _sum_of(folder / _TABLE, tree["facts"]):
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    with contextlib.suppress(OSError):
        os.utime(folder)
    return folder / _TABLE, tree["facts"]


_sums: dict[Path, tuple[tuple[int, ...], str]] = {}
"""Sums that this process has made, with the file's size, times and place on the disk then."""


def _sum_of(table: Path, facts: dict[str, Any]) -> str:
    state = table.stat()
    marks = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    known = _sums.get(table)
    if known is None or known[0] != marks:
        with table.open("rb") as file:
            known = marks, hashlib.file_digest(file, "sha256").hexdigest()
        _sums[table] = known
    return hashlib.sha256((known[1] + json.dumps(facts, sort_keys=True)).encode()).hexdigest()


def keep(key: str, schema: pa.Schema, batches: Iterator[pa.RecordBatch], facts: dict[str, Any]) -> Path:
    """Write batches and, when they are through, `facts` (a live dict that reading fills); returns the Arrow file.

    Raises RunFailure when the disk refuses.
    """
    tables = cache_folder() / "tables"
    aside = tables / f".{uuid.uuid4().hex}.part"
    with disk_errors(tables, another_place()):
        aside.mkdir(parents=True)
    try:
        _write(aside / _TABLE, schema, batches)
        with disk_errors(tables, another_place()):
            tree = {"facts": facts, "sum": _sum_of(aside / _TABLE, facts)}
            (aside / _FACTS).write_text(json.dumps(tree), encoding="utf-8")  # halves of pairs in a name too
            _sums.pop(aside / _TABLE, None)
            _publish(aside, tables, key)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    _forget_unused(tables)
    return tables / key / _TABLE


def _write(path: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> None:
    with (
        disk_errors(path, another_place()),
        pa.OSFile(str(path), "wb") as sink,
        pa.ipc.new_stream(sink, schema) as writer,
    ):
        for batch in batches:
            writer.write_batch(batch)
            breathe()


def _publish(aside: Path, tables: Path, key: str) -> None:
    """Another process may have made the same table meanwhile: either one will do, unless it is broken."""
    folder = tables / key
    if folder.exists() and find(key) is None:
        shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        aside.replace(folder)


def _forget_unused(tables: Path) -> None:
    oldest = time.time() - _UNUSED_DAYS * 86_400
    for folder in tables.iterdir():
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
