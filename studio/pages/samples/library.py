"""Library: the texts of a run's steps, read when they are looked at and kept while there is room."""

from __future__ import annotations

import json
from collections import OrderedDict
from pathlib import Path

from engine.records import Samples, Sweep, SweepPoint
from engine.runs.run import Run
from engine.runs.samples import read_samples, samples_path

_MOST = 32
_Key = tuple[Path, int, int]


class Library:
    """A step that was written anew, after the training went back, is read anew."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Samples] = OrderedDict()

    def texts(self, run: Run, step: int) -> Samples:
        """About 3 ms for 300 texts, nothing when they are known. Raises InputError when they cannot be read."""
        key = (run.path, step, _written_at(run, step))
        if key not in self._kept:
            self._kept[key] = read_samples(run, step)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


def read_sweep(run: Run) -> Sweep | None:
    """What was measured before; None where nothing was, or nothing that can be read."""
    try:
        tree = json.loads((run.path / "report" / "sweep.json").read_text(encoding="utf-8"))
        return Sweep(tuple(SweepPoint(**point) for point in tree["points"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _written_at(run: Run, step: int) -> int:
    try:
        return (run.path / samples_path(step)).stat().st_mtime_ns
    except OSError:
        return 0
