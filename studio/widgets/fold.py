"""Fold: a card that opens and closes at its title; and the plain card of several parts."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from studio.theme import CARD_PADDING, font, icon, tokens
from studio.widgets.card import Card
from studio.widgets.labels import label


class Fold(Card):
    """A card that opens and closes at its title; `told` stands beside it."""

    def __init__(self, title: str, caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__()
        self._inside = QWidget()
        self.inside = QVBoxLayout(self._inside)
        self.inside.setContentsMargins(CARD_PADDING - 10, 2, 0, 8)
        self.layout().setContentsMargins(10, 8, CARD_PADDING, 8)
        self._switch = QToolButton()
        self._switch.setObjectName("fold")
        self._switch.setText(title)
        self._switch.setAccessibleName(title)
        self._switch.setAccessibleDescription(caption)
        self._switch.setCheckable(True)
        self._switch.setFont(font(13, 600))
        self._switch.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._switch.setIconSize(QSize(14, 14))
        self._switch.setStyleSheet(_fold_style())
        self._switch.toggled.connect(self._toggle)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._switch)
        self.told = label(caption, 12, "caption")
        line.addWidget(self.told, 1)
        self.body.addLayout(line)
        self.body.addWidget(self._inside)
        self._toggle(False)

    def is_open(self) -> bool:
        return self._switch.isChecked()

    def open(self) -> None:
        self._switch.setChecked(True)

    def _toggle(self, is_open: bool) -> None:
        self._switch.setIcon(icon("ph.caret-down" if is_open else "ph.caret-right"))
        self._inside.setVisible(is_open)


def carded(title: str, *parts: QWidget) -> Card:
    """Parts under a title, from the top."""
    card = Card(title)
    for part in parts:
        card.body.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
    card.body.addStretch(1)
    return card


def _fold_style() -> str:
    colors = tokens()
    return (
        f"QToolButton {{ border: 2px solid transparent; border-radius: 7px; padding: 3px 7px 3px 1px;"
        f" color: {colors.text}; background: transparent; }} QToolButton:hover {{ background: {colors.hover}; }}"
        f" QToolButton:focus {{ border-color: {colors.accent}; }}"
    )
