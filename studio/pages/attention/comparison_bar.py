"""SecondBar: what the first answer is compared with, what that one says, and a text of its own where it has one."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from engine.records import AttentionRecord
from studio.pages.attention.comparison_model import Other
from studio.pages.attention.sentences import answer_words
from studio.theme import font
from studio.translation import tr
from studio.widgets.button import IconButton
from studio.widgets.labels import ElidingLabel

_REST_MS = 60


class ComparisonBar(QFrame):
    """`text_changed(text)` once nobody has typed for a moment; `closed` ends the comparison."""

    text_changed = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.name = ElidingLabel()
        self.name.setFont(font(13, 600))
        self.name.setObjectName("secondName")
        self.editor = QLineEdit()
        self.editor.setObjectName("secondText")
        self.editor.setAccessibleName(tr("Second text"))
        self.editor.setPlaceholderText(tr("Type or paste the text to compare with"))
        self.editor.setFont(font(15))
        self.says = ElidingLabel()
        self.says.setObjectName("secondSays")
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(lambda: self.text_changed.emit(self.editor.text()))
        self.editor.textEdited.connect(lambda _text: self._rest.start())
        close = IconButton("ph.x", tr("End the comparison"))
        close.setObjectName("endComparison")
        close.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(12)
        mark = QLabel("B")
        mark.setFont(font(13, 700))
        row.addWidget(mark)
        row.addWidget(self.name, 1)
        row.addWidget(self.editor, 3)
        row.addWidget(self.says, 1)
        row.addWidget(close)
        self.hide()

    def show_other(self, other: Other | None, name: str) -> None:
        """None hides the bar."""
        self.setVisible(other is not None)
        if other is None:
            return
        has_text = other.text is not None
        self.name.setText(name)
        self.name.setVisible(not has_text)
        self.editor.setVisible(has_text)
        if has_text and self.editor.text() != other.text:
            self.editor.setText(other.text or "")

    def show_record(self, record: AttentionRecord | None) -> None:
        if record is None or not record.has_answer:
            self.says.setText("")
            return
        self.says.setText(tr("B says {answer}", answer=answer_words(record.prediction)))
