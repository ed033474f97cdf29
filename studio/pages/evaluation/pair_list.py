"""PairList: the pairs of labels that are mixed up most, the most frequent first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio import theme
from studio.numbers import number, percent
from studio.plots.confusion.confusion import Confusion, Pair
from studio.plots.confusion.confusion_matrix import Choice
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

NUM_PAIRS = 100
_ROW, _FIGURES = 34, 108
_PAIR = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class PairList(QListView):
    """`chosen(truth, column)`: a pair was clicked, or Enter pressed on it."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pairList")
        self.setAccessibleName(tr("Pairs that are mixed up"))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pairs = _PairModel(self)
        self.setModel(self.pairs)
        self.setItemDelegate(_PairDelegate(self))
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_pairs(self, confusion: Confusion) -> None:
        self.pairs.show_pairs(confusion)

    def set_choice(self, choice: Choice | None) -> None:
        """Mark it where it is in the list."""
        for row, pair in enumerate(self.pairs.pairs):
            if (pair.truth, pair.said) == choice:
                self.setCurrentIndex(self.pairs.index(row))
                return
        self.selectionModel().setCurrentIndex(QModelIndex(), QItemSelectionModel.SelectionFlag.Clear)

    def sizeHint(self) -> QSize:
        return QSize(300, 420)

    def _choose(self, index: QModelIndex) -> None:
        pair = index.data(_PAIR)
        if isinstance(pair, Pair):
            self.chosen.emit(pair.truth, pair.said)


class _PairModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pairs: list[Pair] = []
        self.labels: tuple[str, ...] = ()

    def show_pairs(self, confusion: Confusion) -> None:
        """While a threshold is dragged the same pairs only get other counts: what is chosen stays chosen."""
        pairs = confusion.pairs(NUM_PAIRS)
        same = [(one.truth, one.said) for one in pairs] == [(one.truth, one.said) for one in self.pairs]
        if same and self.labels == confusion.labels:
            self.pairs = pairs
            self.dataChanged.emit(self.index(0), self.index(len(pairs) - 1))
            return
        self.beginResetModel()
        self.pairs, self.labels = pairs, confusion.labels
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.pairs)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        pair = self.pairs[index.row()]
        if role == _PAIR:
            return pair
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return tr(
                "{label}, said to be {said}: {count} ({share})",
                label=self.labels[pair.truth],
                said=self.labels[pair.said],
                count=number(pair.count),
                share=percent(pair.share),
            )
        return None


class _PairDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        view: Any = self.parent()
        pair: Pair = index.data(_PAIR)
        labels, colours, place = view.pairs.labels, tokens(), option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painting.box(painter, place.adjusted(0, 1, -1, -2), theme.CHIP_RADIUS, colours.soft)
        elif state & QStyle.StateFlag.State_MouseOver:
            painting.box(painter, place.adjusted(0, 1, -1, -2), theme.CHIP_RADIUS, colours.sunk)
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), QColor(colours.line))
        room = place.adjusted(8, 0, -8, 0)
        names = (room.width() - _FIGURES - 22) // 2
        plain, strong = theme.font(theme.CAPTION), theme.font(theme.CAPTION, 600)
        painting.text(painter, QRect(room.left(), room.top(), names, _ROW), labels[pair.truth], plain, colours.text)
        arrow = QRect(room.left() + names, room.top(), 22, _ROW)
        painting.text(painter, arrow, "→", plain, colours.text3, painting.CENTER)
        said = QRect(arrow.right() + 1, room.top(), names, _ROW)
        painting.text(painter, said, labels[pair.said], plain, colours.s2)
        figures = QRect(room.right() - _FIGURES, room.top(), _FIGURES, _ROW)
        painting.text(painter, figures, percent(pair.share), plain, colours.text2, painting.RIGHT)
        painting.text(painter, figures.adjusted(0, 0, -58, 0), number(pair.count), strong, colours.text, painting.RIGHT)
        if view.hasFocus() and view.currentIndex() == index:
            painting.focus_ring(painter, place.adjusted(0, 1, -1, -2), theme.CHIP_RADIUS)
