"""BeamTree: what a beam search weighed, a row for each end of a line, the winner's straight on top."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
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

from engine.records import BeamNode
from studio import theme
from studio.numbers import NOTHING
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets import painting

FOLDED_ROWS = 14
_LEFT, _ROW, _TOP, _FOOT, _SCORE = 18.0, 26, 4.0, 26.0, 62.0
_LEAST_STEP, _GAP, _LEAST_GAP, _TAIL = 22.0, 22.0, 12.0, 24.0


@dataclass(frozen=True)
class TreeLayout:
    """Rows and columns of `nodes`, which come parents first; of more than `most` rows the rest is left out. Steps stand
    closer where there is little `room` across."""

    nodes: Sequence[BeamNode]
    most: int
    room: float = math.inf

    @cached_property
    def rows(self) -> list[int]:
        """Of each node: the first child stands in its parent's row, each further one begins a new row."""
        found: list[int] = []
        taken: set[int] = set()
        last = -1
        for node in self.nodes:
            goes_on = node.parent not in taken and node.parent >= 0
            if goes_on:
                row = found[node.parent]
            else:
                last += 1
                row = last
            taken.add(node.parent)
            found.append(row)
        return found

    @property
    def num_rows(self) -> int:
        return max(self.rows, default=-1) + 1

    @property
    def num_shown(self) -> int:
        return min(self.num_rows, self.most)

    @cached_property
    def shown(self) -> list[int]:
        """The nodes of rows that are shown."""
        return [place for place, row in enumerate(self.rows) if row < self.num_shown]

    @cached_property
    def leaves(self) -> list[int]:
        """Of each row that is shown its last node."""
        last: dict[int, int] = {}
        for place in self.shown:
            last[self.rows[place]] = place
        return [last[row] for row in sorted(last)]

    @cached_property
    def _widths(self) -> list[float]:
        """Of each step (from 0): the room that its words need; what is told behind a dropped one is free."""
        metrics = QFontMetricsF(font(12, 600))
        widths = [_LEAST_STEP] * max((node.depth for node in self.nodes), default=0)
        for place in self.shown:
            node = self.nodes[place]
            widths[node.depth - 1] = max(widths[node.depth - 1], metrics.horizontalAdvance(shown_text(node)))
        return widths

    @cached_property
    def lefts(self) -> list[float]:
        """Of each step: where its words begin."""
        free = self.room - _LEFT - 16 - sum(self._widths) - _TAIL - _SCORE
        gap = min(_GAP, max(_LEAST_GAP, free / max(1, len(self._widths) - 1)))
        found, left = [], _LEFT + 16
        for width in self._widths:
            found.append(left)
            left += width + gap
        return found

    @property
    def width(self) -> float:
        """What it needs across."""
        return self.lefts[-1] + self._widths[-1] + _TAIL + _SCORE if self.lefts else _SCORE


def shown_text(node: BeamNode) -> str:
    """A token as a word, its blanks made visible only where there is nothing else."""
    return node.text.strip() or "␣"


class BeamTree(QWidget):
    """`leaf_chosen(place)`: Return or a click on the end of a line. Up and Down walk the ends."""

    leaf_chosen = Signal(int)
    leaf_pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("beamTree")
        self.setAccessibleName(tr("What it weighed"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._layout = self._least = TreeLayout((), FOLDED_ROWS)
        self._leaf: int | None = None

    @property
    def laid_out(self) -> TreeLayout:
        return self._layout

    def show_nodes(self, nodes: Sequence[BeamNode], most: int = FOLDED_ROWS) -> None:
        self._least = TreeLayout(nodes, most, 0.0)
        self._layout, self._leaf = TreeLayout(nodes, most, self.width()), None
        self.setMinimumSize(self.minimumSizeHint())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        rows = max(1, self._layout.num_shown)
        return QSize(math.ceil(self._least.width), math.ceil(_TOP + rows * theme.tall(_ROW) + _FOOT))

    def _center(self, row: int) -> float:
        return _TOP + (row + 0.5) * theme.tall(_ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._layout = replace(self._layout, room=float(self.width()))

    # --- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        layout = self._layout
        if not layout.nodes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in sorted(layout.shown, key=lambda one: layout.nodes[one].wins):
            self._paint_line(painter, place)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().accent))
        painter.drawEllipse(QPointF(_LEFT - 8, self._center(0)), 4.5, 4.5)
        for place in layout.shown:
            self._paint_node(painter, place)
        self._paint_steps(painter)
        if self.hasFocus() and self._leaf is None:
            painting.focus_ring(painter, self.rect(), theme.CHIP_RADIUS)

    def _ends(self, place: int) -> tuple[float, float, int]:
        """(left, right, row) of a node's words."""
        node, row = self._layout.nodes[place], self._layout.rows[place]
        left = self._layout.lefts[node.depth - 1]
        return left, left + QFontMetricsF(font(12, 600)).horizontalAdvance(shown_text(node)), row

    def _paint_line(self, painter: QPainter, place: int) -> None:
        node = self._layout.nodes[place]
        left, _, row = self._ends(place)
        if node.parent < 0:
            begin, before = _LEFT - 8, 0
        else:
            _, begin, before = self._ends(node.parent)
            begin += 4
        ink = QColor(tokens().accent if node.wins else self._ink(place, tokens().text3, tokens().line2))
        painter.setPen(QPen(ink, 2.4 if node.wins else 1.1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        end = QPointF(left - 4, self._center(row))
        if row == before:
            painter.drawLine(QPointF(begin, self._center(row)), end)
            return
        path = QPainterPath(QPointF(begin, self._center(before)))
        bend = begin + 10
        path.cubicTo(
            QPointF(bend, self._center(before)),
            QPointF(begin + 2, self._center(row)),
            QPointF(begin + 14, self._center(row)),
        )
        path.lineTo(end)
        painter.drawPath(path)

    def _ink(self, place: int, strong: str, pale: str) -> str:
        """Lines that lead to nothing but dropped beginnings are pale."""
        return strong if self._lives[place] else pale

    @property
    def _lives(self) -> list[bool]:
        nodes = self._layout.nodes
        found = [node.leaf in ("finished", "open") for node in nodes]
        for place in range(len(nodes) - 1, -1, -1):
            if found[place] and nodes[place].parent >= 0:
                found[nodes[place].parent] = True
        return found

    def _paint_node(self, painter: QPainter, place: int) -> None:
        node, colours = self._layout.nodes[place], tokens()
        left, right, row = self._ends(place)
        half = theme.tall(_ROW) // 2 - 3
        box = QRect(round(left) - 6, round(self._center(row)) - half, round(right - left) + 12, 2 * half)
        if node.wins:
            painting.box(painter, box, theme.CHIP_RADIUS, colours.soft, colours.soft_line)
        elif not self._lives[place] or node.parent >= 0:
            painter.fillRect(QRectF(box).adjusted(3, 2, -3, -2), QColor(colours.card))
        ink = colours.accent_text if node.wins else self._ink(place, colours.text, colours.text3)
        weight = 600 if node.wins else 400
        painting.text(painter, box.adjusted(6, 0, 40, 0), shown_text(node), font(12, weight), ink)
        if node.leaf == "dropped":
            told = f"{_score(node.mean)} ×"
            painting.text(painter, QRect(box.right() + 2, box.top(), 90, box.height()), told, font(11), colours.text3)
        elif node.leaf:
            self._paint_end(painter, place, box)
        if place == self._leaf:
            painting.focus_ring(painter, box, theme.CHIP_RADIUS)

    def _paint_end(self, painter: QPainter, place: int, box: QRect) -> None:
        node, colours = self._layout.nodes[place], tokens()
        if node.leaf == "open":
            painting.text(
                painter, QRect(box.right() + 4, box.top(), 60, box.height()), tr("open"), font(11), colours.text3
            )
        right = QRect(self.width() - round(_SCORE), box.top(), round(_SCORE) - 2, box.height())
        letters = font(14, 600) if node.wins else font(12, 600)
        ink = colours.accent_text if node.wins else colours.text
        painting.text(painter, right, _score(node.mean), letters, ink, painting.RIGHT)

    def _paint_steps(self, painter: QPainter) -> None:
        top = round(_TOP + self._layout.num_shown * theme.tall(_ROW) + 6)
        for step, left in enumerate(self._layout.lefts, start=1):
            words = tr("step {number}", number=1) if step == 1 else str(step)
            painting.text(painter, QRect(round(left), top, 60, 16), words, font(11), tokens().text3)

    # --- gestures -------------------------------------------------------------------------------------------------

    def _leaf_at(self, spot: QPointF) -> int | None:
        row = int((spot.y() - _TOP) // theme.tall(_ROW))
        leaves = self._layout.leaves
        return leaves[row] if 0 <= row < len(leaves) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._leaf_at(event.position())
        if place is not None:
            self._look_at(place)
            self.leaf_chosen.emit(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        has_leaf = self._leaf_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if has_leaf else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, leaves = Qt.Key(event.key()), self._layout.leaves
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and leaves:
            at = leaves.index(self._leaf) if self._leaf in leaves else -1
            at = min(len(leaves) - 1, max(0, at + (1 if key == Qt.Key.Key_Down else -1)))
            self._look_at(leaves[at])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._leaf is not None:
            self.leaf_chosen.emit(self._leaf)
        elif key == Qt.Key.Key_Escape and self._leaf is not None:
            self._look_at(None)
        else:
            super().keyPressEvent(event)

    def _look_at(self, place: int | None) -> None:
        self._leaf = place
        self.leaf_pointed.emit(-1 if place is None else place)
        self.setAccessibleDescription("" if place is None else line_of(self._layout.nodes, place))
        self.update()


def line_of(nodes: Sequence[BeamNode], place: int) -> str:
    """The text that ends at a node."""
    found: list[str] = []
    while place >= 0:
        found.append(nodes[place].text)
        place = nodes[place].parent
    return "".join(reversed(found)).strip()


def _score(mean: float) -> str:
    return f"{mean:.2f}".replace("-", "−") if math.isfinite(mean) else NOTHING
