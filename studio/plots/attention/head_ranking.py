"""HeadRanking: the heads whose loss costs most, to choose one from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.records import HeadTable
from studio import theme
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

Index = QModelIndex | QPersistentModelIndex
_ROW, _BAR, _NAME, _GAP, _LEAST_BAR, _MOST_BAR = 26, 6, 48, 10, 44, 140
_HEAD = Qt.ItemDataRole.UserRole


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


class HeadRanking(QListView):
    """Shows up to `num_rows` heads, the others scroll. `chosen(layer, head)` is what the person chose."""

    chosen = Signal(int, int)

    def __init__(self, num_rows: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("headRanking")
        self.setAccessibleName(tr("Heads that matter most"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._num_rows = num_rows
        self._model = _Heads()
        self.setModel(self._model)
        self.setItemDelegate(_HeadDelegate(self._model, self))
        self._is_told = True
        self.selectionModel().currentChanged.connect(self._tell)

    def set_heads(self, heads: Sequence[RankedHead]) -> None:
        """Rows in this order; the current head stays current where it is among them."""
        current = self.current
        self._is_told = False
        self._model.show(tuple(heads))
        self._is_told = True
        self.set_current(current)
        self.updateGeometry()

    def set_current(self, place: tuple[int, int] | None) -> None:
        """Mark (layer, head); no row where it is not among them. Nothing is emitted."""
        row = self._model.row_of(place)
        self._is_told = False
        self.setCurrentIndex(self._model.index(row) if row is not None else QModelIndex())
        if row is None:
            self.clearSelection()
        self._is_told = True

    @property
    def current(self) -> tuple[int, int] | None:
        head = self.currentIndex().data(_HEAD)
        return (head.layer, head.head) if isinstance(head, RankedHead) else None

    def _tell(self, current: QModelIndex) -> None:
        head = current.data(_HEAD)
        if self._is_told and isinstance(head, RankedHead):
            self.chosen.emit(head.layer, head.head)

    def sizeHint(self) -> QSize:
        return QSize(280, _ROW * min(self._num_rows, max(1, self._model.rowCount())) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, min(2, max(1, self._model.rowCount())) * _ROW)


class _Heads(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.heads: tuple[RankedHead, ...] = ()
        self.figures, self.words = 0, 0
        self.largest = 1e-12

    def show(self, heads: tuple[RankedHead, ...]) -> None:
        self.beginResetModel()
        self.heads = heads
        metrics = QFontMetrics(theme.font(theme.CAPTION, 600))
        self.figures = max((metrics.horizontalAdvance(one.change_words) for one in heads), default=0) + 2
        plain = QFontMetrics(theme.font(theme.CAPTION))
        self.words = max((plain.horizontalAdvance(one.words) for one in heads), default=0) + 2
        self.largest = max((abs(one.change) for one in heads), default=0.0) or 1e-12
        self.endResetModel()

    def row_of(self, place: tuple[int, int] | None) -> int | None:
        return next((row for row, one in enumerate(self.heads) if (one.layer, one.head) == place), None)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        one = self.heads[index.row()]
        if role == _HEAD:
            return one
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            name = tr("Layer {layer}, head {head}", layer=one.layer + 1, head=one.head + 1)
            return f"{name}: {one.words}, {one.change_words}" if one.words else f"{name}: {one.change_words}"
        return None


class _HeadDelegate(QStyledItemDelegate):
    """Name, what it looks at, a bar and the change; the current one in the accent."""

    def __init__(self, heads: _Heads, parent: QWidget) -> None:
        super().__init__(parent)
        self._heads = heads

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one: RankedHead = index.data(_HEAD)
        colours, row = tokens(), option.rect
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        if option.state & QStyle.StateFlag.State_MouseOver:
            painting.box(painter, row, theme.CHIP_RADIUS, colours.hover)
        name = theme.font(theme.CAPTION, 600)
        ink = colours.accent_text if is_current else colours.text
        inner = row.adjusted(6, 0, -6, 0)
        painting.text(painter, QRect(inner.left(), row.top(), _NAME, _ROW), one.name, name, ink)
        right = inner.right() - self._heads.figures
        rest = right - _GAP - inner.left() - _NAME
        words = max(0, min(self._heads.words, rest - _LEAST_BAR - _GAP))
        place = QRect(inner.left() + _NAME, row.top(), words, _ROW)
        painting.text(painter, place, one.words, theme.font(theme.CAPTION), colours.text2)
        length = max(12, min(_MOST_BAR, rest - words - _GAP))
        bar = QRect(right - _GAP - length, row.top() + (_ROW - _BAR) // 2, length, _BAR)
        painting.bar(painter, bar, abs(one.change) / self._heads.largest, _bar_color(one, is_current))
        figure = QRect(right, row.top(), self._heads.figures, _ROW)
        painting.text(painter, figure, one.change_words, name, colours.text, painting.RIGHT)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painting.focus_ring(painter, row, theme.CHIP_RADIUS)


def _bar_color(one: RankedHead, is_current: bool) -> QColor | str:
    """Paler where the model does better without it."""
    color = tokens().accent if is_current else tokens().text3
    return painting.tinted(color, 110).name(QColor.NameFormat.HexArgb) if one.change > 0 else color
