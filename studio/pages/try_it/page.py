"""TryPage: what does it say of a text of mine? One text as it is typed, or a whole file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from engine.errors import AttuneError
from studio.pages.try_it.answer_card import AnswerCard
from studio.pages.try_it.asking import Asking
from studio.pages.try_it.earlier_card import EarlierCard
from studio.pages.try_it.file_card import FileCard
from studio.pages.try_it.reading import sentence
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.examples import examples
from studio.widgets.labels import Heading
from studio.widgets.notices import notices
from studio.widgets.text_bar import TextBar
from studio.widgets.veil import Veil
from studio.workers.latest_worker import Verb
from studio.workers.query import Asker, Worker
from studio.workers.run_book import RunBook

_WIDE = 900
_RIGHT = 400
_LEAST_LINES, _MOST_LINES = 4, 12
_PATIENCE_MS = 300


class TryPage(QWidget):
    """`attention_requested(text)`: see where it looks; `training_requested(path)`: the run has nothing to answer with
    yet."""

    attention_requested = Signal(str)
    training_requested = Signal(object)

    def __init__(
        self, book: RunBook, make_worker: Callable[[Verb], Worker] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._book = book
        self._asker = Asker(make_worker, self, urgent=("answer",))
        self._asking = Asking(book, self._asker, self)
        self._slow = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._slow.timeout.connect(lambda: self._sentence.setText(tr("Reading …")))
        self._build()
        self._lay_out()
        self._listen()

    def show_run(self, path: Path) -> None:
        """Ask another run or model. Raises InputError when the folder holds none."""
        entry = self._book.entry(path)
        if path != self._asking.path:
            self._asking.look_at(path)
            self._files.stop()  # a file that is being answered goes on only as long as its run is shown
            self._banner.clear()
        texts = examples(entry.history, entry.config)
        self._text.set_examples(texts)
        if not self._text.text().strip() and texts:
            self._text.set_text(texts[0])
        self._ask()
        self._show()

    def state(self) -> dict[str, Any]:
        """What a page built anew needs to show the same."""
        return {"path": str(self._asking.path) if self._asking.path else None, "text": self._text.text()}

    def restore(self, state: dict[str, Any]) -> None:
        self._text.set_text(str(state.get("text", "")))
        if state.get("path"):
            self.show_run(Path(state["path"]))

    def close_workers(self) -> None:
        """No more answers; those under way are dropped."""
        self._asker.close()

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._sentence = QLabel()
        self._sentence.setObjectName("trySentence")
        self._sentence.setProperty("kind", "second")
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._banner = ErrorBanner()
        self._text = TextBar(tr("Text to try"), _LEAST_LINES, _MOST_LINES)
        self._text.editor.setObjectName("tryText")
        self._next = Button(tr("Next text"), "plain", "ph.arrow-right", size="small")
        self._next.setObjectName("nextText")
        self._next.setToolTip(tr("Keep this one below and begin another (Ctrl+Enter)"))
        self._answer, self._earlier = AnswerCard(), EarlierCard()
        self._veil = Veil(self._answer)
        self._files = FileCard(lambda: self._asking.subject, self._asker)
        self._nothing = EmptyState(
            "ph.hourglass",
            tr("Nothing can answer yet"),
            tr("The first checkpoint comes with the first look at validation. Until then the model only learns."),
            tr("See it train"),
        )

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(GAP)
        self._answer.header.addWidget(self._next)
        left.addWidget(self._text)
        left.addWidget(self._answer)
        left.addStretch(1)
        self._right = QWidget()
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self._files)
        right.addWidget(self._earlier)
        right.addStretch(1)
        self._right.setLayout(right)
        content = QWidget()
        content.setObjectName("scrolled")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(GAP)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._right)
        self._scroll = QScrollArea()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(self._nothing)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        whole.setSpacing(6)
        for part in (Heading(tr("Try it"), "page"), self._sentence, self._banner):
            whole.addWidget(part)
        whole.addSpacing(6)
        whole.addWidget(self._stack, 1)

    def _listen(self) -> None:
        self._text.rested.connect(lambda _text: self._ask())
        self._next.clicked.connect(self._begin_next)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._begin_next)
        self._answer.attention_wanted.connect(lambda: self.attention_requested.emit(self._text.text()))
        self._earlier.chosen.connect(self._take_up)
        self._earlier.cleared.connect(self._asking.forget)
        self._files.failed.connect(self._banner.show_error)
        self._files.began.connect(self._banner.clear)
        self._asking.changed.connect(self._on_answered)
        self._asking.failed.connect(self._on_failed)
        self._nothing.acted.connect(lambda: self.training_requested.emit(self._asking.path))
        self._book.advanced.connect(self._on_advanced)

    # -- what the person wants -----------------------------------------------------------------------------------------

    def _ask(self) -> None:
        if not self.isVisible():
            return
        self._asking.ask(self._text.text())
        if self._asking.is_waiting:
            self._slow.start()
        self._show()

    def _begin_next(self) -> None:
        self._asking.keep()
        self._text.set_text("")
        self._text.editor.setFocus()
        self._show()

    def _take_up(self, text: str) -> None:
        self._asking.keep()
        self._text.set_text(text)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _on_answered(self) -> None:
        self._slow.stop()
        self._banner.clear()
        self._show()

    def _on_failed(self, error: AttuneError) -> None:
        self._slow.stop()
        self._banner.show_error(error)
        self._show()

    def _on_advanced(self, path: Path) -> None:
        """A better checkpoint answers anew."""
        if path == self._asking.path and self.isVisible():
            self._ask()

    def _show(self) -> None:
        current, has_text = self._asking.current, bool(self._text.text().strip())
        self._stack.setCurrentIndex(0 if self._asking.step is not None else 1)
        self._answer.setVisible(current is not None and has_text)
        self._next.setEnabled(has_text and current is not None)
        self._earlier.show_tried(self._asking.tried)
        if current is None or not has_text:
            self._text.set_notices([])
            self._sentence.setText(tr("Type a text, or drop a file: every answer comes with how sure it is."))
            return
        self._answer.show_answer(current, is_measuring=self._asking.is_measuring)
        self._text.set_notices(notices(current.record))
        if not self._slow.isActive():
            self._sentence.setText(sentence(current.prediction))
        self._veil.draw(current.asked.text != self._text.text() or self._asking.is_old)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
        self._right.setMaximumWidth(_RIGHT if is_wide else 16_777_215)
        self._right.setMinimumWidth(min(_RIGHT, self.width() // 3) if is_wide else 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._text.editor.setFocus()
        self._ask()
