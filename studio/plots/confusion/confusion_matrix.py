"""ConfusionMatrix: every cell a number, for a few labels; the headings are cells too, so that keys and screen readers
reach them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from studio import theme
from studio.numbers import number, percent
from studio.plots.confusion.confusion import Confusion, ink_on
from studio.tables.column_model import Column, ColumnModel
from studio.tables.painted_delegate import PaintedDelegate, has_focus, is_pointed_at
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

MOST_LABELS = 12
"""More are shown as a picture."""
_HEAD_ROW, _ROW, _LOW_ROW, _NARROW = 36, 47, 32, 44
_MOST_HEAD = 130
Choice = tuple[int | None, int | None]
"""(truth, column): None stands for any."""


class ConfusionMatrix(QTableView):
    """`chosen(truth, column)` when a cell is chosen; a heading of a row has None as column, one of a column None as
    truth, the corner both."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionMatrix")
        self.setAccessibleName(tr("Where it mixes up"))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setTabKeyNavigation(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(8)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._confusion: Confusion | None = None
        self._in_percent = False
        self.choice: Choice | None = None
        self._cells = ColumnModel[int | None]((), self)
        self.setModel(self._cells)
        self.setItemDelegate(PaintedDelegate(self._cells, _ROW, parent=self))
        self.clicked.connect(self._choose)

    def show_confusion(self, confusion: Confusion, *, in_percent: bool) -> None:
        """A threshold that is dragged only repaints. Row and column None are the headings."""
        before = self._confusion
        self._confusion, self._in_percent = confusion, in_percent
        rows = [None, *range(len(confusion.labels))]
        if before is not None and (before.labels, before.can_abstain) == (confusion.labels, confusion.can_abstain):
            self._cells.renew(rows)
            return
        self._cells.show(rows, [self._column(column) for column in (None, *range(confusion.num_columns))])
        self._fit()

    def _column(self, column: int | None) -> Column[int | None]:
        told = partial(self._told, column)
        return Column("", partial(self._words, column), told, told, paint=partial(self._paint, column))

    def set_choice(self, choice: Choice | None) -> None:
        """Mark it; nothing is told."""
        self.choice = choice
        self.viewport().update()

    def index_of(self, truth: int | None, column: int | None) -> QModelIndex:
        return self._cells.index(0 if truth is None else truth + 1, 0 if column is None else column + 1)

    def sizeHint(self) -> QSize:
        return QSize(300, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
            return
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
            return
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._cells.index(1, 1))
        super().keyPressEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(*(at - 1 if at else None for at in (index.row(), index.column())))

    def _height(self) -> int:
        return _HEAD_ROW + self._row_height() * (self._cells.rowCount() - 1) + 2

    def _row_height(self) -> int:
        return _ROW if self._cells.rowCount() <= 8 else _LOW_ROW

    def _fit(self) -> None:
        columns = self._cells.columnCount()
        if columns < 2 or self._confusion is None:
            return
        metrics, room = QFontMetrics(theme.font(theme.CAPTION, 600)), self.viewport().width()
        widest = max((metrics.horizontalAdvance(name) for name in self._confusion.labels), default=0)
        head = min(widest + 14, _MOST_HEAD, round(room * 0.34))
        each = (room - head) // (columns - 1)
        self.setColumnWidth(0, room - each * (columns - 1))
        for column in range(1, columns):
            self.setColumnWidth(column, each)
        self.setRowHeight(0, _HEAD_ROW)
        for row in range(1, self._cells.rowCount()):
            self.setRowHeight(row, self._row_height())
        self.updateGeometry()

    # -- cells ---------------------------------------------------------------------------------------------------------

    def _words(self, column: int | None, truth: int | None) -> str:
        confusion = self._confusion
        assert confusion is not None, "it has cells"
        if truth is None:
            return "" if column is None else confusion.column_name(column)
        if column is None:
            return confusion.labels[truth]
        if self._in_percent:
            return percent(float(confusion.shares[truth, column]))
        return number(int(confusion.counts[truth, column]))

    def _told(self, column: int | None, truth: int | None) -> str:
        confusion = self._confusion
        assert confusion is not None, "it has cells"
        if truth is not None and column is not None:
            return confusion.told(truth, column)
        if truth is not None:
            count = int(confusion.counts[truth].sum())
            return tr("your label {label}: {count:plural:text:texts}", label=confusion.labels[truth], count=count)
        if column is not None:
            count = int(confusion.counts[:, column].sum())
            return tr("it says {label}: {count:plural:text:texts}", label=confusion.column_name(column), count=count)
        return tr("all {count:plural:text:texts}", count=int(confusion.counts.sum()))

    def _paint(self, column: int | None, painter: QPainter, option: QStyleOptionViewItem, truth: int | None) -> None:
        confusion, choice, place = self._confusion, self.choice, option.rect
        assert confusion is not None, "it has cells"
        is_whole = (truth, column) == (None, None)
        if truth is None or column is None:
            is_marked = choice is not None and not is_whole and _is_heading_of(choice, truth, column)
            is_strong = is_marked or is_pointed_at(option)
            _paint_heading(painter, place, self._words(column, truth), is_row=column is None, strong=is_strong)
        else:
            is_over = is_pointed_at(option)
            _paint_cell(painter, place, confusion, (truth, column), in_percent=self._in_percent, is_over=is_over)
        if choice == (truth, column) and not is_whole:
            painting.box(painter, place.adjusted(1, 1, -1, -1), 5, border=tokens().accent, width=2)
        if has_focus(option):
            painting.focus_ring(painter, place.adjusted(1, 1, -1, -1), 5)


def _is_heading_of(choice: Choice, truth: int | None, column: int | None) -> bool:
    """Whether a heading belongs to the chosen cell, row or column."""
    return (truth is not None and choice[0] == truth) or (column is not None and choice[1] == column)


def _paint_heading(painter: QPainter, place: QRect, words: str, *, is_row: bool, strong: bool) -> None:
    font = theme.font(theme.CAPTION, 600 if strong else 400)
    ink = tokens().accent_text if strong else tokens().text2
    if is_row:
        painting.text(painter, place.adjusted(2, 0, -8, 0), words, font, ink, painting.RIGHT)
        return
    room, metrics = place.adjusted(1, 0, -1, -3), QFontMetrics(font)
    if metrics.horizontalAdvance(words) <= room.width() or " " not in words:
        painting.text(painter, room, words, font, ink, painting.CENTER)
        return
    first, second = _halves(words)
    upper, lower = room.adjusted(0, 0, 0, -room.height() // 2), room.adjusted(0, room.height() // 2, 0, 0)
    for half, line in ((upper, first), (lower, second)):
        painting.text(painter, half, line, theme.font(theme.TICK, 600 if strong else 400), ink, painting.CENTER)


def _halves(words: str) -> tuple[str, str]:
    """Parted at the space that is nearest to the middle."""
    places = [place for place, sign in enumerate(words) if sign == " "]
    middle = min(places, key=lambda place: abs(2 * place - len(words)))
    return words[:middle], words[middle + 1 :]


def _paint_cell(
    painter: QPainter, place: QRect, confusion: Confusion, at: tuple[int, int], *, in_percent: bool, is_over: bool
) -> None:
    fill = confusion.fill(*at)
    box = place.adjusted(1, 1, -1, -1)
    painting.box(painter, box, 4, fill, tokens().text3 if is_over else None)
    ink, counted = ink_on(fill), number(int(confusion.counts[at]))
    share = percent(float(confusion.shares[at]))
    first, second = (share, counted) if in_percent else (counted, share)
    if place.height() < theme.tall(_ROW) or place.width() < _NARROW:
        size = theme.CAPTION if place.width() >= 44 else theme.TICK
        painting.text(painter, box, first, theme.font(size, 600), ink, painting.CENTER)
        return
    upper = QRect(box.left(), box.top() + theme.tall(4), box.width(), theme.tall(19))
    lower = QRect(box.left(), box.top() + theme.tall(22), box.width(), theme.tall(17))
    painting.text(painter, upper, first, theme.font(theme.BODY, 600), ink, painting.CENTER)
    painting.text(painter, lower, second, theme.font(theme.TICK), ink, painting.CENTER)
