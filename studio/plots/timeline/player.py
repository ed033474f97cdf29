"""Player: lets a slider run through its frames, with the button that plays and stops."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSlider

from studio.translation import tr
from studio.widgets.button import IconButton


@dataclass(frozen=True)
class Pace:
    """Milliseconds of the slowest and of the fastest frame, and of a film whose frames are neither."""

    slowest: int
    fastest: int
    whole_film: int

    def interval(self, num_frames: int) -> int:
        return min(self.slowest, max(self.fastest, self.whole_film // max(1, num_frames)))


class Player(QObject):
    """A frame is a value of the slider. `button` is for a card's header."""

    def __init__(self, slider: QSlider, pace: Pace) -> None:
        super().__init__(slider)
        self._slider, self.pace = slider, pace
        self.button = IconButton("ph.play-fill", tr("Play"))
        self.button.clicked.connect(lambda: self.stop() if self.is_playing else self.play())
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)

    @property
    def num_frames(self) -> int:
        return self._slider.maximum() + 1

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    def play(self) -> None:
        """From the frame that is shown; from the first one when the last is shown."""
        if self._slider.value() >= self._slider.maximum():
            self._slider.setValue(0)
        self._timer.start(self.pace.interval(self.num_frames))
        self._say(tr("Stop playing"), "ph.pause-fill")

    def stop(self) -> None:
        """Hold the frame that is shown."""
        self._timer.stop()
        self._say(tr("Play"), "ph.play-fill")

    def rewind(self) -> None:
        self.stop()
        self._slider.setValue(0)

    def _advance(self) -> None:
        self._slider.setValue(self._slider.value() + 1)
        if self._slider.value() >= self._slider.maximum():
            self.stop()

    def _say(self, words: str, sign: str) -> None:
        self.button.set_icon(sign)
        self.button.setToolTip(words)
        self.button.setAccessibleName(words)
