"""EarlierCard: the texts that were tried before, each with its answer; a press brings one back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio import theme
from studio.pages.try_it.asking import Tried
from studio.pages.try_it.reading import short_answer
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption

_TRIED = Qt.ItemDataRole.UserRole + 1
_ROW = 48
_MOST_ROWS = 8


class EarlierCard(Card):
    """`chosen(text)` when the person takes one up again; `cleared` when they want none of them any more."""

    chosen = Signal(str)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Tried before"), " ", parent)
        self.clear = Button(tr("Clear"), "quiet", size="small")
        self.clear.setObjectName("clearTried")
        self.clear.clicked.connect(self.cleared)
        self.header.addWidget(self.clear)
        self._empty = Caption(tr("“Next text” keeps a text here and makes room for another one."), wrap=True)
        self.list = QListView()
        self.list.setObjectName("triedList")
        self.list.setAccessibleName(tr("Tried before"))
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        self.list.clicked.connect(self._take)
        self.list.activated.connect(self._take)
        self.body.addWidget(self._empty)
        self.body.addWidget(self.list)

    def show_tried(self, tried: Sequence[Tried]) -> None:
        self._model.clear()
        for one in tried:
            item = QStandardItem()
            item.setData(one, _TRIED)
            text, (label, share) = " ".join(one.asked.text.split()), short_answer(one.prediction)
            item.setText(f"{label} {share}: {text}" if share else f"{label}: {text}")
            item.setToolTip(text)
            self._model.appendRow(item)
        self.list.setVisible(bool(tried))
        self.list.setFixedHeight(min(len(tried), _MOST_ROWS) * _ROW + 4)
        self._empty.setVisible(not tried)
        self.clear.setVisible(bool(tried))

    def _take(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(_TRIED).asked.text)


class _Delegate(QStyledItemDelegate):
    """The answer over the text, how surely at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        one: Tried = index.data(_TRIED)
        box: QRect = option.rect
        colours = tokens()
        is_over = bool(option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected))
        if is_over:
            painting.box(painter, box.adjusted(0, 1, 0, -1), theme.BUTTON_RADIUS, colours.hover)
        label, share = short_answer(one.prediction)
        ink = colours.warn if one.prediction.abstains else colours.text
        inner = box.adjusted(8, 4, -8, -4)
        top, bottom = QRect(inner), QRect(inner)
        top.setHeight(inner.height() // 2)
        bottom.setTop(top.bottom() + 1)
        painting.text(painter, top.adjusted(0, 0, -64, 0), label, theme.font(weight=600), ink)
        painting.text(painter, top, share, theme.font(weight=500), colours.text2, painting.RIGHT)
        text = " ".join(one.asked.text.split())
        painting.text(painter, bottom, text, theme.font(theme.CAPTION), colours.text2)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painting.focus_ring(painter, box.adjusted(1, 1, -1, -1), theme.BUTTON_RADIUS)
