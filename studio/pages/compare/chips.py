"""ChipRow: the groups that are compared, each with its colour; press one to make it the base, or take it out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from studio import theme
from studio.pages.compare.chosen_groups import ChosenGroup, Ink
from studio.pages.compare.swatch import paint_swatch
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import Button, FlowLayout, IconButton, painting
from studio.widgets.keys import Pressable

_HEIGHT, _MOST_NAME = 30, 210


class ChipRow(QWidget):
    """`removed(number)` and `based(number)` of a group; `add_wished` for one more run."""

    removed = Signal(int)
    based = Signal(int)
    add_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.add = Button(tr("Add a run"), "quiet", "ph.plus", "small")
        self.add.setObjectName("add_compared")
        self.add.clicked.connect(self.add_wished)
        self._flow.addWidget(self.add)
        self._chips: list[QWidget] = []

    def show_groups(self, groups: Sequence[ChosenGroup]) -> None:
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._flow.removeWidget(self.add)
        self._chips = [self._chip(one) for one in groups]
        for chip in (*self._chips, self.add):
            self._flow.addWidget(chip)
        self._flow.invalidate()
        self.updateGeometry()

    def _chip(self, one: ChosenGroup) -> QFrame:
        frame = QFrame(self)
        frame.setProperty("surface", "soft" if one.number == 0 else "card")
        frame.setObjectName(f"chip_{one.number}")
        frame.setStyleSheet("QFrame { border-radius: 7px; }")
        row = QHBoxLayout(frame)
        row.setContentsMargins(1, 1, 4, 1)
        row.setSpacing(0)
        name = _ChipName(_chip_words(one), one.ink)
        name.setObjectName(f"base_{one.number}")
        is_base = one.number == 0
        name.setToolTip(
            tr("{name}: the one that all others are compared with", name=one.title)
            if is_base
            else tr("Compare the others with {name}", name=one.title)
        )
        name.setAccessibleName(name.toolTip())
        name.clicked.connect(lambda: self.based.emit(one.number))
        close = IconButton("ph.x", tr("Take {name} out", name=one.title), 22)
        close.setObjectName(f"remove_{one.number}")
        close.clicked.connect(lambda: self.removed.emit(one.number))
        row.addWidget(name)
        row.addWidget(close)
        return frame


def _chip_words(one: ChosenGroup) -> str:
    if len(one.runs) == 1:
        return one.title
    return tr("{name} × {count:plural:seed:seeds}", name=one.title, count=len(one.runs))


class _ChipName(Pressable):
    def __init__(self, text: str, ink: Ink) -> None:
        super().__init__()
        self._ink = ink
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(theme.font(theme.CAPTION, 500)).horizontalAdvance(self.text())
        return QSize(min(width, _MOST_NAME) + 38, _HEIGHT - 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse():
            painting.box(painter, self.rect(), theme.CHIP_RADIUS, tokens().hover)
        paint_swatch(painter, QRectF(9, 0, 16, self.height()), self._ink)
        place = QRect(33, 0, self.width() - 36, self.height())
        painting.text(painter, place, self.text(), theme.font(theme.CAPTION, 500), tokens().text)
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), theme.CHIP_RADIUS)
