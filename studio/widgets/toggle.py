"""Toggle: a switch for something that is on or off at once."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from studio import theme
from studio.theme import ON_PRIMARY, tokens
from studio.widgets import painting
from studio.widgets.keys import pressed_by_enter

_WIDTH, _HEIGHT, _GAP = 32, 18, 8


class Toggle(QCheckBox):
    """A check box to the keyboard and the screen reader, a switch to the eye."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font())

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self.font()).horizontalAdvance(self.text()) + _GAP + 2 if self.text() else 0
        return QSize(_WIDTH + 6 + words, 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        track = QRect(3, (self.height() - _HEIGHT) // 2, _WIDTH, _HEIGHT)
        fill = colours.primary if self.isChecked() else colours.text3
        painting.box(painter, track, _HEIGHT / 2, fill if self.isEnabled() else colours.line2)
        knob = track.right() - 8.0 if self.isChecked() else track.left() + 9.0
        painting.dot(painter, QPointF(knob, track.center().y() + 0.5), 7, ON_PRIMARY)
        if self.text():
            left = track.right() + 1 + _GAP
            ink = colours.text if self.isEnabled() else colours.text3
            painting.text(painter, QRect(left, 0, self.width() - left, self.height()), self.text(), self.font(), ink)
        if self.hasFocus():
            painting.focus_ring(painter, track.adjusted(-3, -3, 3, 3), _HEIGHT / 2 + 3)
