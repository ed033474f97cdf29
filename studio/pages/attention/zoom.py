"""Zoom: one head's exact map of a text that is so long that its maps are pooled."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.records import AttentionRecord
from studio.pages.attention.attention_query import AttentionQuery
from studio.pages.attention.reading import Choice, exact_data, head_of, without_special
from studio.plots.attention.map_data import MapData
from studio.workers.query import Asker, Query


class Zoom(QObject):
    """`changed`: the exact map is there, or left; `failed(error)`: it cannot be had, and the pooled one stays."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, looker: AttentionQuery, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker, self._asker = looker, asker
        self._found: tuple[object, np.ndarray] | None = None
        self._data: tuple[object, MapData] | None = None

    @property
    def is_in(self) -> bool:
        """Whether an exact map of the text that is asked about was taken."""
        found: object = self._found[0] if self._found is not None else None
        return isinstance(found, tuple) and found[0] == self._looker.question

    def ask(self, choice: Choice) -> bool:
        """Of the chosen head; False where its map is exact already, or is no map of the model's own."""
        record, question = self._looker.record, self._looker.question
        if record is None or question is None or record.text != question.text or choice.map >= len(record.maps):
            return False
        if record.maps[choice.map].bin_size == 1:
            return False
        head = head_of(record, choice)
        self._asker.forget("exact")
        key, about = (question, head), (question.text, head, question.checkpoint)
        query = Query("exact_map", key, self._looker.subject, *about, switches=question.switches)
        self._asker.ask(query.success(partial(self._take, key)).failure(self._take_error), "exact")
        return True

    def leave(self) -> None:
        """Back to the pooled map."""
        self._asker.forget("exact")
        self._found = self._data = None
        self.changed.emit()

    def data(self, record: AttentionRecord, choice: Choice) -> MapData | None:
        """What to show in the place of this choice: only of the answer and the head that it was asked about."""
        if self._found is None or choice.scope != "head" or not record.maps:
            return None
        if self._found[0] != (self._looker.question, head_of(record, choice)):
            return None
        key = (self._found[0], choice.with_special)
        if self._data is None or self._data[0] != key:
            data = exact_data(record, self._found[1])
            self._data = key, data if choice.with_special else without_special(data)
        return self._data[1]

    def _take(self, key: object, weights: np.ndarray) -> None:
        self._found = (key, weights)
        self.changed.emit()

    def _take_error(self, error: AttuneError) -> None:
        self.failed.emit(error)
        self.changed.emit()
