"""Reference cycles are collected in the window's thread alone.

Python collects them in whichever thread happens to allocate. A widget whose last cycle ends in a worker thread is then
destroyed there, while the window's thread may be painting or styling it, and the process dies in Qt."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_PAUSE_MS = 200
_OLDEST = 2


class GarbageCollector(QObject):
    """Takes the automatic collector's place as long as it lives: the same three generations, by a timer of the thread
    that made it. The oldest is gone through when a quarter more has grown old since, which is Python's own rule."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._num_old = 0
        self._num_grown_old = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_PAUSE_MS)

    def collect(self) -> None:
        """What is due by Python's thresholds, now."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        if counts[0] <= thresholds[0]:
            return
        if counts[1] <= thresholds[1]:
            gc.collect(0)
            return
        self._num_grown_old += len(gc.get_objects(generation=0)) + len(gc.get_objects(generation=1))
        if counts[_OLDEST] > thresholds[_OLDEST] and self._num_grown_old * 4 > self._num_old:
            gc.collect()
            self._num_old, self._num_grown_old = len(gc.get_objects(generation=_OLDEST)), 0
        else:
            self._num_grown_old -= gc.collect(1)


def collect_in_this_thread(app: QObject) -> GarbageCollector:
    """The one collector of `app`, whose thread calls this. It lives as long as the application."""
    existing = app.findChild(GarbageCollector)
    return existing if existing is not None else GarbageCollector(app)
