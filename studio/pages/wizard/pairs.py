"""Two files that belong together, line by line: chosen both, or one beside which the other lies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.config.tasks.registry import type_of
from engine.config.tasks.task_type import TaskSpec

_TABLES = frozenset(
    (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".gz", ".zip", ".bz2", ".xz", ".zst", ".arrow")
)


def takes_pairs(task: TaskSpec) -> bool:
    """Whether each row of the task is a text and the one to write for it."""
    return type_of(task).can("transform")


def named(paths: Sequence[Path]) -> str:
    """Of one file, or of the two of a pair, as a source is written."""
    return ",".join(str(path) for path in paths)


def with_partner(path: Path) -> tuple[Path, ...]:
    """The file, and the only one beside it that is called like it but for its ending (“train.de”, “train.en”); files of
    tables need none."""
    if not path.is_file() or not path.suffix or path.suffix.lower() in _TABLES:
        return (path,)
    others = [
        other
        for other in sorted(path.parent.iterdir())
        if other.is_file() and other != path and other.stem == path.stem and other.suffix.lower() not in _TABLES
    ]
    return (path, others[0]) if len(others) == 1 else (path,)
