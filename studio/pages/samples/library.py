"""Library: the texts of a run's steps, read when they are looked at; invented texts as files to take away."""

from __future__ import annotations

import io
import json
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from engine.records import Sample, Samples, Sweep, SweepPoint
from engine.runs.run import Run
from engine.runs.samples import read_samples, samples_path
from engine.runs.spreadsheets import Sheet, digits
from studio.plots.export.files import save

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


SUFFIXES = (".txt", ".csv", ".jsonl")


def write_texts(path: Path, samples: Sequence[Sample]) -> None:
    """Write by the path's suffix, whole or not at all. Raises InputError for another one, or when the disk refuses."""
    save(path, {".txt": lambda: _lines(samples), ".csv": lambda: _table(samples), ".jsonl": lambda: _records(samples)})


def _lines(samples: Sequence[Sample]) -> bytes:
    """One text a line, as the training texts were."""
    return "".join(" ".join(one.text.split()) + "\n" for one in samples).encode()


def _table(samples: Sequence[Sample]) -> bytes:
    """UTF-8 as spreadsheets open it."""
    table = io.StringIO()
    sheet = Sheet(table)
    sheet.write(["text", "probability_real", "nearest_training_text", "overlap"])
    for one in samples:
        probability = "" if one.probability is None else digits(one.probability, ".6g")
        sheet.write([one.text, probability, one.nearest, digits(one.overlap, ".6g")])
    return table.getvalue().encode("utf-8-sig")


def _records(samples: Sequence[Sample]) -> bytes:
    return "".join(json.dumps(one.to_json(), ensure_ascii=False) + "\n" for one in samples).encode()
