"""StepSlider: a slider along a whole training, whose places are the steps that left something, with marks in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.numbers import number
from studio.plots.timeline.film_slider import GROOVE, FilmSlider
from studio.theme import font, tokens

EDGE = 9
_HEIGHT = 40
MarkKind = Literal["edge", "best", "bad"]


@dataclass(frozen=True)
class Mark:
    """Something that happened at a step: a part that ended ("edge"), the best one, or a fault ("bad")."""

    step: int
    words: str
    kind: MarkKind


class StepSlider(FilmSlider):
    """`value()` is an index into `steps`; where a step stands is in proportion to the whole training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stepSlider")
        self._end = 1
        self._marks: list[Mark] = []

    def set_course(self, steps: Sequence[int], end: int, marks: Sequence[Mark]) -> None:
        """Places, the last step of the training, and what is marked on the way."""
        self._end, self._marks = max(1, end, *steps), list(marks)
        self.setToolTip("\n".join(mark.words for mark in self._marks))
        self.set_steps(steps)

    def sizeHint(self) -> QSize:
        return QSize(280, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def x_at(self, step: float) -> float:
        """The pixel of any step of the training."""
        return EDGE + step / self._end * (self.width() - 2 * EDGE)

    def x_of(self, index: int) -> float:
        return self.x_at(self.steps[index]) if index < len(self.steps) else float(EDGE)

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.steps:
            return
        painter, here = QPainter(self), self.x_of(self.value())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_groove(painter, EDGE, here, self.width() - EDGE)
        for mark in self._marks:
            self._paint_mark(painter, mark)
        self.paint_knob(painter, here)
        self._paint_labels(painter)

    def _paint_mark(self, painter: QPainter, mark: Mark) -> None:
        x = self.x_at(mark.step)
        if mark.kind == "edge":
            painter.fillRect(QRectF(round(x) - 1, GROOVE - 5, 2, 10), QColor(tokens().text3))
            return
        painter.setPen(QPen(QColor(tokens().card), 2))
        painter.setBrush(QColor(tokens().ok if mark.kind == "best" else tokens().warn))
        if mark.kind == "best":
            painter.drawEllipse(QPointF(x, GROOVE), 6, 6)
        else:
            painter.drawPolygon([QPointF(x, GROOVE - 7), QPointF(x + 7, GROOVE + 6), QPointF(x - 7, GROOVE + 6)])

    def _paint_labels(self, painter: QPainter) -> None:
        for words, place, color, weight in self.written():
            painter.setFont(font(11, weight))
            painter.setPen(QColor(color))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def written(self) -> list[tuple[str, QRect, str, int]]:
        """(words, place, colour, weight) of what stands under the groove: the current step, then what finds room."""
        colours = tokens()
        ranks: dict[MarkKind, int] = {"best": 0, "bad": 1, "edge": 2}
        wanted = [(number(self.steps[self.value()]), self.x_of(self.value()), colours.accent_text, 600)]
        for mark in sorted(self._marks, key=lambda mark: ranks[mark.kind]):
            ink = {"best": colours.ok, "bad": colours.warn, "edge": colours.text2}[mark.kind]
            wanted.append((mark.words, self.x_at(mark.step), ink, 600 if mark.kind != "edge" else 400))
        wanted += [(number(step), self.x_at(step), colours.text3, 400) for step in (0, self._end)]
        keys = [(words, ink, weight) for words, _, ink, weight in wanted]
        placed = self.placed([(words, x) for words, x, _, _ in wanted], keys)
        return [(words, place, ink, weight) for (words, ink, weight), place in placed]
