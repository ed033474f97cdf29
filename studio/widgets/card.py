"""Card: a white box with a hairline border, a title row and a body; and the hairline itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio import theme
from studio.widgets.labels import ElidingCaption, TitleLabel

_ALL = 1000
"""A caption takes what the title leaves; it gives way to it, never the other way round."""


class Card(QFrame):
    """`header` is the title row (add buttons at its end), `body` the column under it; no title, no row."""

    def __init__(self, title: str = "", caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        padding = theme.CARD_PADDING
        column.setContentsMargins(padding, 10 if title else padding, padding, padding)
        column.setSpacing(8)
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.title = TitleLabel(title)
        self.caption = ElidingCaption(caption)
        if title:
            self.header.addWidget(self.title, 0, Qt.AlignmentFlag.AlignVCenter)
            self.header.addWidget(self.caption, _ALL, Qt.AlignmentFlag.AlignVCenter)
            self.header.addStretch(1)
            self.title.setMinimumHeight(theme.tall(28))
            row = QWidget()
            row.setLayout(self.header)
            row.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self.header.setContentsMargins(0, 0, 0, 0)
            column.addWidget(row)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body, 1)


class Hairline(QFrame):
    """A line of one pixel between two parts of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hairline")
        self.setFixedHeight(1)
