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
from engine.messages import Message, message
from engine.runs.files import disk_errors

FORMAT = 3
"""Raised whenever the way of reading changes: tables of older versions are then read anew."""

_UNUSED_DAYS = 30
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
    """What changes when the file (or anything in the folder) changes: path, size, time of the last change."""
    files = sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for item in files:
        state = item.stat()
        digest.update(f"{item.relative_to(path)}|{state.st_size}|{state.st_mtime_ns}\n".encode())
    return [str(path.resolve()), len(files), digest.hexdigest()]


def find(key: str) -> tuple[Path, dict[str, Any]] | None:
    """The Arrow file and the facts kept under `key`."""
    folder = cache_folder() / "tables" / key
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    with contextlib.suppress(OSError):
        os.utime(folder)
    return folder / _TABLE, facts


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
            (aside / _FACTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
            _publish(aside, tables / key)
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


def _publish(aside: Path, folder: Path) -> None:
    """Another process may have made the same table meanwhile: either one will do, unless it is broken."""
    if folder.exists() and not (folder / _FACTS).exists():
        shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        aside.replace(folder)


def _forget_unused(tables: Path) -> None:
    oldest = time.time() - _UNUSED_DAYS * 86_400
    for folder in tables.iterdir():
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
