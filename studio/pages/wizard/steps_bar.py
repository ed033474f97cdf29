"""StepsBar: the wizard's five steps along the top, and the way out."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio.theme import CHIP_RADIUS, PAGE_MARGIN, font, icon, tokens
from studio.translation import tr
from studio.widgets import Button, ElidingLabel, painting
from studio.widgets.keys import Pressable
from studio.widgets.layouts import fill

HEIGHT = 56
CIRCLE = 24


class StepsBar(QWidget):
    """Circles with a number, or a check mark where a step is done; a done step can be opened again."""

    chosen = Signal(int)
    cancelled = Signal()

    def __init__(self, titles: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._marks = [StepMark(index, title) for index, title in enumerate(titles)]
        line = fill(QHBoxLayout(self), _title(), None, gap=10, margins=(PAGE_MARGIN, 0, PAGE_MARGIN - 8, 0))
        for index, mark in enumerate(self._marks):
            if index:
                line.addWidget(_Link(mark))
            mark.clicked.connect(lambda _=False, index=index: self.chosen.emit(index))
            line.addWidget(mark)
        line.addStretch(1)
        cancel = Button(tr("Cancel"), "quiet")
        cancel.setObjectName("cancel")
        cancel.setToolTip(tr("Leave: what you chose waits as a draft"))
        cancel.clicked.connect(self.cancelled.emit)
        line.addWidget(cancel)

    def show_step(self, current: int) -> None:
        for index, mark in enumerate(self._marks):
            mark.show_state("done" if index < current else "current" if index == current else "ahead")
        self.update()


def _title() -> ElidingLabel:
    """What all of it is: the first to give way where the words are wide."""
    title = ElidingLabel(tr("New run"))
    title.setFont(font(14, 600))
    return title


class StepMark(Pressable):
    """One step: a circle and its name."""

    def __init__(self, index: int, title: str) -> None:
        super().__init__()
        self.index = index
        self.state = "ahead"
        self.setText(title)
        self.setObjectName(f"step-mark-{index + 1}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state("ahead")

    def show_state(self, state: str) -> None:
        self.state = state
        told = {"done": tr("done"), "current": tr("you are here"), "ahead": tr("still to come")}[state]
        self.setAccessibleName(
            tr("Step {number}: {title}, {state}", number=self.index + 1, title=self.text(), state=told)
        )
        self.setEnabled(state == "done")
        self.setCursor(Qt.CursorShape.PointingHandCursor if state == "done" else Qt.CursorShape.ArrowCursor)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(CIRCLE + 16 + QFontMetrics(font(13, 600)).horizontalAdvance(self.text()), 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(1, (self.height() - CIRCLE) / 2, CIRCLE, CIRCLE).adjusted(0.5, 0.5, -0.5, -0.5)
        fill, edge = {
            "done": (colors.soft, colors.soft_line),
            "current": (colors.primary, colors.primary),
            "ahead": (colors.card, colors.line2),
        }[self.state]
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(fill))
        painter.drawEllipse(circle)
        self._draw_inside(painter, circle)
        painter.setFont(font(13, 600 if self.state == "current" else 500))
        painter.setPen(QColor(colors.text if self.state == "current" else colors.text2))
        words = QRectF(CIRCLE + 9, 0, self.width() - CIRCLE - 9, self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), CHIP_RADIUS)

    def _draw_inside(self, painter: QPainter, circle: QRectF) -> None:
        colors = tokens()
        if self.state == "done":
            pixmap = icon("ph.check", colors.accent).pixmap(QSize(13, 13), self.devicePixelRatioF())
            painter.drawPixmap(QPointF(circle.center().x() - 6.5, circle.center().y() - 6.5), pixmap)
            return
        painter.setFont(font(12, 600))
        painter.setPen(QColor("#FFFFFF" if self.state == "current" else colors.text2))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self.index + 1))


class _Link(QWidget):
    """The line that leads to a step: in the accent once it is reached."""

    def __init__(self, to: StepMark) -> None:
        super().__init__()
        self._to = to
        self.setFixedSize(24, HEIGHT - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        color = tokens().line2 if self._to.state == "ahead" else tokens().accent
        QPainter(self).fillRect(0, self.height() // 2 - 1, self.width(), 2, QColor(color))
