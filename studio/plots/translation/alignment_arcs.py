"""AlignmentArcs: the words of the source above, those that were written below, arcs from where each comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.numbers import likelihood
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets import painting

Row = Literal["source", "target"]
Place = tuple[Row, int]
SHOWN_FROM = 0.05
"""Weaker looks are not drawn."""

_MARGIN, _PADDING, _LEAST_GAP, _CHIP = 68, 8, 6, 26
_ARCS, _SURE = 68, 20
_THINNEST, _THICKEST = 0.8, 5.5


@dataclass(frozen=True)
class Aligned:
    """`weights` [target, source], or None where nothing is looked at. `sureness` is the probability of each target
    word; `left_out` are source words that were taken away, `unknown` those that the model does not know, `given` the
    target words that a person chose."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    sureness: tuple[float, ...]
    weights: np.ndarray | None = None
    left_out: frozenset[int] = frozenset()
    unknown: frozenset[int] = frozenset()
    given: frozenset[int] = frozenset()

    def looks(self, target: int) -> list[tuple[int, float]]:
        """(source word, weight) of one target word, the strongest first."""
        if self.weights is None or not 0 <= target < len(self.weights):
            return []
        order = np.argsort(-self.weights[target], kind="stable")
        return [(int(place), float(self.weights[target, place])) for place in order]


class AlignmentArcs(QWidget):
    """`pointed(row, place)` tells what the pointer or the keys are at, "" and -1 where nothing is; `pressed(row,
    place)` what was clicked. Left and Right go along a row, Up and Down change it, Return presses."""

    pointed = Signal(str, int)
    pressed = Signal(str, int)

    def __init__(self, source_name: str, target_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alignmentArcs")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._names = (source_name, target_name)
        self._aligned = Aligned((), (), ())
        self._at: Place | None = None
        self._tell_name()

    @property
    def aligned(self) -> Aligned:
        return self._aligned

    @property
    def at(self) -> Place | None:
        """The word that is looked at."""
        return self._at

    def show_words(self, aligned: Aligned) -> None:
        self._aligned, self._at = aligned, None
        self.setMinimumWidth(self._needed())
        self._tell_name()
        self.updateGeometry()
        self.update()

    def look_at(self, place: Place | None) -> None:
        """As another view points; nothing is told."""
        if place != self._at:
            self._at = place
            self.update()

    def chip(self, row: Row, place: int) -> QRectF:
        """Where a word stands."""
        return self._chips(row)[place]

    def sizeHint(self) -> QSize:
        return QSize(self._needed(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._needed(), self._height())

    # --- where everything is --------------------------------------------------------------------------------------

    def _height(self) -> int:
        return 2 * theme.tall(_CHIP) + _ARCS + theme.tall(_SURE) + 6

    def _font(self) -> QFont:
        return font(14, 500)

    def _words(self, row: Row) -> tuple[str, ...]:
        return self._aligned.source if row == "source" else self._aligned.target

    def _widths(self, row: Row) -> list[float]:
        metrics = QFontMetricsF(self._font())
        words = [metrics.horizontalAdvance(word) + 2 * _PADDING for word in self._words(row)]
        if row == "source":
            return words
        sure = QFontMetricsF(font(12))
        told = [sure.horizontalAdvance(likelihood(one)) for one in self._aligned.sureness]
        return [max(one, other + 4) for one, other in zip(words, told, strict=True)]

    def _needed(self) -> int:
        rows: tuple[Row, Row] = ("source", "target")
        most = max(sum(self._widths(row)) + _LEAST_GAP * len(self._words(row)) for row in rows)
        return round(_MARGIN + most + 4)

    def _chips(self, row: Row) -> list[QRectF]:
        """Words at even distances over the whole width."""
        widths = self._widths(row)
        if not widths:
            return []
        free = max(0.0, self.width() - _MARGIN - 4 - sum(widths))
        gap = min(free / len(widths), 64.0)
        top = 2.0 if row == "source" else 2.0 + theme.tall(_CHIP) + _ARCS
        found, left = [], _MARGIN + gap / 2
        for width in widths:
            found.append(QRectF(left, top, width, theme.tall(_CHIP)))
            left += width + gap
        return found

    def _under(self, spot: QPointF) -> Place | None:
        rows: tuple[Row, Row] = ("source", "target")
        for row in rows:
            for place, chip in enumerate(self._chips(row)):
                if chip.adjusted(-2, -2, 2, _SURE if row == "target" else 2).contains(spot):
                    return row, place
        return None

    # --- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        source, target = self._chips("source"), self._chips("target")
        self._paint_names(painter, source, target)
        self._paint_arcs(painter, source, target)
        for place, chip in enumerate(source):
            self._paint_chip(painter, ("source", place), chip)
        for place, chip in enumerate(target):
            self._paint_chip(painter, ("target", place), chip)
            self._paint_sureness(painter, place, chip)
        if self.hasFocus() and self._at is None:
            painting.focus_ring(painter, self.rect(), theme.CHIP_RADIUS)

    def _paint_names(self, painter: QPainter, source: list[QRectF], target: list[QRectF]) -> None:
        for name, chips in zip(self._names, (source, target), strict=True):
            if chips:
                place = QRect(0, round(chips[0].top()), _MARGIN - 8, round(chips[0].height()))
                painting.text(painter, place, name, font(12), tokens().text2)
        if target:
            place = QRect(0, round(target[0].bottom()), _MARGIN - 8, theme.tall(_SURE))
            painting.text(painter, place, tr("how sure"), font(12), tokens().text3)

    def _paint_arcs(self, painter: QPainter, source: list[QRectF], target: list[QRectF]) -> None:
        weights = self._aligned.weights
        if weights is None:
            return
        strong: list[tuple[int, int]] = []
        for below, above in np.argwhere(weights >= SHOWN_FROM).tolist():
            if self._is_lit(below, above):
                strong.append((below, above))
            else:
                self._paint_arc(painter, source[above], target[below], float(weights[below, above]), False)
        for below, above in strong:
            self._paint_arc(painter, source[above], target[below], float(weights[below, above]), True)

    def _is_lit(self, target: int, source: int) -> bool:
        return self._at in (("target", target), ("source", source))

    def _paint_arc(self, painter: QPainter, above: QRectF, below: QRectF, weight: float, is_lit: bool) -> None:
        begin, end = QPointF(above.center().x(), above.bottom()), QPointF(below.center().x(), below.top())
        bend = 0.62 * (end.y() - begin.y())
        path = QPainterPath(begin)
        path.cubicTo(begin + QPointF(0, bend), end - QPointF(0, bend), end)
        share = min(1.0, weight)
        alpha = 70 + round(150 * share) if self._at is None or is_lit else 40 + round(60 * share)
        ink = painting.tinted(tokens().s2 if is_lit else tokens().accent, alpha)
        width = _THINNEST + (_THICKEST - _THINNEST) * share
        painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _paint_chip(self, painter: QPainter, place: Place, chip: QRectF) -> None:
        row, index = place
        colours, aligned = tokens(), self._aligned
        is_lit = place == self._at
        is_target = row == "target"
        border = colours.s2 if is_lit else colours.soft_line if is_target else colours.line2
        fill = colours.card if is_lit else colours.soft if is_target else colours.sunk
        painting.box(painter, chip.toRect(), theme.CHIP_RADIUS, fill, border, 1.5 if is_lit else 1)
        if not is_target and index in aligned.unknown:
            painter.setPen(QPen(QColor(colours.warn), 1.2, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(chip, theme.CHIP_RADIUS, theme.CHIP_RADIUS)
        letters = QFont(self._font())
        letters.setStrikeOut(not is_target and index in aligned.left_out)
        letters.setUnderline(is_target and index in aligned.given)
        ink = colours.s2 if is_lit else colours.accent_text if is_target else colours.text
        painting.text(painter, chip.toRect(), self._words(row)[index], letters, ink, painting.CENTER)

    def _paint_sureness(self, painter: QPainter, place: int, chip: QRectF) -> None:
        is_lit = self._at == ("target", place)
        under = QRect(round(chip.left()) - 8, round(chip.bottom()), round(chip.width()) + 16, theme.tall(_SURE))
        ink = tokens().s2 if is_lit else tokens().text2
        told = likelihood(self._aligned.sureness[place])
        painting.text(painter, under, told, font(12, 600 if is_lit else 400), ink, painting.CENTER)

    # --- gestures -------------------------------------------------------------------------------------------------

    def _point(self, place: Place | None) -> None:
        if place != self._at:
            self._at = place
            self.pointed.emit(*(place or ("", -1)))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._under(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if place else Qt.CursorShape.ArrowCursor)
        if place is not None:
            self._point(place)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._point(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._under(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self._point(place)
            self.pressed.emit(*place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._at is not None:
            self.pressed.emit(*self._at)
        elif key == Qt.Key.Key_Escape and self._at is not None:
            self._point(None)
        elif (moved := self._moved(key)) is not None:
            self._point(moved)
        else:
            super().keyPressEvent(event)

    def _moved(self, key: Qt.Key) -> Place | None:
        row, index = self._at or ("target", -1)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            row = "source" if key == Qt.Key.Key_Up else "target"
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            index += 1 if key == Qt.Key.Key_Right else -1
        else:
            return None
        count = len(self._words(row))
        return (row, min(count - 1, max(0, index))) if count else None

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def _tell_name(self) -> None:
        told = tr(
            "{source}; written: {target}",
            source=" ".join(self._words("source")),
            target=" ".join(self._words("target")),
        )
        self.setAccessibleName(tr("Which word comes from where"))
        self.setAccessibleDescription(told)
