"""Timeline: a probe text's attention as it was captured at each evaluation, one reading a turn of the event loop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import InputError
from engine.records import AttentionRecord
from engine.runs.probes import captured_steps, probe_texts, read_probe
from engine.runs.run import Run
from studio.pages.attention.attention_query import AttentionQuery
from studio.pages.attention.reading import Choice, scoped
from studio.workers.run_book import RunBook


class Timeline(QObject):
    """`changed`: there are more frames, or others; `shown`: another frame is looked at, or the present again."""

    changed = Signal()
    shown = Signal()

    def __init__(self, looker: AttentionQuery, book: RunBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker, self._book = looker, book
        self.of: tuple[Path | None, str] = (None, "")
        self._place: tuple[Path | None, int] = (None, -1)
        self._on_disk: tuple[int, ...] = ()
        self._records: dict[int, AttentionRecord | None] = {}
        self._unread: list[int] = []
        self.texts: tuple[str, ...] = ()
        self.step: int | None = None
        self._reading = QTimer(self, interval=0)
        self._reading.timeout.connect(self._read_one)

    @property
    def steps(self) -> list[int]:
        """Steps whose frame was read, rising."""
        return sorted(step for step, record in self._records.items() if record is not None)

    @property
    def is_reading(self) -> bool:
        return bool(self._unread)

    @property
    def record(self) -> AttentionRecord | None:
        """Of the frame that is looked at; None in the present."""
        return None if self.step is None else self._records.get(self.step)

    @property
    def best(self) -> int | None:
        """The step of the best checkpoint."""
        if self._looker.path is None or self._looker.is_model:
            return None
        best = self._book.entry(self._looker.path).history.best
        return best.step if best else None

    def follow(self, text: str) -> None:
        """Look for new captures of the looker's run; of another run or text, begin anew."""
        path, is_other = self._looker.path, (self._looker.path, text) != self.of
        if is_other:
            self.of = (path, text)
            self._records, self._unread = {}, []
            self.show_step(None)
        is_new = self._look_for_captures()
        if not is_other and not is_new:
            return
        for step in [step for step in self._records if step not in self._on_disk]:
            del self._records[step]
        if self.step is not None and self.step not in self._records:
            self.show_step(None)
        self._unread = [step for step in self._on_disk if step not in self._records] if text in self.texts else []
        if self._unread:
            self._reading.start()
        self.changed.emit()

    def _look_for_captures(self) -> bool:
        """Whether the run's folder was looked through: only after another evaluation, as a person types quickly."""
        path = self._looker.path
        is_run = path is not None and not self._looker.is_model
        place = (path, len(self._book.entry(path).history.captures) if path is not None and is_run else 0)
        if place == self._place:
            return False
        self._place = place
        self._on_disk = captured_steps(Run(path)) if path is not None and is_run else ()
        self.texts = probe_texts(Run(path)) if path is not None and self._on_disk else ()
        return True

    def show_step(self, step: int | None) -> None:
        """Look at a frame; None: at the present."""
        if step != self.step:
            self.step = step
            self.shown.emit()

    def frames(self, name: str, choice: Choice) -> list[np.ndarray]:
        """One head's map [query, key], or the mean or maximum of a layer's heads, at each of `steps`."""
        found = []
        for step in self.steps:
            record = self._records[step]
            assert record is not None
            one = next((one for one in record.maps if one.name == name), None)
            if one is not None and choice.layer < one.weights.shape[0] and choice.head < one.weights.shape[1]:
                found.append(scoped(one.weights[choice.layer], choice))
        return found

    def _read_one(self) -> None:
        if not self._unread:
            self._reading.stop()
            return
        before = self.steps
        step = self._unread.pop(0)
        path, text = self.of
        assert path is not None
        try:
            self._records[step] = read_probe(Run(path), step, self.texts.index(text))
        except (InputError, ValueError):  # a capture that is gone or damaged is a frame less, not an error
            self._records[step] = None
        if before and self.step == before[-1] and step > before[-1] and self._records[step] is not None:
            self.show_step(step)  # who looks at the newest goes on with the training
        if not self._unread:
            self.changed.emit()
