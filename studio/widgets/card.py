"""Card: a white box with a hairline border, a title row and a body; and the hairline itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio import theme
from studio.widgets.folding_row import FoldingRow
from studio.widgets.labels import ElidingCaption, TitleLabel

_ALL = 1000
"""A caption takes what the title leaves; it gives way to it, never the other way round."""


class Card(QFrame):
    """`header` is the title row (add buttons at its end), `body` the column under it; no title, no row. What is added
    to `row` instead goes under the title where there is no room for both."""

    def __init__(self, title: str = "", caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        padding = theme.CARD_PADDING
        column.setContentsMargins(padding, 10 if title else padding, padding, padding)
        column.setSpacing(8)
        self.title = TitleLabel(title)
        self.caption = ElidingCaption(caption)
        self.row = FoldingRow(self.title)
        self.header = self.row.line if title else QHBoxLayout()
        self.header.setSpacing(8)
        if title:
            self.header.addWidget(self.caption, _ALL, Qt.AlignmentFlag.AlignVCenter)
            self.header.addStretch(1)
            self.title.setMinimumHeight(theme.tall(28))
            column.addWidget(self.row)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body, 1)


class Hairline(QFrame):
    """A line of one pixel between two parts of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hairline")
        self.setFixedHeight(1)
