"""PairList: the pairs of labels that are mixed up most, the most frequent first."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, QSize, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from studio import theme
from studio.numbers import number, percent
from studio.plots.confusion.confusion import Confusion, Pair
from studio.plots.confusion.confusion_matrix import Choice
from studio.tables.column_model import ROW, Column, ColumnModel, Index
from studio.tables.painted_delegate import RowList, has_focus, is_pointed_at, is_selected
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

NUM_PAIRS = 100
_ROW, _FIGURES = 34, 108


class PairList(RowList):
    """`chosen(truth, column)`: a pair was clicked, or Enter pressed on it."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._pairs, self._labels = ColumnModel[Pair]((_column(()),), parent), ()
        super().__init__(self._pairs, "pairList", tr("Pairs that are mixed up"), _ROW, _ground, parent=parent)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_pairs(self, confusion: Confusion) -> None:
        """While a threshold is dragged the same pairs only get other counts: what is chosen stays chosen."""
        pairs = confusion.pairs(NUM_PAIRS)
        is_same = [(one.truth, one.said) for one in pairs] == [(one.truth, one.said) for one in self._pairs.rows]
        if is_same and self._labels == confusion.labels:
            self._pairs.renew(pairs)
        else:
            self._labels = confusion.labels
            self._pairs.show(pairs, (_column(confusion.labels),))

    def set_choice(self, choice: Choice | None) -> None:
        """Mark it where it is in the list."""
        for row, pair in enumerate(self._pairs.rows):
            if (pair.truth, pair.said) == choice:
                self.setCurrentIndex(self._pairs.index(row, 0))
                return
        self.selectionModel().setCurrentIndex(QModelIndex(), QItemSelectionModel.SelectionFlag.Clear)

    def sizeHint(self) -> QSize:
        return QSize(300, 420)

    def _choose(self, index: QModelIndex) -> None:
        pair = index.data(ROW)
        if isinstance(pair, Pair):
            self.chosen.emit(pair.truth, pair.said)


def _column(labels: tuple[str, ...]) -> Column[Pair]:
    def words(pair: Pair) -> str:
        return tr(
            "{label}, said to be {said}: {count} ({share})",
            label=labels[pair.truth],
            said=labels[pair.said],
            count=number(pair.count),
            share=percent(pair.share),
        )

    return Column("", words, tooltip=words, paint=partial(_paint_pair, labels))


def _ground(painter: QPainter, option: QStyleOptionViewItem, _index: Index) -> None:
    place, colours = option.rect, tokens()
    if is_selected(option) or is_pointed_at(option):
        ground = colours.soft if is_selected(option) else colours.sunk
        painting.box(painter, place.adjusted(0, 1, -1, -2), theme.CHIP_RADIUS, ground)
    painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), QColor(colours.line))
    if has_focus(option):
        painting.focus_ring(painter, place.adjusted(0, 1, -1, -2), theme.CHIP_RADIUS)


def _paint_pair(labels: tuple[str, ...], painter: QPainter, option: QStyleOptionViewItem, pair: Pair) -> None:
    room, colours = option.rect.adjusted(8, 0, -8, 0), tokens()
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
