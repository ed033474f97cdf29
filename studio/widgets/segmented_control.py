"""SegmentedControl: a few choices side by side, one of them chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QWidget

from studio import theme
from studio.theme import tokens
from studio.widgets import painting
from studio.widgets.keys import Pressable

_ICON, _GAP, _PADDING, _LEAST_PADDING, _FEW = 16, 7, 12, 6, 3


class _Segment(Pressable):
    def __init__(self, text: str, icon: str | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(theme.CAPTION, 500))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2 * _PADDING + 2
        return QSize(width + (_ICON + _GAP if self._icon else 0), 26)

    def minimumSizeHint(self) -> QSize:
        """Where there is little room words end in "…"; the tooltip has them whole."""
        few = QFontMetrics(self.font()).horizontalAdvance(self.text()[:_FEW] + "…") + 2 * _PADDING + 2
        return QSize(min(self.sizeHint().width(), few + (_ICON + _GAP if self._icon else 0)), 26)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        words = QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2 * _LEAST_PADDING
        is_whole = self.width() >= words
        if is_whole != (not self.toolTip()) and self.toolTip() in ("", self.text()):
            self.setToolTip("" if is_whole else self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()  # the control itself moves, all the way round
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        if self.isChecked():
            painting.box(painter, self.rect(), theme.CHIP_RADIUS, colours.card, colours.line2)
        ink = colours.text if self.isChecked() or self.underMouse() else colours.text2
        if not self.isEnabled():
            ink = colours.text3
        has_icon = self._icon is not None and self.width() >= self.sizeHint().width() - 2  # words before pictures
        icon_width = _ICON + _GAP if has_icon else 0
        text_width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        text_width = min(text_width, self.width() - icon_width - 2 * _LEAST_PADDING)
        left = (self.width() - text_width - icon_width) // 2
        if has_icon and self._icon:
            place = QRect(left, (self.height() - _ICON) // 2, _ICON, _ICON)
            theme.icon(self._icon, colours.accent if self.isChecked() else ink).paint(painter, place)
        painting.text(
            painter, QRect(left + icon_width, 0, text_width + 2, self.height()), self.text(), self.font(), ink
        )
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), theme.CHIP_RADIUS)


class SegmentedControl(QFrame):
    """`options` are (key, text, icon or None). Tab reaches the chosen one, the arrow keys choose another."""

    changed = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str, str | None]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "segments")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._keys = [key for key, _, _ in options]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for index, (key, text, icon) in enumerate(options):
            segment = _Segment(text, icon, self)
            segment.setObjectName(f"segment_{key}")
            self._group.addButton(segment, index)
            row.addWidget(segment)
        if options:
            self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._tell)

    def current(self) -> str:
        return self._keys[self._group.checkedId()]

    def set_current(self, key: str) -> None:
        """Choose without telling: `changed` is for what the person does."""
        self._group.blockSignals(True)
        self._group.button(self._keys.index(key)).setChecked(True)
        self._group.blockSignals(False)

    def segment(self, key: str) -> QAbstractButton:
        return self._group.button(self._keys.index(key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        chosen = self._group.button((self._group.checkedId() + step) % len(self._keys))
        chosen.setFocus(Qt.FocusReason.TabFocusReason)
        chosen.setChecked(True)

    def _tell(self, index: int, is_checked: bool) -> None:
        if is_checked:
            self.changed.emit(self._keys[index])
