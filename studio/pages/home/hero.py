"""Hero: "Try it now", one click from opening Attune to a model that learns."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio import theme
from studio.pages.home.picture import Picture
from studio.pages.home.sample import Sample, example
from studio.recipes import QUICK_LOOK, recipe
from studio.translation import tr
from studio.widgets import Button, Caption, Heading


class Hero(QFrame):
    """`started` tells that the person wants the quick look."""

    started = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hero")
        self.setProperty("surface", "soft")
        self.setMinimumHeight(196)
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 22, 28, 18)
        row.setSpacing(48)
        row.addLayout(self._words(), 36)
        self.picture = Picture(example())
        row.addWidget(self.picture, 64)

    def show_sample(self, sample: Sample | None) -> None:
        self.picture.show_sample(sample or example())

    def sizeHint(self) -> QSize:
        return QSize(900, 212)

    def _words(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        num_rows = recipe(QUICK_LOOK).tree["data"]["builtin"]["num_rows"]
        told = QLabel(
            tr(
                "Watch a small model learn to sort {rows} reviews, then look inside it. "
                "Everything is built in: no download, no account, no code.",
                rows=num_rows,
            )
        )
        told.setFont(theme.font(14))
        told.setProperty("kind", "second")
        told.setWordWrap(True)
        self.button = Button(tr("Start learning"), "primary", "ph.play-fill", size="hero")
        self.button.setObjectName("quick_look")
        self.button.clicked.connect(self.started)
        action = QHBoxLayout()
        action.setSpacing(14)
        action.addWidget(self.button)
        action.addWidget(Caption(tr("first curve within seconds"), wrap=True), 1, Qt.AlignmentFlag.AlignVCenter)
        column.addWidget(Heading(tr("Try it now"), "page"))
        column.addWidget(told)
        column.addSpacing(6)
        column.addLayout(action)
        column.addStretch(1)
        return column
