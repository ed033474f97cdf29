"""PassageCard: the passage with its answer marked; another one is typed, pasted or opened from a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from engine.records import ReadAnswer
from studio.pages.read.passage_view import PassageView
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox, scrolling

_MOST = 100_000
_LEAST, _HEIGHTEST = 84, 190


class _Sign(QWidget):
    """How the answer, or a weaker candidate, is marked."""

    def __init__(self, *, is_answer: bool) -> None:
        super().__init__()
        self._is_answer = is_answer
        self.setFixedSize(18, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._is_answer:
            painting.box(painter, self.rect().adjusted(0, 2, 0, -2), 3, painting.tinted(tokens().accent, 46))
        else:
            painter.fillRect(0, 8, 18, 2, QColor(tokens().accent))


class PassageCard(Card):
    """`passage_changed(text)` when another one shall be read; `hovered(rank)` of the candidates."""

    passage_changed = Signal(str)
    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Passage"), "", parent)
        self.another = Button(tr("Another passage…"), "plain", "ph.folder-open", "small")
        self.another.setObjectName("anotherPassage")
        self.another.clicked.connect(self._begin)
        self.header.addWidget(self.another)
        self.view = PassageView()
        self.view.hovered.connect(self.hovered)
        self.editor = QPlainTextEdit()
        self.editor.setObjectName("passageText")
        self.editor.setAccessibleName(tr("Passage"))
        self.editor.setPlaceholderText(tr("Type or paste the text that holds the answer, or open a file."))
        self.editor.setTabChangesFocus(True)
        self.editor.setMinimumHeight(120)
        self._file = Button(tr("From a file…"), "plain", "ph.file-text", "small")
        self._file.clicked.connect(self._open)
        self._use = Button(tr("Use this passage"), "primary", None, "small")
        self._use.setObjectName("usePassage")
        self._use.clicked.connect(self._take)
        self._leave = Button(tr("Cancel"), "quiet", None, "small")
        self._leave.clicked.connect(self.show_reading)
        self._stack = QStackedWidget()
        legend = hbox(
            _Sign(is_answer=True), Caption(tr("its answer")), 10, _Sign(is_answer=False),
            Caption(tr("weaker candidates, numbered as in the list")), None, gap=7,
        )  # fmt: skip
        shown, edited = QWidget(), QWidget()
        self._area = scrolling(self.view, tr("Passage"))
        fill(QVBoxLayout(shown), (self._area, 1), legend, gap=6)
        fill(QVBoxLayout(edited), (self.editor, 1), hbox(self._file, None, self._leave, self._use, gap=8), gap=8)
        self._stack.addWidget(shown)
        self._stack.addWidget(edited)
        self.body.addWidget(self._stack)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._context = ""

    @property
    def context(self) -> str:
        """What is read."""
        return self._context

    def set_context(self, context: str) -> None:
        """Read another passage; nothing is emitted."""
        self._context = context
        self.view.set_answer(context, (), is_silent=False)
        self.caption.setText("")
        if context.strip():
            self.show_reading()
        else:
            self._begin()

    def show_answer(self, found: ReadAnswer) -> None:
        if found.context != self._context:
            return
        self.view.set_answer(found.context, found.best, is_silent=found.is_silent)
        count = sum(any(sign.isalnum() for sign in word.text) for word in found.passage_words)
        told = tr("{count:plural:word:words}", count=count)
        read = (
            tr("read in one piece")
            if found.num_windows == 1
            else tr("read in {count:plural:piece:pieces}", count=found.num_windows)
        )
        self.caption.setText(f"{told} · {read}")
        self._fit()

    def show_reading(self) -> None:
        self._stack.setCurrentIndex(0)
        self.another.show()
        self._fit()

    def _begin(self) -> None:
        self.editor.setPlainText(self._context)
        self.editor.selectAll()
        self._leave.setVisible(bool(self._context.strip()))
        self._stack.setCurrentIndex(1)
        self.another.hide()
        self._fit()
        self.editor.setFocus()

    def _take(self) -> None:
        text = self.editor.toPlainText().strip()
        if text:
            self.set_context(text)
            self.passage_changed.emit(text)

    def _open(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("A passage"), "", tr("Texts (*.txt *.md);;All files (*)"))
        if chosen:
            self.editor.setPlainText(Path(chosen).read_text(encoding="utf-8", errors="replace")[:_MOST])

    def _fit(self) -> None:
        """As high as its passage, within bounds; a longer one scrolls."""
        wanted = self.view.heightForWidth(max(200, self._area.viewport().width()))
        height = min(max(wanted + 2, _LEAST), _HEIGHTEST)
        self._area.setFixedHeight(height)
        self._stack.setFixedHeight(height + 26 if self._stack.currentIndex() == 0 else _HEIGHTEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
