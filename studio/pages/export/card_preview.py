"""CardPreview: the model card as its readers will see it."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QTextBrowser, QWidget

from studio import theme
from studio.translation import tr
from studio.widgets.card import Card

_HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_LEAST_HEIGHT = 360


class CardPreview(Card):
    """README.md of the folder without its front matter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Model card"), tr("README.md, in English: add to it, and choose a licence"), parent)
        self.caption.setMinimumWidth(1)
        self.text = QTextBrowser()
        self.text.setObjectName("modelCard")
        self.text.setAccessibleName(tr("Model card"))
        self.text.setFont(theme.font())
        self.text.setOpenLinks(False)
        self.text.setMinimumHeight(_LEAST_HEIGHT)
        self.body.addWidget(self.text)

    def show_card(self, file: Path) -> None:
        """Nothing where it was taken away since."""
        try:
            card = file.read_text(encoding="utf-8")
        except OSError:
            card = ""
        self.text.setMarkdown(_HEAD.sub("", card))
