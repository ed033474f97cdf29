"""FilmStrip: one head through training, as small maps over a slider that plays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from studio.numbers import number
from studio.plots.timeline.film_frames import FilmFrames
from studio.plots.timeline.film_slider import FilmSlider
from studio.plots.timeline.player import Pace, Player
from studio.translation import tr
from studio.widgets.layouts import fill, hbox

_PACE = Pace(slowest=400, fastest=150, whole_film=6000)


class FilmStrip(QWidget):
    """`chosen(index)` tells which frame the person (or the film that plays) came to.

    `play` is the button that plays; it stands over the frames and may be put into a card's header instead.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filmStrip")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._frames, self._slider = FilmFrames(), FilmSlider()
        self.player = Player(self._slider, _PACE)
        self.play = self.player.button
        self.play.setObjectName("playFilm")
        self._frames.chosen.connect(self._go_to)
        self._slider.valueChanged.connect(self._show)
        self.setFocusProxy(self._slider)
        self._frames.arranged.connect(self._slider.set_ends)
        row = hbox(None, self.play)
        fill(QVBoxLayout(self), row, self._frames, self._slider, gap=4)

    def set_frames(
        self,
        steps: Sequence[int],
        maps: Sequence[np.ndarray],
        best: int | None = None,
        special: np.ndarray | None = None,
    ) -> None:
        """Maps [query, key] at rising steps; `best` is the step of the best checkpoint. The last frame is shown, or the
        one that was, where there are more of the same now."""
        assert len(steps) == len(maps)
        grew = self.count > 0 and list(steps[: self.count]) == self._slider.steps
        follows = not grew or self.current == self.count - 1
        current = len(steps) - 1 if follows else self.current
        self._frames.set_frames(maps, steps, best, special)
        self._slider.set_steps(steps)
        self.play.setEnabled(len(steps) > 1)
        self.set_current(max(0, current))

    @property
    def count(self) -> int:
        return len(self._slider.steps)

    @property
    def current(self) -> int:
        """The index of the frame that is shown."""
        return self._slider.value()

    @property
    def is_playing(self) -> bool:
        return self.player.is_playing

    def stop(self) -> None:
        """Hold the frame that is shown."""
        self.player.stop()

    def set_current(self, index: int) -> None:
        """Show another frame; nothing is emitted."""
        self._slider.blockSignals(True)
        self._slider.setValue(index)
        self._slider.blockSignals(False)
        self._mark(self._slider.value())

    def _mark(self, index: int) -> None:
        self._frames.set_current(index)
        if index < self.count:
            self._slider.setAccessibleName(tr("step {step}", step=number(self._slider.steps[index])))

    def _go_to(self, index: int) -> None:
        """A frame was clicked."""
        self.stop()
        self._slider.setValue(index)

    def _show(self, index: int) -> None:
        self._mark(index)
        self.chosen.emit(index)
