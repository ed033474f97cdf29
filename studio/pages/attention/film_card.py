"""FilmCard: the chosen head through the training, on a probe text."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from engine.records import AttentionRecord
from studio.pages.attention.reading import Choice, special_keys
from studio.pages.attention.timeline import Timeline
from studio.plots.timeline.film_strip import FilmStrip
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption

_PADDING = 14


class FilmCard(Card):
    """`chosen(step)` looks at a frame; `probe_chosen(text)` takes a probe text up, as only those were captured."""

    chosen = Signal(int)
    probe_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("This head through training"), "", parent)
        self.strip = FilmStrip()
        self.strip.chosen.connect(self._tell)
        self.header.addWidget(self.strip.play)
        self._about = Caption(wrap=True)
        self._about.setObjectName("filmAbout")
        self._probes = QVBoxLayout()
        self._probes.setSpacing(2)
        self._buttons: list[Button] = []
        self.body.addWidget(self.strip)
        self.body.addWidget(self._about)
        self.body.addLayout(self._probes)
        self._texts: tuple[str, ...] = ()
        self._steps: list[int] = []
        self._shown: object = None

    def show_timeline(self, timeline: Timeline, record: AttentionRecord, choice: Choice, text: str) -> None:
        """Frames for a probe text; for any other the probe texts to take up."""
        chosen = record.maps[choice.map]
        frames = timeline.frames(chosen.name, choice)
        is_filmed = len(frames) > 0 and len(frames) == len(timeline.steps)
        self.setVisible(bool(timeline.texts))
        self.strip.setVisible(is_filmed)
        self.strip.play.setVisible(is_filmed)
        self._about.setVisible(not is_filmed)
        self._show_probes(timeline.texts if not is_filmed and text not in timeline.texts else ())
        if not is_filmed:
            self.strip.stop()
            self._about.setText(_about(timeline, text))
            return
        key = (timeline.of, timeline.steps, chosen.name, choice, timeline.best)
        if key != self._shown:
            self._shown = key
            self._show_frames(timeline, record, choice, frames)
        if timeline.step in self._steps:
            self.strip.set_current(self._steps.index(timeline.step))
        elif timeline.step is None:
            self.strip.set_current(len(self._steps) - 1)

    def _show_frames(
        self, timeline: Timeline, record: AttentionRecord, choice: Choice, frames: list[np.ndarray]
    ) -> None:
        self._steps = list(timeline.steps)
        special = special_keys(record, record.maps[choice.map])
        fits = len(special) == frames[-1].shape[-1]
        self.strip.set_frames(self._steps, frames, timeline.best, special if fits else None)

    def _tell(self, index: int) -> None:
        if 0 <= index < len(self._steps):
            self.chosen.emit(self._steps[index])

    def _show_probes(self, texts: tuple[str, ...]) -> None:
        if texts == self._texts:
            return
        self._texts = texts
        for button in self._buttons:
            self._probes.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for text in texts:
            button = _ProbeButton(" ".join(text.split()))
            button.clicked.connect(lambda _checked=False, chosen=text: self.probe_chosen.emit(chosen))
            self._probes.addWidget(button)
            self._buttons.append(button)


class _ProbeButton(Button):
    """A probe text in one line, cut where the card ends; whole as tooltip."""

    def __init__(self, line: str) -> None:
        super().__init__(line, "link", size="small")
        self.setObjectName("probeText")
        self._line = line
        self.setMinimumWidth(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - _PADDING
        self.setText(self.fontMetrics().elidedText(self._line, Qt.TextElideMode.ElideRight, room))
        self.setAccessibleName(self._line)


def _about(timeline: Timeline, text: str) -> str:
    """Why there is no film."""
    if text not in timeline.texts:
        return tr("At each evaluation the run looked at its probe texts. Choose one to see it move:")
    if timeline.is_reading:
        return tr("Reading the captures …")
    return tr("This map was not captured; choose one of the model's own heads.")
