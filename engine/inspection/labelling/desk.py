"""Desk: a project's texts as counted words, and the model that learned last, kept in memory while a person labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.inspection.labelling.text_model import TextModel, WordCounter
from engine.messages import message
from engine.metrics.label_selection import nearest_likeness
from engine.runs.labelling import Labelling

LEAST_LEARNED = 10
"""Texts of two labels at least from which a first model learns."""


class Desk:
    """`rows` int64 [texts] of the source, rising; a place is where a row stands among them. One thread at a time."""

    def __init__(self, project: Labelling) -> None:
        self.path = project.path
        self.rows = project.rows
        self.texts: list[str] = project.texts["text"].to_pylist()
        self.check_order = project.check_order
        self.chance_order = project.chance_order
        self.counter = WordCounter.of(self.texts)
        self.model: TextModel | None = None
        self._taught: Mapping[int, str] = {}
        self._nearest = np.zeros(len(self.rows))
        self._near_to: set[int] = set()

    def place(self, row: int) -> int:
        """Raises InputError where there is no such text."""
        at = int(np.searchsorted(self.rows, row))
        if at == len(self.rows) or self.rows[at] != row:
            raise InputError(
                message("There is no text in row {row}.", row=row), str(self.path), message("Take rows from --next.")
            )
        return at

    def known(self, rows: Mapping[int, str]) -> dict[int, str]:
        """Those rows with their labels that are texts of this project."""
        real = np.isin(np.fromiter(rows, np.int64, len(rows)), self.rows)
        return {row: label for (row, label), is_real in zip(rows.items(), real, strict=True) if is_real}

    def places(self, rows: Iterable[int]) -> list[int]:
        """Of rows that are texts of this project."""
        found: list[int] = np.searchsorted(self.rows, np.fromiter(rows, np.int64)).tolist()
        return found

    def teach(self, learned: Mapping[int, str]) -> TextModel | None:
        """Learn from these rows, unless the model did already; None where they are too few, or of one label."""
        taught = self.known(learned)
        if len(taught) < LEAST_LEARNED or len(set(taught.values())) < 2:
            self.model, self._taught = None, {}
        elif self.model is None or taught != self._taught:
            self.model = self.counter.fit(self.places(taught), list(taught.values()))
            self._taught = dict(taught)
        return self.model

    def nearest(self, labelled: Iterable[int]) -> NDArray[np.float64]:
        """[texts]: the largest cosine of each text with one of the labelled rows."""
        now = set(labelled)
        if not self._near_to <= now:
            self._nearest, self._near_to = np.zeros(len(self.rows)), set()
        fresh = self.places(now - self._near_to)
        self._nearest = np.maximum(self._nearest, nearest_likeness(self.counter.features, fresh))
        self._near_to = now
        return self._nearest


def desk_of(project: Labelling) -> Desk:
    """The project's desk; its texts are counted once (seconds for 25,000 long ones)."""
    return _desk(project.path, str(project.about.get("texts", "")))


@lru_cache(maxsize=2)
def _desk(path: Path, _sum: str) -> Desk:
    return Desk(Labelling(path))
