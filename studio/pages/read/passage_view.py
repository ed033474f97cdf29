"""PassageView: a passage with its answer filled, and the weaker candidates underlined and numbered as in the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.records import AnswerSpan
from studio import theme
from studio.theme import tokens
from studio.widgets import painting

_SIZE, _LINE = 15, 27.0
_BADGE = "\u2002\u2002\u2009"
"""Room for a number behind a candidate."""


@dataclass(frozen=True)
class Candidate:
    """`rank` counts from 0, which is the best; overlapping ones stand in the list alone."""

    rank: int
    start: int
    end: int


class PassageView(QWidget):
    """`hovered(rank)` tells the candidate under the pointer, -1 for none."""

    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("passageView")
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._context = ""
        self._candidates: tuple[Candidate, ...] = ()
        self._is_silent = False
        self._current = -1
        self._layout = QTextLayout()

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Those that are marked."""
        return self._candidates

    def set_answer(self, context: str, best: Sequence[AnswerSpan], *, is_silent: bool) -> None:
        """Where it is silent, what it would have said is only underlined."""
        self._context, self._is_silent = context, is_silent
        self._candidates = apart(best)
        self._current = -1
        self.setAccessibleName(context)
        said = next((one for one in best), None)
        self.setAccessibleDescription("" if said is None or is_silent else said.text)
        self._arrange()

    def set_current(self, rank: int) -> None:
        """Light a candidate; nothing is emitted."""
        self._current = rank
        self.update()

    # -- where things lie ----------------------------------------------------------------------------------------------

    def _shifted(self, place: int, *, is_end: bool = False) -> int:
        """A character's place among the letters that are drawn: badges stand behind the candidates before it."""
        before = sum(one.end < place or (one.end == place and not is_end) for one in self._candidates)
        return place + before * len(_BADGE)

    def _drawn_text(self) -> str:
        parts, at = [], 0
        for one in sorted(self._candidates, key=lambda one: one.end):
            parts += [self._context[at : one.end], _BADGE]
            at = one.end
        return "".join([*parts, self._context[at:]]).replace("\n", "\u2028")

    def _laid_out(self, width: float) -> QTextLayout:
        layout = QTextLayout(self._drawn_text(), theme.font(_SIZE))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(self._formats())
        layout.beginLayout()
        y = 2.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(60.0, width - 4))
            line.setPosition(QPointF(3, y))
            y += _LINE
        layout.endLayout()
        return layout

    def _formats(self) -> list[QTextLayout.FormatRange]:
        found = []
        for one in self._candidates:
            if one.rank or self._is_silent:
                continue
            ranged = QTextLayout.FormatRange()
            ranged.start = self._shifted(one.start)
            ranged.length = self._shifted(one.end, is_end=True) - ranged.start
            looks = QTextCharFormat()
            looks.setFontWeight(QFont.Weight.DemiBold)
            looks.setForeground(QColor(tokens().accent_text))
            ranged.format = looks
            found.append(ranged)
        return found

    def _arrange(self) -> None:
        self._layout = self._laid_out(self.width())
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(max(1, self._laid_out(width).lineCount()) * _LINE + 4)

    def sizeHint(self) -> QSize:
        return QSize(420, self.heightForWidth(max(420, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, round(_LINE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _boxes(self, one: Candidate) -> list[QRectF]:
        """A box a line."""
        start, end = self._shifted(one.start), self._shifted(one.end, is_end=True)
        boxes = []
        for index in range(self._layout.lineCount()):
            line = self._layout.lineAt(index)
            first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
            if first < last:
                left, right = line.cursorToX(first)[0], line.cursorToX(last)[0]
                boxes.append(QRectF(left, line.y(), right - left, line.height()))
        return boxes

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in self._candidates:
            self._paint_ground(painter, one)
        painter.setPen(QColor(tokens().text))
        self._layout.draw(painter, QPointF(0, 0))
        for one in self._candidates:
            self._paint_badge(painter, one)

    def _paint_ground(self, painter: QPainter, one: Candidate) -> None:
        is_said = one.rank == 0 and not self._is_silent
        for box in self._boxes(one):
            if is_said or one.rank == self._current:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(painting.tinted(tokens().accent, 46 if is_said else 30))
                painter.drawRoundedRect(box.adjusted(-3, -2, 3, 3), 4, 4)
            if not is_said:
                painter.setPen(QPen(QColor(tokens().accent), 1.6))
                painter.drawLine(QPointF(box.left(), box.bottom() + 2), QPointF(box.right(), box.bottom() + 2))

    def _paint_badge(self, painter: QPainter, one: Candidate) -> None:
        boxes = self._boxes(one)
        if not boxes:
            return
        letters = theme.font(theme.TICK, 600)
        size = QFontMetricsF(letters).height() - 1
        end = boxes[-1]
        place = QRect(round(end.right()) + 4, round(end.top()) - 1, round(size), round(size))
        is_said = one.rank == 0 and not self._is_silent
        painting.box(painter, place, size / 2, tokens().accent if is_said else tokens().soft)
        ink = "#FFFFFF" if is_said else tokens().accent_text
        painting.text(painter, place, str(one.rank + 1), letters, ink, painting.CENTER)

    # -- pointing ------------------------------------------------------------------------------------------------------

    def candidate_at(self, spot: QPointF) -> int:
        """The rank of what stands there, -1 for none."""
        for one in self._candidates:
            if any(box.adjusted(-3, -3, 20, 4).contains(spot) for box in self._boxes(one)):
                return one.rank
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self.candidate_at(event.position()))

    def leaveEvent(self, event: object) -> None:
        self._point_at(-1)

    def _point_at(self, rank: int) -> None:
        if rank != self._current:
            self.set_current(rank)
            self.hovered.emit(rank)


def apart(best: Sequence[AnswerSpan]) -> tuple[Candidate, ...]:
    """The best ones, each without those that overlap with a better one."""
    kept: list[Candidate] = []
    for rank, one in enumerate(best):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(Candidate(rank, one.start, one.end))
    return tuple(kept)
