"""Buttons: plain, primary, quiet and link, and the square one that is only an icon."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from studio import theme
from studio.theme import tokens
from studio.widgets import painting
from studio.widgets.keys import Pressable, pressed_by_enter

ButtonKind = Literal["plain", "primary", "link", "quiet"]
Size = Literal["small", "normal", "hero"]

_HEIGHTS = {"small": 28, "normal": 32, "hero": 40}
_PADDING = {"small": 10, "normal": 14, "hero": 18}
_ICON, _ICON_GAP = 16, 8


class Button(QPushButton):
    """A button that paints itself. One "primary" a screen; "quiet" has no border, "link" no box at all.

    The mouse presses it without taking the keyboard away from where it is; Tab reaches it, with a visible ring. In a
    dialog Return in a field presses the primary one, never whichever stands first.
    """

    def __init__(
        self,
        text: str,
        kind: ButtonKind = "plain",
        icon: str | None = None,
        size: Size = "normal",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind, self._icon, self._size = kind, icon, size
        self.setProperty("painted", True)
        self.setAutoDefault(False)
        self.setDefault(kind == "primary")
        self.setFont(theme.font(theme.CARD_TITLE if size == "hero" else theme.BODY, 500 if kind == "plain" else 600))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    @property
    def kind(self) -> str:
        return self._kind

    def set_kind(self, kind: ButtonKind) -> None:
        self._kind = kind
        self.update()

    def set_icon(self, name: str | None) -> None:
        self._icon = name
        self.updateGeometry()
        self.update()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2 * self._padding()
        if self._icon:
            width += _ICON + (_ICON_GAP if self.text() else 0)
        return QSize(width + 2, max(_HEIGHTS[self._size], QFontMetrics(self.font()).height() + 8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_box(painter)
        ink = self._ink()
        text_width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        icon_width = (_ICON + (_ICON_GAP if self.text() else 0)) if self._icon else 0
        left = max(self._padding(), (self.width() - text_width - icon_width) // 2)
        if self._icon:
            place = QRect(left, (self.height() - _ICON) // 2, _ICON, _ICON)
            theme.icon(self._icon, ink).paint(painter, place)
        space = QRect(left + icon_width, 0, self.width() - left - icon_width - self._padding() + 2, self.height())
        painting.text(painter, space, self.text(), self.font(), ink)
        if self.hasFocus():
            is_filled = self._kind == "primary" and self.isEnabled()
            inner = theme.ON_PRIMARY if is_filled else None
            painting.focus_ring(painter, self.rect(), theme.BUTTON_RADIUS, inner)

    def _padding(self) -> int:
        return 2 if self._kind == "link" else _PADDING[self._size]

    def _paint_box(self, painter: QPainter) -> None:
        colours, over = tokens(), self.underMouse() and self.isEnabled()
        pressed = over and self.isDown()
        if self._kind == "primary":
            painting.box(
                painter, self.rect(), theme.BUTTON_RADIUS, colours.primary if self.isEnabled() else colours.track
            )
            if over:
                painting.box(
                    painter, self.rect(), theme.BUTTON_RADIUS, painting.tinted("#000000", 50 if pressed else 22)
                )
        elif self._kind == "plain":
            fill = colours.hover if pressed else colours.sunk if over else colours.card
            painting.box(
                painter, self.rect(), theme.BUTTON_RADIUS, fill, colours.line2 if self.isEnabled() else colours.line
            )
        elif self._kind == "quiet" and over:
            painting.box(painter, self.rect(), theme.BUTTON_RADIUS, colours.line2 if pressed else colours.hover)

    def _ink(self) -> str:
        colours = tokens()
        if not self.isEnabled():
            return colours.text3
        if self._kind == "primary":
            return theme.ON_PRIMARY
        if self._kind == "link":
            return colours.text if self.underMouse() else colours.accent_text
        return colours.text if self._kind == "plain" or self.underMouse() else colours.text2


class IconButton(Pressable):
    """A square button that is only an icon; its tooltip is its name."""

    def __init__(self, icon: str, tooltip: str, side: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setToolTip(tooltip)
        self.setAccessibleName(tooltip)
        self.setFixedSize(side, side)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_icon(self, name: str) -> None:
        self._icon = name
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        if self.isChecked() or (self.underMouse() and self.isEnabled()):
            painting.box(painter, self.rect(), theme.CHIP_RADIUS, colours.line2 if self.isDown() else colours.hover)
        ink = colours.accent if self.isChecked() else colours.text2 if self.isEnabled() else colours.line2
        place = QRect((self.width() - _ICON) // 2, (self.height() - _ICON) // 2, _ICON, _ICON)
        theme.icon(self._icon, ink).paint(painter, place)
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), theme.CHIP_RADIUS)
