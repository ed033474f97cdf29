"""NoLabelsRow: what can be done with texts that have no labels."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from studio.theme import icon, tokens
from studio.translation import tr
from studio.widgets import Button
from studio.widgets.labels import label
from studio.widgets.layouts import fill, vbox


class NoLabelsRow(QFrame):
    """`wished`: some texts shall be labelled first."""

    wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "soft")
        self.setObjectName("no-labels")
        sign = QLabel()
        sign.setPixmap(icon("ph.tag", tokens().accent_text).pixmap(QSize(20, 20)))
        title = label(tr("Do these texts have no labels yet?"), 13, "", 500)
        about = label(
            tr("Label some of them: the model says which ones teach it most, and how good it is."), 12, "caption"
        )
        begin = Button(tr("Label some texts first"), "plain", "ph.arrow-right", "small")
        begin.setObjectName("label-first")
        begin.clicked.connect(self.wished)
        fill(QHBoxLayout(self), sign, (vbox(title, about, gap=1), 1), begin, gap=14, margins=(16, 9, 12, 9))
        self.hide()
