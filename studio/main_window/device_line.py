"""DeviceLine: what computes here and how much of its memory is in use."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import psutil
from PySide6.QtCore import QRect, QSize, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

_EVERY_MS = 2000
_GIB = 1024**3


@dataclass(frozen=True)
class Device:
    """Bytes in use and in all."""

    name: str
    used: int
    total: int


def read_device(wanted: str) -> Device:
    """The graphics card unless `wanted` is "cpu" or there is none that can be read; else the processor."""
    if wanted in ("auto", "cuda"):
        card = _nvidia()
        if card is not None:
            return card
    memory = psutil.virtual_memory()
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    name = tr("CPU, {count:plural:core:cores}", count=cores)
    return Device(name, memory.total - memory.available, memory.total)


def _nvidia() -> Device | None:
    """None without `nvidia-ml-py` (the `gpu` extra), a driver or a card."""
    try:
        import pynvml
    except ImportError:
        return None
    with contextlib.suppress(pynvml.NVMLError):
        pynvml.nvmlInit()
        handle = pynvml.nvmlDeviceGetHandleByIndex(0)
        memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
        name = str(pynvml.nvmlDeviceGetName(handle)).removeprefix("NVIDIA ").removeprefix("GeForce ")
        return Device(name, int(memory.used), int(memory.total))
    return None


class DeviceLine(QWidget):
    """Name, memory in use, and a bar; looked at every two seconds while it is visible."""

    def __init__(self, wanted: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("device_line")
        self.setFixedHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._wanted = wanted
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._look()

    def set_wanted(self, wanted: str) -> None:
        self._wanted = wanted
        self._look()

    def sizeHint(self) -> QSize:
        return QSize(40, 34)

    def memory_words(self) -> str:
        device = self.device
        return tr("{used} of {total} GB", used=f"{device.used / _GIB:.1f}", total=f"{device.total / _GIB:.0f}")

    def _look(self) -> None:
        if self.isVisible() or not hasattr(self, "device"):
            self.device = read_device(self._wanted)
            self.setToolTip(f"{self.device.name}\n{self.memory_words()}")
            self.setAccessibleName(f"{self.device.name}: {self.memory_words()}")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        share = self.device.used / max(1, self.device.total)
        if self.width() < 80:
            theme.icon("ph.cpu", colours.text2).paint(painter, QRect((self.width() - 16) // 2, 2, 16, 16))
            painting.bar(painter, QRect(6, 24, self.width() - 12, 4), share, colours.accent)
            return
        theme.icon("ph.cpu", colours.text2).paint(painter, QRect(10, 3, 16, 16))
        small = theme.font(theme.CAPTION)
        needed = QFontMetrics(small).horizontalAdvance(self.memory_words()) + 2
        right = QRect(self.width() - 10 - needed, 0, needed, 22)
        taken = painting.text(painter, right, self.memory_words(), small, colours.text2, painting.RIGHT)
        left = QRect(34, 0, self.width() - 34 - 10 - taken - 8, 22)
        painting.text(painter, left, self.device.name, theme.font(theme.CAPTION, 600), colours.text)
        painting.bar(painter, QRect(10, 27, self.width() - 20, 4), share, colours.accent)
