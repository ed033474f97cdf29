"""SnippetCard: the few lines that ask the exported model, to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from studio import theme
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card

_THANKS_MS = 1500


class SnippetCard(Card):
    """As high as its lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("How to ask it"), tr("Python"), parent)
        self.text = QPlainTextEdit()
        self.text.setObjectName("snippet")
        self.text.setAccessibleName(tr("How to ask it"))
        self.text.setReadOnly(True)
        self.text.setFont(theme.font(theme.CAPTION, mono=True))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.copy = Button(tr("Copy"), "plain", "ph.copy", size="small")
        self.copy.setObjectName("copySnippet")
        self.copy.clicked.connect(self._copy)
        self._thanks = QTimer(self, interval=_THANKS_MS, singleShot=True)
        self._thanks.timeout.connect(lambda: self._label(tr("Copy"), "ph.copy"))
        self.header.addWidget(self.copy)
        self.body.addWidget(self.text)

    def show_snippet(self, snippet: str) -> None:
        self.text.setPlainText(snippet.strip())
        lines = self.text.blockCount()
        room = 2 * round(self.text.document().documentMargin()) + 18  # padding, and the bar of long lines
        self.text.setFixedHeight(lines * QFontMetrics(self.text.font()).lineSpacing() + room + 10)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText() + "\n")
        self._label(tr("Copied"), "ph.check")
        self._thanks.start()

    def _label(self, words: str, icon: str) -> None:
        self.copy.setText(words)
        self.copy.set_icon(icon)
