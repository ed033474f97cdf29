"""QueueCard: the texts to label next, each with the reason why it comes, and the order in which they come."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.records import NextText, Order
from studio import theme
from studio.pages.label.sentences import reason
from studio.pages.label.session import Session
from studio.tables.column_model import ROW, Column, ColumnModel, Index
from studio.tables.line_painting import one_line
from studio.tables.painted_delegate import has_focus, is_pointed_at, is_selected, shape_rows
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import Card, painting

_CHIP, _PAD, _LINE = 20, 11, 19
_ICONS = {
    "border": "ph.git-pull-request",
    "new": "ph.sparkle",
    "unsure": "ph.question",
    "check": "ph.check-square",
    "like": "ph.magnifying-glass",
    "chance": "ph.shuffle",
    "row": "ph.list-numbers",
}
ORDERS: tuple[Order, ...] = ("teaching", "row", "chance")


class QueueCard(Card):
    """`chosen(row)`: another text shall be labelled; `ordered(order, label)`: they shall come in another order."""

    chosen = Signal(int)
    ordered = Signal(str, object)

    def __init__(self, keys: QObject, parent: QWidget | None = None) -> None:
        """`keys` hears the keys that are pressed on the list first."""
        super().__init__(tr("Next texts"), "", parent)
        self.setObjectName("queueCard")
        self._order = QComboBox()
        self._order.setObjectName("queueOrder")
        self._order.setAccessibleName(tr("Order of the next texts"))
        self._order.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._order.setMinimumContentsLength(8)
        self._order.activated.connect(lambda at: self.ordered.emit(*self._order.itemData(at)))
        self._model: ColumnModel[NextText] = ColumnModel(
            (Column(tr("Text"), lambda one: one_line(one.text), _told),), self
        )
        self._list = QueueList(self._model)
        self._list.installEventFilter(keys)
        self._list.clicked.connect(lambda index: self.chosen.emit(index.data(ROW).row))
        margins = self.layout().contentsMargins()
        self.layout().setContentsMargins(margins.left(), margins.top(), margins.right() - 8, 6)
        self.body.addWidget(self._order)
        self.body.addWidget(self._list, 1)

    def show_session(self, session: Session) -> None:
        self.caption.setText(tr("{count} left", count=session.num_left))
        self._show_orders(session)
        rows = [one.row for one in self._model.rows]
        if [one.row for one in session.queue] != rows or session.queue != self._model.rows:
            self._model.show(session.queue)
        place = next((number for number, one in enumerate(session.queue) if one is session.current), -1)
        index = self._model.index(place, 0)
        self._list.setCurrentIndex(index)
        if index.isValid():
            self._list.scrollTo(index)

    def _show_orders(self, session: Session) -> None:
        names = {"teaching": tr("what teaches most first"), "row": tr("by row"), "chance": tr("at random")}
        offered: list[tuple[tuple[Order, str | None], str]] = [((one, None), names[one]) for one in ORDERS]
        offered += [(("like", label), tr("looks like {label}", label=label)) for label in session.journal.labels.names]
        with QSignalBlocker(self._order):
            if [self._order.itemData(at) for at in range(self._order.count())] != [key for key, _ in offered]:
                self._order.clear()
                for key, told in offered:
                    self._order.addItem(told, key)
            keys = [key for key, _ in offered]
            now = (session.order, session.like)
            self._order.setCurrentIndex(keys.index(now) if now in keys else 0)


class QueueList(QListView):
    """Two lines of each text and its chip."""

    def __init__(self, model: ColumnModel[NextText], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        shape_rows(self, "queueList", tr("Texts to label next"))
        self.setModel(model)
        self.setItemDelegate(_QueueDelegate(self))
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)


class _QueueDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, 2 * theme.tall(_LINE) + theme.tall(_CHIP) + 2 * _PAD + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one: NextText = index.data(ROW)
        colours, rect = tokens(), option.rect.adjusted(0, 1, -6, -1)
        if is_selected(option):
            painting.box(painter, rect, theme.BUTTON_RADIUS, colours.hover)
            painting.box(painter, QRect(rect.left(), rect.top() + 16, 3, rect.height() - 32), 1.5, colours.accent)
        elif is_pointed_at(option):
            painting.box(painter, rect, theme.BUTTON_RADIUS, colours.sunk)
        elif index.row():
            painter.fillRect(QRect(rect.left() + 10, option.rect.top(), rect.width() - 20, 1), QColor(colours.line))
        inner = rect.adjusted(10, _PAD, -8, -_PAD)
        _paint_two_lines(painter, inner, one_line(one.text), 500 if is_selected(option) else 400)
        top = inner.top() + 2 * theme.tall(_LINE) + 4
        _paint_chip(painter, QRect(inner.left(), top, inner.width(), theme.tall(_CHIP)), one)
        if has_focus(option):
            painting.focus_ring(painter, rect, theme.BUTTON_RADIUS)


def _paint_two_lines(painter: QPainter, place: QRect, text: str, weight: int) -> None:
    font, metrics = theme.font(theme.BODY, weight), QFontMetrics(theme.font(theme.BODY, weight))
    shown = text[: 4 * place.width() // max(1, metrics.averageCharWidth())]
    layout = QTextLayout(shown, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    first = layout.createLine()
    first.setLineWidth(place.width())
    end = first.textStart() + first.textLength()
    layout.endLayout()
    for number, part in enumerate((shown[:end].rstrip(), text[end : end + len(shown)])):
        row = QRect(place.left(), place.top() + number * theme.tall(_LINE), place.width(), theme.tall(_LINE))
        painting.text(painter, row, part, font, tokens().text)


def _paint_chip(painter: QPainter, place: QRect, one: NextText) -> None:
    told, after = reason(one)
    ink, fill = chip_colours(one.why)
    font = theme.font(theme.TICK, 600)
    width = min(place.width(), QFontMetrics(font).horizontalAdvance(told) + 32)
    chip = QRect(place.left(), place.top(), width, place.height())
    painting.box(painter, chip, theme.CHIP_RADIUS, fill)
    theme.icon(_ICONS[one.why], ink).paint(painter, QRect(chip.left() + 6, chip.center().y() - 6, 13, 13))
    painting.text(painter, chip.adjusted(23, 0, -4, 0), told, font, ink)
    rest = QRect(chip.right() + 8, place.top(), max(0, place.right() - chip.right() - 8), place.height())
    painting.text(painter, rest, after, theme.font(theme.TICK), tokens().text2)


def chip_colours(why: str) -> tuple[str, str]:
    """(ink, soft fill) of a reason."""
    colours = tokens()
    ink = {"border": colours.accent_text, "new": colours.s4, "unsure": colours.s2, "like": colours.s3}.get(
        why, colours.text2
    )
    if why == "border":
        return ink, colours.soft
    return ink, colours.track if ink == colours.text2 else theme.mixed(ink, colours.card, 0.13)


def _told(one: NextText) -> str:
    chip, after = reason(one)
    return f"{one_line(one.text)} ({chip}{': ' + after if after else ''})"
