"""TextSearch: which of thousands of texts hold some words, looked through a few milliseconds at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

_AT_ONCE = 0.005
_TELL_EVERY = 0.12


class TextSearch(QObject):
    """`advanced` when more is known about the rows that `filtered` was asked for last."""

    advanced = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts: Sequence[str] = ()
        self._sought: list[str] = []
        self._holds = np.empty(0, dtype=np.int8)
        self._wanted = np.empty(0, dtype=np.int64)
        self._told = 0.0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._look_on)

    def show_texts(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._forget()

    def seek(self, words: str) -> None:
        """Each word must stand somewhere in the text, whatever its capitals."""
        sought = words.casefold().split()
        if sought != self._sought:
            self._sought = sought
            self._forget()

    @property
    def is_seeking(self) -> bool:
        return bool(self._sought)

    @property
    def is_done(self) -> bool:
        """Whether all of the rows asked for last were looked through."""
        return not self._timer.isActive()

    def filtered(self, places: np.ndarray) -> np.ndarray:
        """Those known to hold the words, in the same order; the rest is looked through from now on."""
        if not self._sought:
            self._timer.stop()
            return places
        self._wanted = places
        if (self._holds[places] < 0).any():
            self._look_through(_AT_ONCE)
        return places[self._holds[places] == 1]

    def _forget(self) -> None:
        self._timer.stop()
        self._holds = np.full(len(self._texts), -1, dtype=np.int8)

    def _look_on(self) -> None:
        self._look_through(_AT_ONCE)
        now = time.perf_counter()
        if self.is_done or now - self._told > _TELL_EVERY:
            self._told = now
            self.advanced.emit()

    def _look_through(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        for place in self._wanted[self._holds[self._wanted] < 0]:
            text = self._texts[place].casefold()
            self._holds[place] = all(word in text for word in self._sought)
            if time.perf_counter() > until:
                self._timer.start()
                return
        self._timer.stop()
