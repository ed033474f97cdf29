"""Timeline: a probe text's attention as it was captured at each evaluation, one reading a turn of the event loop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import InputError
from engine.records import AttentionRecord
from engine.runs.probes import captured_steps, probe_texts, read_probe
from engine.runs.run import Run
from studio.pages.attention.looker import Looker
from studio.workers.run_book import RunBook


class Timeline(QObject):
    """`changed`: there are more frames, or others; `shown`: another frame is looked at, or the present again."""

    changed = Signal()
    shown = Signal()

    def __init__(self, looker: Looker, book: RunBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker, self._book = looker, book
        self._of: tuple[Path | None, str] = (None, "")
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
        path = self._looker.path
        if (path, text) != self._of:
            self._of = (path, text)
            self._records, self._unread = {}, []
            self.show_step(None)
            self.changed.emit()
        if path is None or self._looker.is_model:
            self.texts = ()
            return
        run = Run(path)
        steps = captured_steps(run)
        self.texts = probe_texts(run) if steps else ()
        gone = [step for step in self._records if step not in steps]
        for step in gone:
            del self._records[step]
        if text in self.texts:
            self._unread = [step for step in steps if step not in self._records]
            self._reading.start()
        if gone:
            self.changed.emit()

    def show_step(self, step: int | None) -> None:
        """Look at a frame; None: at the present."""
        if step != self.step:
            self.step = step
            self.shown.emit()

    def frames(self, name: str, layer: int, head: int) -> list[np.ndarray]:
        """One head's map [query, key] at each of `steps`."""
        found = []
        for step in self.steps:
            record = self._records[step]
            assert record is not None
            one = next((one for one in record.maps if one.name == name), None)
            if one is not None and layer < one.weights.shape[0] and head < one.weights.shape[1]:
                found.append(np.asarray(one.weights[layer, head], dtype=np.float32))
        return found

    def _read_one(self) -> None:
        if not self._unread:
            self._reading.stop()
            return
        step = self._unread.pop(0)
        path, text = self._of
        assert path is not None
        try:
            self._records[step] = read_probe(Run(path), step, self.texts.index(text))
        except (InputError, ValueError):  # a capture that is gone or damaged is a frame less, not an error
            self._records[step] = None
        if not self._unread:
            self.changed.emit()
