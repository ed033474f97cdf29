"""TextBar: the text that the model shall read, growing with what is pasted, and examples to begin with."""

from __future__ import annotations

import math

from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from engine.config.run import RunConfig
from engine.records import AttentionRecord
from engine.runs.history import History
from studio.theme import font, icon, tokens
from studio.translation import language, tr
from studio.widgets.button import Button
from studio.widgets.labels import Caption

_REST_MS = 20
_BURST_MS = 100
_MOST_LINES = 4
_MARGIN = 5
_EXAMPLE_LENGTH = 90


class TextBar(QFrame):
    """`typed` at every change; `rested` tells the text: at once after a pause, as nothing is being read then, and once
    nobody has typed for 20 ms within a burst."""

    typed = Signal()
    rested = Signal(str)

    def __init__(
        self, name: str, least_lines: int = 1, most_lines: int = _MOST_LINES, parent: QWidget | None = None
    ) -> None:
        """`name` for a screen reader; it is high enough for `least_lines` and grows to `most_lines`."""
        super().__init__(parent)
        self.setObjectName("card")
        self.editor = _GrowingEditor(name, least_lines, most_lines)
        self.count = Caption()
        self.count.setProperty("kind", "second")
        self.notice = Caption(wrap=True)
        self.notice.setProperty("kind", "warn")
        self.notice.setObjectName("readingNotice")
        self.notice.hide()
        self._examples = Button(tr("Examples"), "quiet", "ph.list-bullets", size="small")
        self._examples.setObjectName("examples")
        self._menu = QMenu(self._examples)
        self._examples.clicked.connect(self._open_menu)
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._tell_rested)
        self._since_change = QElapsedTimer()
        self.editor.textChanged.connect(self._note_change)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 7, 10, 7)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(10)
        sign = QLabel()
        sign.setPixmap(icon("ph.text-t", tokens().text3).pixmap(18, 18))
        place = Qt.AlignmentFlag.AlignVCenter if self.editor.is_single_line else Qt.AlignmentFlag.AlignTop
        sign.setContentsMargins(0, 0 if self.editor.is_single_line else 6, 0, 0)
        row.addWidget(sign, 0, place)
        row.addWidget(self.editor, 1)
        row.addWidget(self.count)
        row.addWidget(self._examples, 0, place)
        column.addLayout(row)
        column.addWidget(self.notice)

    def _note_change(self) -> None:
        is_burst = self._since_change.isValid() and self._since_change.elapsed() < _BURST_MS
        self._since_change.start()
        self.typed.emit()
        self._rest.start(_REST_MS if is_burst else 0)

    def _tell_rested(self) -> None:
        self.rested.emit(self.text())

    def text(self) -> str:
        return self.editor.toPlainText()

    def set_text(self, text: str) -> None:
        """Put a text in, as a step that can be undone; it is asked about like a typed one."""
        cursor = self.editor.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.editor.setTextCursor(cursor)

    def replace(self, start: int, end: int, words: str) -> str:
        """Other words in the place of some characters, as a step that can be undone; returns the text."""
        text = self.text()
        if not words and text[start - 1 : start].isspace():
            start -= 1  # a word goes with the space before it
        elif not words and start == 0 and text[end : end + 1].isspace():
            end += 1  # the first one with the space behind it
        cursor = self.editor.textCursor()
        cursor.setPosition(_place(text, start))
        cursor.setPosition(_place(text, end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(words)
        return self.text()

    def set_examples(self, texts: list[str]) -> None:
        self._menu.clear()
        for text in texts:
            line = " ".join(text.split())
            short = line if len(line) <= _EXAMPLE_LENGTH else line[:_EXAMPLE_LENGTH] + "…"
            action = self._menu.addAction(short.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, chosen=text: self.set_text(chosen))
        self._examples.setVisible(bool(texts))

    def set_notices(self, notices: list[str]) -> None:
        self.notice.setText(" ".join(notices))
        self.notice.setVisible(bool(notices))

    def _open_menu(self) -> None:
        self._menu.popup(self._examples.mapToGlobal(self._examples.rect().bottomLeft()))


def _place(text: str, index: int) -> int:
    """A character's place as Qt counts it: signs beyond the basic plane (emoji) take two."""
    return len(text[:index].encode("utf-16-le")) // 2


class _GrowingEditor(QPlainTextEdit):
    """One line high, up to some for a longer text; Tab moves on, as this is a field and not a document."""

    def __init__(self, name: str, least_lines: int, most_lines: int) -> None:
        super().__init__()
        self._least_lines, self._most_lines = least_lines, most_lines
        self.setAccessibleName(name)
        self.setPlaceholderText(tr("Type or paste a text; the answer follows as you type"))
        self.setFont(font(15))
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QPlainTextEdit { background: transparent; border: none; padding: 0; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(0, _MARGIN, 0, _MARGIN)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    @property
    def is_single_line(self) -> bool:
        """While nothing long is in it."""
        return self._least_lines == 1

    def _grow(self) -> None:
        """The layout counts in lines; Chinese ones are higher than the font says."""
        num_lines = min(self._most_lines, max(self._least_lines, round(self.document().size().height())))
        line = self.document().firstBlock().layout().lineAt(0)
        height = line.height() if line.isValid() else QFontMetricsF(self.font()).height()
        is_long = self.document().size().height() > self._most_lines
        scroll_bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_long else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(scroll_bar)
        self.setFixedHeight(math.ceil(num_lines * height) + 2 * _MARGIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """It scrolled to the cursor while it was still lower; all lines have room now."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._grow()
        if self.document().size().height() <= self._most_lines:
            self.verticalScrollBar().setValue(0)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.minimumHeight())


def notices(record: AttentionRecord) -> list[str]:
    """One sentence each: words that were cut off, or that the model does not know."""
    found = []
    if record.truncated:
        found.append(
            tr(
                "The text is longer than the model reads: the last {count:plural:token was:tokens were} cut off.",
                count=record.truncated,
            )
        )
    if record.unknown:
        found.append(tr("{count:plural:word is:words are} unknown to the model.", count=record.unknown))
    return found


_MOST = 8
_BUILTIN = {
    "en": (
        "The room was not clean at all, but the breakfast was wonderful and I would come again.",
        "I expected little, and even that was too much.",
        "Not bad at all: quick, quiet and cheap.",
    ),
    "zh": (
        "房间一点也不干净，但是早餐非常好，我还会再来。",
        "我本来期望不高，结果还是失望了。",
        "一点也不差：快、安静、便宜。",
    ),
}


def examples(history: History, config: RunConfig) -> list[str]:
    """Probe texts first, then the person's own, then a few built-in reviews; none twice."""
    texts = [str(probe["text"]) for probe in history.captures[-1].probes if "text" in probe] if history.captures else []
    texts += config.training.probes
    if not texts:
        texts += _BUILTIN[language()]
    return list(dict.fromkeys(texts))[:_MOST]
