"""StepSlider: a slider along a whole training, whose places are the steps that left something, with marks in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.numbers import number
from studio.plots.timeline.film_slider import FilmSlider
from studio.theme import font, tokens

GROOVE, KNOB, EDGE = 10, 8, 9
_LINE, _APART, _HEIGHT = 16, 8, 40
Kind = Literal["edge", "best", "bad"]


@dataclass(frozen=True)
class Mark:
    """Something that happened at a step: a part that ended ("edge"), the best one, or a fault ("bad")."""

    step: int
    words: str
    kind: Kind


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

    def index_at(self, x: float) -> int:
        """The place nearest to a pixel."""
        return min(range(len(self.steps)), key=lambda index: abs(self.x_of(index) - x), default=0)

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.steps:
            return
        painter, colours = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        here = self.x_of(self.value())
        for right, color in ((self.width() - EDGE, colours.track), (here, colours.accent)):
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(QRectF(EDGE, GROOVE - 2, max(0.0, right - EDGE), 4), 2, 2)
        for mark in self._marks:
            self._paint_mark(painter, mark)
        self._paint_knob(painter, here)
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

    def _paint_knob(self, painter: QPainter, x: float) -> None:
        if self.hasFocus():
            halo = QColor(tokens().accent)
            halo.setAlpha(70)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(halo)
            painter.drawEllipse(QPointF(x, GROOVE), KNOB + 2, KNOB + 2)
        painter.setBrush(QColor(tokens().card))
        painter.setPen(QPen(QColor(tokens().accent), 2))
        painter.drawEllipse(QPointF(x, GROOVE), KNOB - 1, KNOB - 1)

    def _paint_labels(self, painter: QPainter) -> None:
        for words, place, color, weight in self.written():
            painter.setFont(font(11, weight))
            painter.setPen(QColor(color))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def written(self) -> list[tuple[str, QRect, str, int]]:
        """(words, place, colour, weight) of what stands under the groove: the current step, then what finds room."""
        colours = tokens()
        ranks: dict[Kind, int] = {"best": 0, "bad": 1, "edge": 2}
        wanted = [(number(self.steps[self.value()]), self.x_of(self.value()), colours.accent_text, 600)]
        for mark in sorted(self._marks, key=lambda mark: ranks[mark.kind]):
            ink = {"best": colours.ok, "bad": colours.warn, "edge": colours.text2}[mark.kind]
            wanted.append((mark.words, self.x_at(mark.step), ink, 600 if mark.kind != "edge" else 400))
        wanted += [(number(step), self.x_at(step), colours.text3, 400) for step in (0, self._end)]
        found: list[tuple[str, QRect, str, int]] = []
        for words, x, ink, weight in wanted:
            place = self._place(words, x)
            if not any(place.adjusted(-_APART, 0, _APART, 0).intersects(other) for _, other, _, _ in found):
                found.append((words, place, ink, weight))
        return found

    def _place(self, words: str, x: float) -> QRect:
        width = QFontMetrics(font(11, 600)).horizontalAdvance(words) + 2
        left = min(max(0, round(x - width / 2)), self.width() - width)
        return QRect(left, 2 * GROOVE + 3, width, _LINE)

    # -- choosing ------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self.index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self.index_at(event.position().x()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_ends(EDGE, self.width() - EDGE)
