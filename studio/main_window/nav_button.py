"""NavButton: a place that the side bar leads to."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.keys import Pressable

_ICON = 16


class NavButton(Pressable):
    """Icon and word; only the icon where the side bar is narrow, with the word as its tooltip."""

    def __init__(self, icon: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._mark = icon, ""
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setCheckable(True)
        self.setFixedHeight(self.sizeHint().height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(40, max(34, theme.tall(30)))

    def set_mark(self, told: str) -> None:
        """A dot that says in words, to the mouse and the screen reader, what waits there; none if empty."""
        self._mark = told
        self.setAccessibleDescription(told)
        self.setToolTip(tr("{place}: {told}", place=self.text(), told=told) if told else self.text())
        self.update()

    def nextCheckState(self) -> None:
        """The window says where it is; pressing alone does not."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        if self.isChecked() or self.underMouse():
            painting.box(painter, self.rect(), theme.BUTTON_RADIUS, colours.hover)
        is_narrow = self.width() < 80
        left = (self.width() - _ICON) // 2 if is_narrow else 10
        place = QRect(left, (self.height() - _ICON) // 2, _ICON, _ICON)
        theme.icon(self._icon, colours.accent if self.isChecked() else colours.text2).paint(painter, place)
        if not is_narrow:
            words = QRect(left + _ICON + 10, 0, self.width() - left - _ICON - 16, self.height())
            ink = colours.text if self.isChecked() else colours.text2
            painting.text(painter, words, self.text(), theme.font(theme.BODY, 500), ink)
        if self._mark:
            centre = QPointF(left + _ICON + 1, 9) if is_narrow else QPointF(self.width() - 16, self.height() / 2)
            painting.dot(painter, centre, 3.5, colours.accent)
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), theme.BUTTON_RADIUS)
