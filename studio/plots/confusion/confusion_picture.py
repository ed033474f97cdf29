"""ConfusionPicture: many labels against each other, a small square a pair; hovering and the arrow keys tell which."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.numbers import number, percent
from studio.plots.charts.tooltip import Tooltip
from studio.plots.confusion.confusion import Confusion, fill_of
from studio.plots.confusion.confusion_matrix import Choice
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

_LEAST_CELL, _TITLE, _SHADES = 4, 18, 64
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class ConfusionPicture(QWidget):
    """`chosen(truth, column)` by a click, Enter or the space bar. Rows are labels, columns what was said; from the
    first column Left goes to the whole row (column None), from the first row Up to the whole column (truth None)."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionPicture")
        self.setAccessibleName(tr("Where it mixes up"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._confusion: Confusion | None = None
        self._image: QImage | None = None
        self._theme = ""
        self._choice: Choice | None = None
        self._at: Choice = (0, 0)
        self._bubble = Tooltip(self)

    def show_confusion(self, confusion: Confusion) -> None:
        before = self._confusion
        if before is None or before.labels != confusion.labels:
            self._at, self._choice = (0, 0), None
        self._confusion, self._image = confusion, None
        side = max(len(confusion.labels), confusion.num_columns) * _LEAST_CELL
        self.setMinimumSize(side, side + _TITLE)
        self._tell()
        self.update()

    def set_choice(self, choice: Choice | None) -> None:
        """Mark it; nothing is told."""
        self._choice = choice
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 360 + _TITLE)

    # -- where things lie ----------------------------------------------------------------------------------------------

    def _place(self) -> QRect:
        """Of the picture: whole pixels a cell, as large as fits."""
        confusion = self._confusion
        assert confusion is not None
        rows, columns = len(confusion.labels), confusion.num_columns
        cell = max(_LEAST_CELL, min((self.width() - 2) // columns, (self.height() - _TITLE - 2) // rows))
        return QRect((self.width() - cell * columns) // 2, _TITLE, cell * columns, cell * rows)

    def cell_at(self, spot: QPoint) -> tuple[int, int] | None:
        """(truth, column) under a pixel."""
        if self._confusion is None:
            return None
        place = self._place()
        if not place.contains(spot):
            return None
        cell = place.width() // self._confusion.num_columns
        return (spot.y() - place.top()) // cell, (spot.x() - place.left()) // cell

    def box_of(self, choice: Choice) -> QRect:
        """The pixels of a cell, a row or a column."""
        assert self._confusion is not None
        place, (truth, column) = self._place(), choice
        cell = place.width() // self._confusion.num_columns
        left, width = (place.left(), place.width()) if column is None else (place.left() + column * cell, cell)
        top, height = (place.top(), place.height()) if truth is None else (place.top() + truth * cell, cell)
        return QRect(left, top, width, height)

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        confusion = self._confusion
        if confusion is None:
            return
        if self._image is None or self._theme != tokens().card:
            self._image, self._theme = image_of(confusion), tokens().card
        painter, place = QPainter(self), self._place()
        tick = theme.font(theme.TICK)
        painting.text(painter, QRect(0, 0, self.width(), 16), tr("it says →"), tick, tokens().text3, painting.CENTER)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(place, self._image)
        painter.setPen(QColor(tokens().line2))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
        if self._choice is not None and self._choice != (None, None):
            box = self.box_of(self._choice).adjusted(-2, -2, 2, 2)
            painting.box(painter, box, 2, border=tokens().accent, width=2)
        if self.hasFocus():
            painting.focus_ring(painter, self.box_of(self._at).adjusted(-3, -3, 3, 3), 3)

    # -- looking closer ------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        cell, confusion = self.cell_at(spot), self._confusion
        if cell is None or confusion is None:
            self._bubble.hide()
            return
        count, share = int(confusion.counts[cell]), float(confusion.shares[cell])
        lines = [
            (tr("your label"), confusion.labels[cell[0]], None),
            (tr("it says"), confusion.column_name(cell[1]), None),
            (tr("texts"), f"{number(count)}  ({percent(share)})", None),
        ]
        self._bubble.show_lines(lines, spot)

    def leaveEvent(self, event: object) -> None:
        self._bubble.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(cell)
            self.chosen.emit(*cell)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, confusion = _STEPS.get(Qt.Key(event.key())), self._confusion
        if confusion is not None and step is not None:
            rows, columns = len(confusion.labels), confusion.num_columns
            self._go_to((_moved(self._at[0], step[0], rows), _moved(self._at[1], step[1], columns)))
        elif confusion is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(*self._at)
        else:
            super().keyPressEvent(event)

    def _go_to(self, at: Choice) -> None:
        self._at = at if at != (None, None) else (0, 0)
        self._tell()
        self.update()

    def _tell(self) -> None:
        """What the keyboard is at, for screen readers."""
        confusion, (truth, column) = self._confusion, self._at
        if confusion is None:
            return
        if truth is not None and column is not None:
            told = confusion.told(truth, column)
        elif truth is not None:
            told = tr("your label {label}", label=confusion.labels[truth])
        else:
            told = tr("it says {label}", label=confusion.column_name(column or 0))
        self.setAccessibleDescription(told)


def _moved(at: int | None, step: int, count: int) -> int | None:
    """One place on; before the first one lies None, the whole row or column."""
    place = (-1 if at is None else at) + step
    return None if place < 0 else min(place, count - 1)


def image_of(confusion: Confusion) -> QImage:
    """A pixel a cell."""
    size, columns = len(confusion.labels), confusion.num_columns
    shares = confusion.shares[:, :columns]
    pixels = _shaded(shares / confusion.scale, "wrong")
    right = np.arange(size)
    pixels[right, right] = _shaded(shares[right, right], "right")
    pixels[shares == 0] = QColor(tokens().sunk).rgb()
    if confusion.can_abstain:
        pixels[:, size] = _shaded(shares[:, size], "abstained")
    held = np.ascontiguousarray(pixels)
    return QImage(held.data, columns, size, 4 * columns, QImage.Format.Format_RGB32).copy()


def _shaded(shares: np.ndarray, kind: str) -> np.ndarray:
    """uint32 colours, from a table of few shades: a colour a cell would be slow to mix."""
    shades = np.array([QColor(fill_of(step / (_SHADES - 1), kind)).rgb() for step in range(_SHADES)], dtype=np.uint32)
    found: np.ndarray = shades[np.clip(np.rint(shares * (_SHADES - 1)), 0, _SHADES - 1).astype(int)]
    return found
