"""HeadRanking: the heads whose loss costs most, to choose one from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRect, QSize, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QSizePolicy, QStyleOptionViewItem, QWidget

from engine.records import HeadTable
from studio import theme
from studio.tables.column_model import ROW, Column, ColumnModel, Index
from studio.tables.painted_delegate import RowList, has_focus, is_pointed_at, is_selected
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

_ROW, _BAR, _NAME, _GAP, _LEAST_BAR, _MOST_BAR = 26, 6, 48, 10, 44, 140


@dataclass(frozen=True)
class RankedHead:
    """`change` of a metric when the head alone is off, as a share (-.009: 0.9 points lost), and its half-width."""

    layer: int
    head: int
    words: str
    change: float
    interval: float | None = None

    @property
    def name(self) -> str:
        return f"{self.layer + 1} · {self.head + 1}"

    @property
    def change_words(self) -> str:
        """In points: `−0.9 ± 0.3`."""
        points = 100 * self.change
        sign = "−" if round(points, 1) < 0 else "+" if round(points, 1) > 0 else ""
        words = f"{sign}{abs(points):.1f}"
        return words if self.interval is None else f"{words} ± {100 * self.interval:.1f}"


def ranked(table: HeadTable, metric: str, words: Callable[[int, int], str]) -> list[RankedHead]:
    """The rows of a table of measured heads, in its order; `words(layer, head)` says what each looks at."""
    return [
        RankedHead(layer, head, words(layer, head), one.change[metric], one.intervals.get(metric))
        for one in table.effects
        for _, layer, head in one.switches.muted
    ]


class HeadRanking(RowList):
    """Shows up to `num_rows` heads, the others scroll. `chosen(layer, head)` is what the person chose."""

    chosen = Signal(int, int)

    def __init__(self, num_rows: int = 6, parent: QWidget | None = None) -> None:
        self._model: ColumnModel[RankedHead] = ColumnModel((Column("", _told, tooltip=_told, paint=self._paint),))
        name, said = "headRanking", tr("Heads that matter most")
        super().__init__(self._model, name, said, _ROW, _ground, parent=parent)
        self._model.setParent(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._num_rows = num_rows
        self._figures, self._words, self._largest = 0, 0, 1e-12
        self._is_told = True
        self.selectionModel().currentChanged.connect(self._tell)

    def set_heads(self, heads: Sequence[RankedHead]) -> None:
        """Rows in this order; the current head stays current where it is among them."""
        current = self.current
        self._is_told = False
        self._measure(heads)
        self._model.show(heads)
        self._is_told = True
        self.set_current(current)
        self.updateGeometry()

    def set_current(self, place: tuple[int, int] | None) -> None:
        """Mark (layer, head); no row where it is not among them. Nothing is emitted."""
        row = next((row for row, one in enumerate(self._model.rows) if (one.layer, one.head) == place), None)
        self._is_told = False
        self.setCurrentIndex(self._model.index(row, 0) if row is not None else QModelIndex())
        if row is None:
            self.clearSelection()
        self._is_told = True

    @property
    def current(self) -> tuple[int, int] | None:
        head = self.currentIndex().data(ROW)
        return (head.layer, head.head) if isinstance(head, RankedHead) else None

    def _tell(self, current: QModelIndex) -> None:
        head = current.data(ROW)
        if self._is_told and isinstance(head, RankedHead):
            self.chosen.emit(head.layer, head.head)

    def sizeHint(self) -> QSize:
        return QSize(280, _ROW * min(self._num_rows, max(1, self._model.rowCount())) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, min(2, max(1, self._model.rowCount())) * _ROW)

    def _measure(self, heads: Sequence[RankedHead]) -> None:
        """The room that figures and words take, and the longest bar."""
        strong, plain = (QFontMetrics(theme.font(theme.CAPTION, weight)) for weight in (600, 400))
        self._figures = max((strong.horizontalAdvance(one.change_words) for one in heads), default=0) + 2
        self._words = max((plain.horizontalAdvance(one.words) for one in heads), default=0) + 2
        self._largest = max((abs(one.change) for one in heads), default=0.0) or 1e-12

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, one: RankedHead) -> None:
        """Name, what it looks at, a bar and the change; the current one in the accent."""
        colours, row, is_current = tokens(), option.rect, is_selected(option)
        name = theme.font(theme.CAPTION, 600)
        ink = colours.accent_text if is_current else colours.text
        inner = row.adjusted(6, 0, -6, 0)
        painting.text(painter, QRect(inner.left(), row.top(), _NAME, _ROW), one.name, name, ink)
        right = inner.right() - self._figures
        rest = right - _GAP - inner.left() - _NAME
        words = max(0, min(self._words, rest - _LEAST_BAR - _GAP))
        place = QRect(inner.left() + _NAME, row.top(), words, _ROW)
        painting.text(painter, place, one.words, theme.font(theme.CAPTION), colours.text2)
        length = max(12, min(_MOST_BAR, rest - words - _GAP))
        bar = QRect(right - _GAP - length, row.top() + (_ROW - _BAR) // 2, length, _BAR)
        painting.bar(painter, bar, abs(one.change) / self._largest, _bar_color(one, is_current))
        figure = QRect(right, row.top(), self._figures, _ROW)
        painting.text(painter, figure, one.change_words, name, colours.text, painting.RIGHT)
        if has_focus(option):
            painting.focus_ring(painter, row, theme.CHIP_RADIUS)


def _ground(painter: QPainter, option: QStyleOptionViewItem, _index: Index) -> None:
    if is_pointed_at(option):
        painting.box(painter, option.rect, theme.CHIP_RADIUS, tokens().hover)


def _told(one: RankedHead) -> str:
    name = tr("Layer {layer}, head {head}", layer=one.layer + 1, head=one.head + 1)
    return f"{name}: {one.words}, {one.change_words}" if one.words else f"{name}: {one.change_words}"


def _bar_color(one: RankedHead, is_current: bool) -> QColor | str:
    """Paler where the model does better without it."""
    color = tokens().accent if is_current else tokens().text3
    return painting.tinted(color, 110).name(QColor.NameFormat.HexArgb) if one.change > 0 else color
