"""scored: what a run's best checkpoint says to the rows, asked once: a choice of runs changes one run at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Generator
from pathlib import Path
from typing import Any

from engine.config.data import Source
from engine.inspection.evaluation.score_rows import score_rows
from engine.records import Progress, ScoredRows
from engine.runs.checkpoints import checkpoint_path
from engine.runs.run import Run

_MOST_KEPT = 16
_LOCK = threading.Lock()
_KEPT: OrderedDict[tuple[Any, ...], ScoredRows] = OrderedDict()


def scored(run: Run, split: str | None, source: Source | None) -> Generator[Progress, None, ScoredRows]:
    """As `score_rows`; the last few answers are kept as long as the checkpoint and the files are as they were. Raises
    InputError."""
    key = _key(run, split, source)
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    found = yield from score_rows(run, source, split)
    with _LOCK:
        _KEPT[key] = found
        while len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return found


def _key(run: Run, split: str | None, source: Source | None) -> tuple[Any, ...]:
    checkpoint = checkpoint_path(run)
    data = run.config.data
    files = [source] if source is not None else [data.train, data.validation, data.test]
    read = tuple(str(one) for one in files) + tuple(_written(one) for one in files)
    return (run.path, checkpoint.name, _changed(checkpoint / "manifest.json"), split, *read)


def _written(source: Source | None) -> tuple[int, ...]:
    if source is None:
        return ()
    return tuple(_changed(Path(one)) for one in ((source,) if isinstance(source, str) else source))


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0
