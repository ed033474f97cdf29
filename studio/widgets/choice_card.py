"""ChoiceCard: a card that can be chosen among others; CardGrid: such cards in even rows."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.theme import CARD_RADIUS, GAP, icon, tall, tokens
from studio.widgets import painting
from studio.widgets.keys import Pressable
from studio.widgets.labels import label

PADDING = 14


class ChoiceCard(Pressable):
    """A title, a sentence and a line of facts; chosen, it takes the accent's border and a check mark."""

    def __init__(self, name: str, title: str, text: str, facts: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        self.column.setSpacing(5)
        self.column.addWidget(label(title, 14, "", 600))
        self.column.addWidget(label(text, 12, "second"))
        self.column.addStretch(1)
        if facts:
            self.column.addWidget(label(facts, 12, "caption"))

    def sizeHint(self) -> QSize:
        return self.column.sizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.column.totalHeightForWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        border = colors.accent if chosen else colors.line2 if self.underMouse() else colors.line
        width = 2.0 if chosen else 1.0
        painter.setPen(QPen(QColor(border), width))
        painter.setBrush(QColor(colors.soft if chosen else colors.card))
        edge = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(edge, CARD_RADIUS, CARD_RADIUS)
        if chosen:
            pixmap = icon("ph.check-circle", colors.accent).pixmap(QSize(16, 16), self.devicePixelRatioF())
            painter.drawPixmap(self.width() - PADDING - 14, PADDING, pixmap)
        if self.hasFocus():
            ring = painting.chosen_ring if chosen else painting.focus_ring
            ring(painter, self.rect(), CARD_RADIUS)


class CardGrid(QWidget):
    """Cards of one width, as many beside each other as fit, the rows as even as can be."""

    def __init__(self, least_width: int = 200, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least_width = least_width
        self._cards: list[QWidget] = []
        self._placed: list[QWidget] = []
        self._num_columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def show_cards(self, cards: list[QWidget]) -> None:
        """Show these cards instead of those before."""
        for old in self._cards:
            self._grid.removeWidget(old)
            old.deleteLater()
        self._cards, self._placed, self._num_columns = cards, [], 0
        self._arrange()

    def show_only(self, shown: Callable[[QWidget], bool]) -> None:
        """Hide the cards that shall not be seen now; the others close up."""
        for card in self._cards:
            card.setVisible(shown(card))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Other words in a card may need more room than a column has."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """One column is always possible: many columns now keep nobody from making the window narrow."""
        return QSize(self._widest(self._placed), super().minimumSizeHint().height())

    def _widest(self, cards: list[QWidget]) -> int:
        """Of what the cards need at least."""
        return max((card.minimumSizeHint().width() for card in cards), default=0)

    def _arrange(self) -> None:
        cards = [card for card in self._cards if not card.isHidden() or card.parent() is None]
        least = max(tall(self._least_width), self._widest(cards))
        num_columns = even_columns(len(cards), (self.width() + GAP) // (least + GAP))
        if num_columns == self._num_columns and cards == self._placed:
            return
        for card in self._placed:
            self._grid.removeWidget(card)
        self._placed = cards
        for column in range(max(self._num_columns, num_columns)):
            self._grid.setColumnStretch(column, 1 if column < num_columns else 0)
        self._num_columns = num_columns
        for index, card in enumerate(cards):
            self._grid.addWidget(card, index // num_columns, index % num_columns)


def even_columns(count: int, most: int) -> int:
    """How many columns fill rows of at most `most` most evenly: 5 cards of which 4 fit stand as 3 and 2."""
    if count == 0:
        return 1
    num_rows = math.ceil(count / max(1, most))
    return math.ceil(count / num_rows)
