"""RangeChip: one setting that a search tries and its range, as a small button; the pale chip of what is fixed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.config.search import Range
from engine.config.search_limits import Limits
from studio import theme
from studio.forms.editors import decimal_text
from studio.theme import tokens
from studio.translation import tr, words
from studio.widgets import painting
from studio.widgets.keys import Pressable

_PADDING, _GAP, _CROSS, _HEIGHT = 10, 6, 18, 28
_FEW = 3


class RangeChip(Pressable):
    """“Learning rate 0.0001 to 0.01, log ×”. Pressing it is `clicked`; its cross, or Delete, is `removed`."""

    removed = Signal()

    def __init__(self, title: str, told: str, can_remove: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._can_remove = title, can_remove
        self.setText(told)
        self.setAccessibleName(f"{title}: {told}")
        if can_remove:
            self.setAccessibleDescription(tr("Return changes the range, Delete removes it."))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def title(self) -> str:
        return self._title

    def sizeHint(self) -> QSize:
        width = self._width(self._title, 400) + _GAP + self._width(self.text(), 600) + 2 * _PADDING
        height = max(_HEIGHT, QFontMetrics(theme.font(theme.CAPTION)).height() + 10)
        return QSize(width + (_CROSS if self._can_remove else 0), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def cross(self) -> QRect:
        """Where the cross is; nowhere on a chip that stays."""
        if not self._can_remove:
            return QRect()
        return QRect(self.width() - _CROSS - 6, (self.height() - _CROSS) // 2, _CROSS, _CROSS)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.cross().contains(event.position().toPoint()) and self.isDown():
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._can_remove:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours, height = QPainter(self), tokens(), self.height()
        is_over = self.underMouse() and self.isEnabled()
        painting.box(painter, self.rect(), theme.CHIP_RADIUS, colours.sunk if is_over else colours.card, colours.line2)
        width = self._width(self._title, 400)
        title = QRect(_PADDING, 0, width, height)
        painting.text(painter, title, self._title, theme.font(theme.CAPTION), colours.text2)
        left = _PADDING + width + _GAP
        room = QRect(left, 0, self._width(self.text(), 600), height)
        ink = colours.text if self.isEnabled() else colours.text3
        painting.text(painter, room, self.text(), theme.font(theme.CAPTION, 600), ink)
        if self._can_remove:
            cross = self.cross()
            if is_over and cross.contains(self.mapFromGlobal(self.cursor().pos())):
                painting.box(painter, cross, theme.CHIP_RADIUS, colours.hover)
            if self.isEnabled():
                theme.icon("ph.x", colours.text3).paint(painter, cross.adjusted(3, 3, -3, -3))
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), theme.CHIP_RADIUS)

    @staticmethod
    def _width(text: str, weight: int) -> int:
        return QFontMetrics(theme.font(theme.CAPTION, weight)).horizontalAdvance(text) + 2


class AddChip(Pressable):
    """“+ Range”, with a dashed border: what is not there yet."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def below(self) -> QPoint:
        """Where a menu of it opens."""
        return self.mapToGlobal(QPoint(0, self.height() + 2))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(theme.CAPTION, 600))
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * _PADDING + 22, max(_HEIGHT, metrics.height() + 10))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = colours.accent_text if self.isEnabled() else colours.text3
        pen = QPen(QColor(colours.accent if self.isEnabled() else colours.line2), 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(QColor(colours.soft if self.underMouse() and self.isEnabled() else colours.card))
        radius = theme.CHIP_RADIUS
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        sign = QRect(_PADDING, (self.height() - 14) // 2, 14, 14)
        theme.icon("ph.plus", ink).paint(painter, sign)
        room = self.rect().adjusted(_PADDING + 20, 0, -4, 0)
        painting.text(painter, room, self.text(), theme.font(theme.CAPTION, 600), ink)
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), radius)


class FixedChip(QWidget):
    """“Fixed 8 passes, batch 32”: what a search leaves as it is; resting on it tells all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_fixed(self, told: str, whole: str) -> None:
        self._told = told
        self.setAccessibleName(tr("Fixed: {settings}", settings=told))
        self.setToolTip(whole)
        self.setVisible(bool(told))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._told

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(theme.CAPTION, 600))
        title = QFontMetrics(theme.font(theme.CAPTION)).horizontalAdvance(tr("Fixed"))
        width = title + _GAP + metrics.horizontalAdvance(self._told) + 2 * _PADDING + 4
        return QSize(width, max(_HEIGHT, metrics.height() + 10))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painting.box(painter, self.rect(), theme.CHIP_RADIUS, colours.sunk, colours.line)
        inner = self.rect().adjusted(_PADDING, 0, -_PADDING, 0)
        used = painting.text(painter, inner, tr("Fixed"), theme.font(theme.CAPTION), colours.text3)
        room = inner.adjusted(used + _GAP, 0, 0, 0)
        painting.text(painter, room, self._told, theme.font(theme.CAPTION, 600), colours.text2)


def range_words(one: Range, limits: Limits) -> str:
    """`0.0001 to 0.01, log`, `64 to 256, steps of 32`, `LSTM, GRU`."""
    if one.is_fixed:
        return tr("{value}, fixed", value=option_words(one.choices[0], limits))
    if one.choices:
        told = [option_words(value, limits) for value in one.choices]
        return ", ".join(told) if len(told) <= _FEW else tr("{count} values", count=len(told))
    low, high = (value_words(value) for value in (one.low, one.high))
    if one.log:
        return tr("{low} to {high}, log", low=low, high=high)
    if one.step is not None and not (limits.is_integer and one.step == 1):
        return tr("{low} to {high}, steps of {step}", low=low, high=high, step=value_words(one.step))
    return tr("{low} to {high}", low=low, high=high)


def value_words(value: float | int | None) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else decimal_text(float(f"{value:.4g}"))


def option_words(value: object, limits: Limits) -> str:
    """One of several values, as the forms call it."""
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if limits.words and value in limits.choices:
        return words(limits.words[limits.choices.index(value)])  # type: ignore[arg-type]
    return value_words(value) if isinstance(value, int | float) else str(value)


def setting_title(limits: Limits, others: tuple[Limits, ...]) -> str:
    """The setting's title, with that of its part where another one has the same."""
    title = words(limits.title)
    if any(one.path != limits.path and one.title == limits.title for one in others):
        return tr("{part}: {setting}", part=words(limits.part), setting=title)
    return title
