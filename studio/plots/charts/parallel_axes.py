"""ParallelAxes: a search's trials as lines over one axis a setting and one for what they reached."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QMenu, QSizePolicy, QWidget

from studio.plots.charts.chart import CENTER, RIGHT, Chart, no_ticks
from studio.plots.charts.tooltip import Line
from studio.plots.charts.trial_curves import Look, ink_of, strong_ink
from studio.plots.charts.value_axis import TrialLine, ValueAxis, last_axis, option_words, set_lines, share_of
from studio.plots.export.files import Column
from studio.theme import CAPTION, TICK, font, tall, tokens
from studio.translation import tr
from studio.widgets.painting import tinted

_GRIP, _NEAR, _BOX, _LEAST_DRAG = 12.0, 9.0, 13.0, 5.0
_ORDER: tuple[Look, ...] = ("failed", "pruned", "done", "leading", "running", "best")


class ParallelAxes(Chart):
    """`lit(key)`: the pointer is on a trial (None: on none); `chosen(key)`: it was pressed; `filtered(keys)`: those
    that lie within all marked stretches, None where nothing is marked.

    Dragging along an axis marks a stretch of it, a double click takes all marks away, as Escape does; the arrow keys go
    from trial to trial in the order of what they reached, Return chooses.
    """

    lit = Signal(object)
    chosen = Signal(object)
    filtered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("The settings of each trial and what it reached"),
            no_ticks,
            no_ticks,
            margins=(tall(14), 14),
            has_grid=(False, False),
            room=6,
            can_zoom=False,
            parent=parent,
        )
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(190)
        self.bottom.setPen(None)
        self.bottom.setHeight(tall(40))
        self._axes: tuple[ValueAxis, ...] = ()
        self._trials: tuple[TrialLine, ...] = ()
        self._shares = np.empty((0, 0))
        self._boxes: dict[int, tuple[float, float]] = {}
        self._marks: dict[int, tuple[float, float]] = {}
        self._drag: tuple[int, float] | None = None
        self._lit: int | None = None
        self._chosen: int | None = None
        self._told: int | None = None
        widths = {"best": 2.6, "running": 1.4, "leading": 1.6}  # one pixel is drawn many times as fast
        self._lines = {
            look: self.curve(ink_of(look), widths.get(look, 1.0), (4, 3) if look == "running" else None, z=z)
            for z, look in enumerate(_ORDER)
        }
        self._out = self.curve(tokens().grid, 1.0, z=-2)
        self._strong = self.curve(tokens().accent, 2.6, z=len(_ORDER))

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_trials(
        self,
        axes: Sequence[ValueAxis],
        trials: Sequence[TrialLine],
        boxes: Mapping[int, tuple[float, float]] | None = None,
    ) -> None:
        """`boxes` are the stretches (of values) in which the best few lie, by the number of the axis."""
        if [one.title for one in axes] != [one.title for one in self._axes]:
            self._marks.clear()
        self._axes, self._trials = tuple(axes), tuple(trials)
        self._boxes = dict(boxes or {})
        rows = [[share_of(axis, value) for axis, value in zip(axes, one.values, strict=True)] for one in trials]
        self._shares = np.array(rows, dtype=np.float64).reshape(len(trials), len(axes))
        self.setAccessibleDescription("; ".join(self._spoken(one) for one in self._ranked()[:20]))
        self._fit()
        self._draw()

    def show_lit(self, key: int | None) -> None:
        """Another part of the page points at a trial."""
        if key != self._lit:
            self._lit = key
            self._draw_strong()

    def show_chosen(self, key: int | None) -> None:
        if key != self._chosen:
            self._chosen = key
            self._draw_strong()

    def trials(self) -> tuple[TrialLine, ...]:
        return self._trials

    def kept(self) -> frozenset[int] | None:
        """The trials within all marked stretches; None where nothing is marked."""
        if not self._marks:
            return None
        inside = np.ones(len(self._trials), dtype=bool)
        for axis, (low, high) in self._marks.items():
            inside &= (self._shares[:, axis] >= low - 1e-9) & (self._shares[:, axis] <= high + 1e-9)
        return frozenset(one.key for one, is_in in zip(self._trials, inside, strict=True) if is_in)

    def mark(self, axis: int, low: float, high: float) -> None:
        """Keep the trials whose value on an axis lies from `low` to `high`."""
        shares = sorted(self._axes[axis].share(one) for one in (low, high))
        self._mark(axis, shares[0], shares[1])

    def clear_marks(self) -> None:
        if self._marks:
            self._marks.clear()
            self._tell_filter()

    def sizeHint(self) -> QSize:
        return QSize(520, 190)

    def place_of(self, axis: int, value: float) -> QPointF:
        """The pixel of a value on an axis."""
        return self.spot(float(axis), self._axes[axis].share(value))

    # -- drawing -------------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        if not self._axes:
            return
        metrics = QFontMetrics(font(TICK))
        left = max(metrics.horizontalAdvance(words) for _, words in self._axes[0].ticks()) + 14
        ends = QFontMetrics(font(CAPTION, 600))
        left = max(left, ends.horizontalAdvance(self._axes[0].title) // 2)
        right = max(20, ends.horizontalAdvance(self._axes[-1].title) // 2 + 2)
        self.plotItem.layout.setContentsMargins(0, tall(14), min(right, 90), 0)
        self.fit((0.0, max(1.0, len(self._axes) - 1.0)), (0.0, 1.0), min(left, 120))

    def _draw(self) -> None:
        kept = self.kept()
        inside = np.array([kept is None or one.key in kept for one in self._trials], dtype=bool)
        for look, line in self._lines.items():
            chosen = np.array([one.look == look for one in self._trials], dtype=bool)
            set_lines(line, self._shares[chosen & inside] if len(inside) else self._shares)
        set_lines(self._out, self._shares[~inside] if len(inside) else self._shares)
        self._draw_strong()

    def _draw_strong(self) -> None:
        key = self._shown()
        rows = [place for place, one in enumerate(self._trials) if one.key == key]
        self._strong.setPen(pg.mkPen(strong_ink(self._trials[rows[0]].look) if rows else tokens().accent, width=3.4))
        set_lines(self._strong, self._shares[rows])
        self.relabel()

    def _shown(self) -> int | None:
        return self._lit if self._lit is not None else self._chosen

    def annotate(self) -> None:
        colours, frame = tokens(), self.frame_rect()
        best = next((one for one in self._trials if one.look == "best"), None)
        named = next((one for one in self._trials if one.key == self._shown()), None) or best
        for number, axis in enumerate(self._axes):
            self.rule(f"axis {number}", float(number), colours.line2, is_upright=True, width=2)
            if number in self._boxes:
                low, high = (self.place_of(number, value) for value in self._boxes[number])
                room = QRectF(low.x() - _BOX / 2, high.y() - 3, _BOX, low.y() - high.y() + 6)
                self._box(f"box {number}", room, colours.soft_line, tinted(colours.soft_line, 70))
            if number in self._marks:
                below, above = (self.spot(float(number), share) for share in self._marks[number])
                room = QRectF(below.x() - _BOX / 2, above.y(), _BOX, max(2.0, below.y() - above.y()))
                self._box(f"mark {number}", room, colours.accent, tinted(colours.accent, 60))
            self._name_axis(number, axis, named, frame)
        for one, ink in ((best, ink_of("best")), (named, strong_ink(named.look) if named is not None else "")):
            for number, value in enumerate(one.values if one is not None else ()):
                if math.isfinite(value):
                    assert one is not None
                    self.dot(f"value {one.key} {number}", self.place_of(number, value), 4.5, ink, 1.5)

    def _name_axis(self, number: int, axis: ValueAxis, named: TrialLine | None, frame: QRectF) -> None:
        """Ticks left of the axis; under it its title and the value of the trial that is looked at."""
        colours, x = tokens(), self.spot(float(number), 0.0).x()
        last = frame.bottom() - tall(8)
        for place, (share, words) in enumerate(axis.ticks()):
            y = min(max(self.spot(0.0, share).y(), frame.top() + 2), max(last, frame.top() + 2))
            self.label(f"tick {number} {place}", words, QPointF(x - 10, y), colours.text3, part=RIGHT)
        metrics, pitch = QFontMetrics(font(CAPTION, 600)), frame.width() / max(1, len(self._axes) - 1)
        title = metrics.elidedText(axis.title, Qt.TextElideMode.ElideRight, max(40, round(pitch) - 10))
        self._under(f"title {number}", title, x, frame.bottom() + tall(14), colours.text, 600)
        value = math.nan if named is None else named.values[number]
        if named is not None and math.isfinite(value):
            ink = strong_ink(named.look) if named.look in ("best", "running") else colours.accent_text
            self._under(f"under {number}", axis.write(value), x, frame.bottom() + tall(31), ink, 500)

    def _under(self, key: str, words: str, x: float, y: float, ink: str, weight: int) -> None:
        """In the middle under an axis, but whole."""
        half = self.label_size(words, weight, CAPTION)[0] / 2
        middle = min(max(x, half + 2), self.width() - half - 4)
        self.label(key, words, QPointF(middle, y), ink, weight=weight, size=CAPTION, part=CENTER)

    def _box(self, key: str, room: QRectF, edge: str, ground: QColor) -> None:
        item = self._item(key, QGraphicsRectItem, 4)
        item.setPen(QPen(QColor(edge), 1))
        item.setBrush(ground)
        item.setRect(room)

    # -- marking -------------------------------------------------------------------------------------------------------

    def _axis_at(self, spot: QPointF) -> int | None:
        """The axis that is near a pixel."""
        if not self._axes:
            return None
        number = min(range(len(self._axes)), key=lambda one: abs(self.spot(float(one), 0.0).x() - spot.x()))
        frame = self.frame_rect().adjusted(0, -10, 0, 10)
        is_near = abs(self.spot(float(number), 0.0).x() - spot.x()) <= _GRIP
        return number if is_near and frame.top() <= spot.y() <= frame.bottom() else None

    def _mark(self, axis: int, low: float, high: float) -> None:
        self._marks[axis] = (max(0.0, low), min(1.0, high))
        self._tell_filter()

    def _tell_filter(self) -> None:
        self._draw()
        self.filtered.emit(self.kept())

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        axis = self._axis_at(ev.position())
        if ev.button() == Qt.MouseButton.LeftButton and axis is not None:
            self._drag = (axis, ev.position().y())
        elif ev.button() == Qt.MouseButton.LeftButton and self._told is not None:
            self.chosen.emit(self._told)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        if self._drag is not None:
            axis, began = self._drag
            if abs(ev.position().y() - began) >= _LEAST_DRAG:
                ends = (self.value_at(QPointF(0.0, y))[1] for y in (began, ev.position().y()))
                self._mark(axis, *sorted(ends))
            return
        is_over = self._axis_at(ev.position()) is not None
        self.viewport().setCursor(Qt.CursorShape.SizeVerCursor if is_over else Qt.CursorShape.ArrowCursor)
        self.read(self._nearest(ev.position()))

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """A press without a drag takes the axis' mark away, or chooses the trial there."""
        drag, self._drag = self._drag, None
        if drag is not None and abs(ev.position().y() - drag[1]) < _LEAST_DRAG:
            if drag[0] in self._marks:
                del self._marks[drag[0]]
                self._tell_filter()
            elif self._told is not None:
                self.chosen.emit(self._told)

    def mouseDoubleClickEvent(self, ev: QMouseEvent) -> None:
        self.clear_marks()
        ev.accept()

    def leaveEvent(self, ev: QEvent) -> None:
        self.viewport().unsetCursor()
        super().leaveEvent(ev)

    def menu(self) -> QMenu:
        menu = super().menu()
        menu.addSeparator()
        best = menu.addAction(tr("Only the best five"))
        best.triggered.connect(self._mark_best)
        best.setEnabled(sum(math.isfinite(one.values[-1]) for one in self._trials) > 5)
        clear = menu.addAction(tr("Show all trials") + "\tEsc")
        clear.triggered.connect(self.clear_marks)
        clear.setEnabled(bool(self._marks))
        return menu

    def _mark_best(self) -> None:
        """By the keyboard what dragging along the last axis does."""
        shares = [self._shares[place, -1] for place in self._ranked_places()[:5]]
        self._mark(len(self._axes) - 1, float(min(shares)), float(max(shares)))

    # -- looking closer ------------------------------------------------------------------------------------------------

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        """The last known value of each trial, in the order of what they reached."""
        places = self._ranked_places()
        ends = [last_axis(self._shares[place]) for place in places]
        ys = [self._shares[place, end] for place, end in zip(places, ends, strict=True)]
        return np.array(ends, dtype=np.float64), np.array(ys, dtype=np.float64)

    def words_of(self, index: int) -> list[Line]:
        one = self._ranked()[index]
        lines: list[Line] = [(one.name, "", ink_of(one.look))]
        return lines + [
            (axis.title, axis.write(value), None)
            for axis, value in zip(self._axes, one.values, strict=True)
            if math.isfinite(value)
        ]

    def read(self, index: int | None) -> None:
        super().read(index)
        at = self.read_index
        key = None if at is None else self._ranked()[at].key
        if key != self._told:
            self._told = key
            self.show_lit(key)
            self.lit.emit(key)

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        order = [place for place, one in enumerate(self._ranked()) if (kept := self.kept()) is None or one.key in kept]
        if ev.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._told is not None:
            self.chosen.emit(self._told)
        elif ev.key() == Qt.Key.Key_Escape and self.read_index is None and self._marks:
            self.clear_marks()
        elif ev.key() in ways and order:
            at = self.read_index
            place = order.index(at) + ways[Qt.Key(ev.key())] if at in order else 0
            self.read(order[min(max(place, 0), len(order) - 1)])
        else:
            super().keyPressEvent(ev)

    def _nearest(self, spot: QPointF) -> int | None:
        """The line, not the point, that is nearest."""
        if not len(self._trials) or not self.frame_rect().adjusted(-8, -8, 8, 8).contains(spot):
            return None
        x = min(max(self.value_at(spot)[0], 0.0), len(self._axes) - 1.0)
        left = min(int(x), max(0, len(self._axes) - 2))
        right = min(left + 1, len(self._axes) - 1)
        heights = self._shares[:, left] + (x - left) * (self._shares[:, right] - self._shares[:, left])
        off = np.abs(self.pixels(np.zeros(len(heights)), heights)[1] - spot.y())
        off[~np.isfinite(off)] = np.inf
        kept = self.kept()
        if kept is not None:
            off[[one.key not in kept for one in self._trials]] = np.inf
        place = int(np.argmin(off))
        return self._ranked_places().index(place) if off[place] <= _NEAR else None

    def _ranked_places(self) -> list[int]:
        """Places of the trials, those on top of the drawing first, then by their number."""
        order = [(-_ORDER.index(one.look), one.key, place) for place, one in enumerate(self._trials)]
        return [place for _, _, place in sorted(order)]

    def _ranked(self) -> list[TrialLine]:
        return [self._trials[place] for place in self._ranked_places()]

    def _spoken(self, one: TrialLine) -> str:
        told = [
            f"{axis.title} {axis.write(value)}"
            for axis, value in zip(self._axes, one.values, strict=True)
            if math.isfinite(value)
        ]
        return f"{one.name}: {', '.join(told)}"

    # -- taking it away ------------------------------------------------------------------------------------------------

    def figures(self) -> list[Column]:
        columns: list[Column] = [("trial", np.array([one.key for one in self._trials], dtype=np.int64))]
        for number, axis in enumerate(self._axes):
            values = np.array([one.values[number] for one in self._trials], dtype=np.float64)
            is_named = bool(axis.options)
            columns.append(
                (axis.title, [option_words(axis, value) for value in values.tolist()] if is_named else values)
            )
        return [*columns, ("state", [one.look for one in self._trials])]
