"""CardPreview: the model card as its readers will see it."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextTable
from PySide6.QtWidgets import QTextBrowser, QWidget

from studio import theme
from studio.translation import tr
from studio.widgets.card import Card

_HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_LEAST_HEIGHT = 360
_SIZES = {1: theme.PAGE_TITLE, 2: theme.CARD_TITLE}
_ABOVE, _BELOW, _CELL = 14, 5, 4


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
        block = self.text.document().begin()
        while block.isValid():
            _set_out(block)
            block = block.next()
        for frame in self.text.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                shape = frame.format().toTableFormat()
                shape.setCellPadding(_CELL)
                shape.setBorder(0)
                frame.setFormat(shape)


def _set_out(block: QTextBlock) -> None:
    """Markdown comes without air, with headings of a poster's size and code in the system's font."""
    cursor, level = QTextCursor(block), block.blockFormat().headingLevel()
    is_code = block.blockFormat().hasProperty(QTextBlockFormat.Property.BlockCodeLanguage)
    shape, letters = QTextBlockFormat(), QTextCharFormat()
    shape.setTopMargin(_ABOVE if level > 1 else 0)
    shape.setBottomMargin(0 if is_code or cursor.currentTable() else _BELOW)
    cursor.mergeBlockFormat(shape)
    if not level and not is_code:
        return
    letters.setFont(theme.font(_SIZES[level], 600) if level in _SIZES else theme.font(theme.CAPTION, mono=True))
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.setCharFormat(letters)
