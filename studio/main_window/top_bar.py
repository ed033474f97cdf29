"""TopBar: the chosen run's name, its state, and its stages."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from studio import theme
from studio.main_window.stages import STAGE_TITLES, STAGES
from studio.theme import tokens
from studio.translation import words
from studio.widgets import ElidingLabel, Pill, painting
from studio.widgets.keys import Pressable
from studio.widgets.labels import ElidingCaption
from studio.widgets.run_summary import pill_of, state_word


class _Stage(Pressable):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFont(theme.font(theme.BODY, 500))
        self.setFixedHeight(55)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme.font(theme.BODY, 600)).horizontalAdvance(self.text()) + 32, 55)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        chosen = self.isChecked()
        ink = colours.text if chosen or self.underMouse() else colours.text2
        font = theme.font(theme.BODY, 600 if chosen else 500)
        painting.text(painter, self.rect(), self.text(), font, ink, painting.CENTER)
        if chosen:
            painter.fillRect(QRect(14, self.height() - 3, self.width() - 28, 3), QColor(colours.accent))
        if self.hasFocus():
            painting.focus_ring(painter, self.rect().adjusted(4, 12, -4, -12), theme.CHIP_RADIUS)


class TopBar(QWidget):
    """`chosen(stage)` when the person goes to another stage of the run."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(56)
        self._name = ElidingLabel()
        self._name.setObjectName("run_name")
        self._name.setFont(theme.font(theme.CARD_TITLE, 600))
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._about = ElidingCaption()
        self._about.setObjectName("run_about")
        self._about.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.pill = Pill()
        self.pill.setObjectName("run_state")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PAGE_MARGIN, 0, theme.PAGE_MARGIN - 14, 0)
        row.setSpacing(0)
        row.addWidget(self._name)
        row.addSpacing(12)
        row.addWidget(self.pill)
        row.addSpacing(14)
        row.addWidget(self._about)
        row.addStretch(1)
        self._stages = QButtonGroup(self)
        for index, (stage, title) in enumerate(STAGE_TITLES.items()):
            button = _Stage(words(title))
            button.setObjectName(f"stage_{stage}")
            self._stages.addButton(button, index)
            row.addWidget(button)
        self._stages.idClicked.connect(lambda index: self.chosen.emit(STAGES[index]))

    def show_run(self, name: str, state: str, stages: Collection[str], about: str = "") -> None:
        """`stages` are those that this run has; `about` says more of it in small words."""
        self._about.setText(about)
        self._name.setText(name)
        for index, stage in enumerate(STAGES):
            self._stages.button(index).setVisible(stage in stages)
        self.pill.set_pill(state_word(state), pill_of(state))

    def name(self) -> str:
        return self._name.text()

    def set_stage(self, stage: str) -> None:
        if stage in STAGES:
            self._stages.button(STAGES.index(stage)).setChecked(True)
