"""Answers in words on disk: `answers/scored-KEY/` in a run's folder, so that an evaluation opens without its model.

about.json   split, roles, what figures there are, ceiling, baseline, and the sums of all other files
rows.npy   scores.npy [rows, scores]   read-N, wanted (JSON lists), said .bin/.npy   statistics-N.npy [rows, columns]
column-N .bin/.npy   what else the source says of each row
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np

from engine.config.data import Source
from engine.messages import Message
from engine.records import LeftOut, ScoredRow, ScoredRows
from engine.runs.checksums import read_object, sealed, sha256
from engine.runs.files import disk_errors, write_atomic
from engine.runs.kept_folders import believe, files_of, forget_old, put
from engine.runs.partial_files import aside_of, clear_litter
from engine.runs.run import Run
from engine.runs.texts import TextColumn

_FORMAT = 1
_ABOUT = "about.json"
_PREFIX = "scored-"


def scores_path(run: Run, source: Source | None, split: str, checkpoint: str, most: int | None) -> Path:
    """Where the answers of `checkpoint` ("step-N") to `most` rows of a split, or of a source, lie. The place follows
    from the settings, from the checkpoint's files (a saved threshold changes answers) and from those of the data."""
    config = run.config.model_dump(mode="json")
    data = config["data"]
    files = [source] if source is not None else [data["train"], data["validation"], data["test"]]
    corrections = data.get("corrections")
    state = [files_of(one) for one in (*files, corrections, str(run.path / "checkpoints" / checkpoint))]
    asked = [_FORMAT, config, source, split, checkpoint, most, state]
    key = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:16]
    return run.path / "answers" / f"{_PREFIX}{key}"


def kept_scores(path: Path) -> ScoredRows | None:
    """None where none lie there, or a file is damaged: they can be asked for anew."""
    try:
        about = read_object(path / _ABOUT)
        believe(path, about.pop("sums"))
        keys: list[str] = about.pop("statistics")
        statistics = {
            key: np.load(path / f"statistics-{number}.npy", allow_pickle=False) for number, key in enumerate(keys)
        }
        name = about.pop("baseline_name")
        return ScoredRows(
            split=about["split"],
            roles=tuple(about["roles"]),
            rows=_KeptRows(path, len(about["roles"]), tuple(about["scores"])),
            statistics=statistics,
            leading=about["leading"],
            sort_by=about["sort_by"],
            signature=about["signature"],
            ceiling=about["ceiling"],
            baseline=about["baseline"],
            baseline_name=None if name is None else Message.from_json(name),
            left_out=tuple(LeftOut.from_json(one) for one in about["left_out"]),
            notes=tuple(Message.from_json(one) for one in about["notes"]),
            num_in_split=about["num_in_split"],
            columns={name: TextColumn(path / f"column-{place}") for place, name in enumerate(about.get("columns", ()))},
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError):
        return None


def are_scores(path: Path) -> bool:
    """Whether a folder of answers holds answers in words, as its name says."""
    return path.name.startswith(_PREFIX)


def keep_scores(path: Path, found: ScoredRows) -> None:
    """Whole or not at all; the oldest ones make room. Raises RunFailure when the disk refuses."""
    aside = aside_of(path)
    names = sorted({name for row in found.rows for name in row.scores})
    about: dict[str, Any] = {
        name: getattr(found, name) for name in ("split", "leading", "sort_by", "signature", "num_in_split")
    }
    about["roles"], about["scores"], about["statistics"] = list(found.roles), names, list(found.statistics)
    about["columns"] = list(found.columns)
    about["ceiling"], about["baseline"] = dict(found.ceiling), dict(found.baseline)
    about["baseline_name"] = None if found.baseline_name is None else found.baseline_name.to_json()
    about["left_out"] = [one.to_json() for one in found.left_out]
    about["notes"] = [one.to_json() for one in found.notes]
    scores = np.array([[row.scores.get(name, math.nan) for name in names] for row in found.rows], dtype=np.float64)
    with disk_errors(path):
        clear_litter(path.parent)
        aside.mkdir(parents=True)
        try:
            np.save(aside / "rows.npy", np.array([row.row for row in found.rows], dtype=np.int64), allow_pickle=False)
            np.save(aside / "scores.npy", scores.reshape(len(found), len(names)), allow_pickle=False)
            for number in range(len(found.roles)):
                TextColumn.write(aside / f"read-{number}", (row.read[number] for row in found.rows))
            TextColumn.write(aside / "wanted", (json.dumps(row.wanted, ensure_ascii=False) for row in found.rows))
            TextColumn.write(aside / "said", (row.said for row in found.rows))
            for number, cells in enumerate(found.columns.values()):
                TextColumn.write(aside / f"column-{number}", cells)
            for number, table in enumerate(found.statistics.values()):
                np.save(aside / f"statistics-{number}.npy", table, allow_pickle=False)
            about["sums"] = {file.name: sha256(file) for file in sorted(aside.iterdir())}
            write_atomic(aside / _ABOUT, sealed(about))
            put(aside, path, is_kept=lambda: kept_scores(path) is not None)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        forget_old(path.parent)


class _KeptRows(Sequence[ScoredRow]):
    """Each row is read when it is asked for."""

    def __init__(self, folder: Path, num_roles: int, names: tuple[str, ...]) -> None:
        self._rows = np.load(folder / "rows.npy", allow_pickle=False)
        self._scores = np.load(folder / "scores.npy", allow_pickle=False)
        self._names = names
        self._read = [TextColumn(folder / f"read-{number}") for number in range(num_roles)]
        self._wanted, self._said = TextColumn(folder / "wanted"), TextColumn(folder / "said")

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> ScoredRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[ScoredRow]: ...
    def __getitem__(self, place: int | slice) -> ScoredRow | list[ScoredRow]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        scores = zip(self._names, self._scores[place].tolist(), strict=True)
        return ScoredRow(
            row=int(self._rows[place]),
            read=tuple(column[place] for column in self._read),
            wanted=tuple(json.loads(self._wanted[place])),
            said=self._said[place],
            scores={name: value for name, value in scores if not math.isnan(value)},
        )
