"""EarlierCard: the texts that were tried before, each with its answer; a press brings one back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRect, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from studio import theme
from studio.pages.try_it.asking import Tried
from studio.pages.try_it.reading import short_answer
from studio.tables.column_model import ROW, Column, ColumnModel, Index
from studio.tables.painted_delegate import RowList, has_focus, is_pointed_at, is_selected
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption

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
        self._model: ColumnModel[Tried] = ColumnModel((Column("", _told, tooltip=_text, paint=_paint),), self)
        self.list = RowList(self._model, "triedList", tr("Tried before"), _ROW, _ground)
        self.list.clicked.connect(self._take)
        self.list.activated.connect(self._take)
        self.body.addWidget(self._empty)
        self.body.addWidget(self.list)

    def show_tried(self, tried: Sequence[Tried]) -> None:
        self._model.show(tried)
        self.list.setVisible(bool(tried))
        self.list.setFixedHeight(min(len(tried), _MOST_ROWS) * _ROW + 4)
        self._empty.setVisible(not tried)
        self.clear.setVisible(bool(tried))

    def _take(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(ROW).asked.text)


def _text(one: Tried) -> str:
    return " ".join(one.asked.text.split())


def _told(one: Tried) -> str:
    label, share = short_answer(one.prediction)
    return f"{label} {share}: {_text(one)}" if share else f"{label}: {_text(one)}"


def _ground(painter: QPainter, option: QStyleOptionViewItem, _index: Index) -> None:
    if is_pointed_at(option) or is_selected(option):
        painting.box(painter, option.rect.adjusted(0, 1, 0, -1), theme.BUTTON_RADIUS, tokens().hover)


def _paint(painter: QPainter, option: QStyleOptionViewItem, one: Tried) -> None:
    """The answer over the text, how surely at the right."""
    colours, (label, share) = tokens(), short_answer(one.prediction)
    ink = colours.warn if one.prediction.abstains else colours.text
    inner = option.rect.adjusted(8, 4, -8, -4)
    top, bottom = QRect(inner), QRect(inner)
    top.setHeight(inner.height() // 2)
    bottom.setTop(top.bottom() + 1)
    painting.text(painter, top.adjusted(0, 0, -64, 0), label, theme.font(weight=600), ink)
    painting.text(painter, top, share, theme.font(weight=500), colours.text2, painting.RIGHT)
    painting.text(painter, bottom, _text(one), theme.font(theme.CAPTION), colours.text2)
    if has_focus(option):
        painting.focus_ring(painter, option.rect.adjusted(1, 1, -1, -1), theme.BUTTON_RADIUS)
