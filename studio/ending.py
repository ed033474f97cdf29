"""Signals: the system's wish that the program ends reaches the window, which keeps everything."""

from __future__ import annotations

import contextlib
import os
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

_STOPPED = 130


class Signals(QObject):
    """`told` when the system wants the program to end (Ctrl+C in its terminal, SIGTERM, a closed terminal). Qt waits
    outside of Python, where no signal is handled: a socket wakes it. The second signal ends the process at once."""

    told = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_told = False
        self._heard, self._wakes = socket.socketpair()
        for one in (self._heard, self._wakes):
            one.setblocking(False)
        self._notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)
        self._before = {number: signal.signal(number, self._take) for number in _ending_signals()}
        self._woken_before = signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)

    def close(self) -> None:
        """Everything is handled as before."""
        signal.set_wakeup_fd(self._woken_before)
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._notifier.setEnabled(False)
        self._heard.close()
        self._wakes.close()

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._heard.recv(64)

    def _take(self, number: int, frame: object) -> None:
        if self._is_told:
            os._exit(_STOPPED)
        self._is_told = True
        QTimer.singleShot(0, self, self.told.emit)


def _ending_signals() -> list[int]:
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in known if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN]
