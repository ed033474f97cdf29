"""Zoom: one head's exact map of a text that is so long that its maps are pooled."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.records import AttentionRecord
from studio.pages.attention.attention_query import AttentionQuery
from studio.pages.attention.reading import Choice, exact_data, head_of, without_special
from studio.plots.attention.map_data import MapData
from studio.workers.questions import Inquiries


class Zoom(QObject):
    """`changed`: the exact map is there, or left; `failed(error)`: it cannot be had, and the pooled one stays."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, looker: AttentionQuery, inquiries: Inquiries, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker, self._inquiries = looker, inquiries
        self._found: tuple[object, np.ndarray] | None = None
        self._data: tuple[object, MapData] | None = None
        inquiries.answered.connect(self._take)
        inquiries.failed.connect(self._take_error)

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
        self._inquiries.forget("exact")
        self._inquiries.ask(
            "exact",
            (question, head),
            self._looker.subject,
            question.text,
            head,
            question.checkpoint,
            switches=question.switches,
        )
        return True

    def leave(self) -> None:
        """Back to the pooled map."""
        self._inquiries.forget("exact")
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

    def _take(self, name: str, key: object, answer: object) -> None:
        if name == "exact" and isinstance(answer, np.ndarray):
            self._found = (key, answer)
            self.changed.emit()

    def _take_error(self, name: str, _key: object, error: AttuneError) -> None:
        if name == "exact":
            self.failed.emit(error)
            self.changed.emit()
