"""ActionCard: a card that is one big button: icon, title, what it does, and an example of what goes in and out."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.theme import tokens
from studio.widgets import painting
from studio.widgets.keys import Pressable

_TILE, _PAD, _EXAMPLE, _ONE_LINE = 40, 16, 28, 22


class ActionCard(Pressable):
    """`example` is (what goes in, what comes out), shown in a strip at the foot. `color` tints the icon's tile."""

    def __init__(
        self,
        icon: str,
        title: str,
        caption: str,
        example: tuple[str, str] | None = None,
        color: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._caption, self._example, self._color = icon, caption, example, color
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(caption)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumWidth(180)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(260, self.heightForWidth(260))

    def heightForWidth(self, width: int) -> int:
        place = self._caption_rect(QRect(0, 0, width, 0))
        words = place.width()
        wrap = Qt.TextFlag.TextWordWrap
        height = QFontMetrics(theme.font()).boundingRect(QRect(0, 0, words, 999), wrap, self._caption).height()
        foot = _EXAMPLE + 14 if self._example else 0
        return max(place.top() - 1 + height + 4, _PAD + _TILE) + foot + _PAD

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        over = self.underMouse() and self.isEnabled()
        border = colours.accent if over else colours.line
        painting.box(painter, self.rect(), theme.CARD_RADIUS, colours.card, border)
        tint = self._color or colours.accent
        tile = QRect(_PAD, _PAD, _TILE, _TILE)
        painting.box(painter, tile, 8, painting.tinted(tint, 60 if theme.is_dark() else 26))
        theme.icon(self._icon, tint).paint(painter, tile.adjusted(10, 10, -10, -10))
        self._paint_words(painter, over)
        if self._example:
            self._paint_example(painter)
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), theme.CARD_RADIUS)

    def _caption_rect(self, rect: QRect) -> QRect:
        left = _PAD + _TILE + 14
        top = self._title_rect(rect.width()).bottom() + 3
        return QRect(left, top, rect.width() - left - _PAD - 4, rect.height())

    def _title_rect(self, width: int) -> QRect:
        """One line, or as many as the title needs; the arrow stands beside it."""
        left = _PAD + _TILE + 14
        room = QRect(left, _PAD - 1, max(1, width - left - _PAD - 24), 999)
        metrics = QFontMetrics(theme.font(theme.CARD_TITLE, 600))
        needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.text()).height()
        is_one_line = needed < 2 * metrics.height()
        return QRect(left, _PAD - 1, room.width(), _ONE_LINE if is_one_line else needed + 2)

    def _paint_words(self, painter: QPainter, over: bool) -> None:
        colours = tokens()
        title, strong = self._title_rect(self.width()), theme.font(theme.CARD_TITLE, 600)
        if title.height() == _ONE_LINE:
            painting.text(painter, title, self.text(), strong, colours.text)
        else:
            painter.setFont(strong)
            painter.setPen(QColor(colours.text))
            painter.drawText(title, Qt.TextFlag.TextWordWrap, self.text())
        arrow = QRect(self.width() - _PAD - 16, _PAD + 2, 16, 16)
        theme.icon("ph.arrow-right", colours.accent if over else colours.text2).paint(painter, arrow)
        painter.setFont(theme.font())
        painter.setPen(QColor(colours.text2))
        painter.drawText(self._caption_rect(self.rect()), Qt.TextFlag.TextWordWrap, self._caption)

    def _paint_example(self, painter: QPainter) -> None:
        colours, (before, after) = tokens(), self._example or ("", "")
        strip = QRect(_PAD, self.height() - _PAD - _EXAMPLE, self.width() - 2 * _PAD, _EXAMPLE)
        painting.box(painter, strip, theme.CHIP_RADIUS, colours.sunk)
        strong = theme.font(theme.CAPTION, 600)
        width = min(QFontMetrics(strong).horizontalAdvance(after) + 2, strip.width() // 2)
        inner = strip.adjusted(10, 0, -10, 0)
        right = QRect(inner.right() - width + 1, inner.top(), width, inner.height())
        painting.text(painter, right, after, strong, colours.text, painting.RIGHT)
        arrow = QRect(right.left() - 34, strip.center().y() - 6, 14, 14)
        theme.icon("ph.arrow-right", colours.text3).paint(painter, arrow)
        left = QRect(inner.left(), inner.top(), arrow.left() - inner.left() - 10, inner.height())
        painting.text(painter, left, before, theme.font(theme.CAPTION), colours.text2)
