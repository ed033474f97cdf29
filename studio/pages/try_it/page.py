"""TryPage: what does it say of a text of mine? One text as it is typed, or a whole file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engine.errors import AttuneError
from studio.pages.file_card import FileCard
from studio.pages.page import Page
from studio.pages.page_header import PageHeader
from studio.pages.try_it.answer_card import AnswerCard
from studio.pages.try_it.asking import Asking
from studio.pages.try_it.earlier_card import EarlierCard
from studio.pages.try_it.reading import sentence
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, panel, scrolling, set_wide, vbox
from studio.widgets.text_bar import TextBar, examples, notices
from studio.widgets.veil import Veil
from studio.workers.query import MakeWorker
from studio.workers.run_book import RunBook

_WIDE = 900
_RIGHT = 400
_LEAST_LINES, _MOST_LINES = 4, 12
_PATIENCE_MS = 300


class TryPage(Page):
    """`attention_requested(text)`: see where it looks; `training_requested(path)`: the run has nothing to answer with
    yet."""

    attention_requested = Signal(str)
    training_requested = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent, urgent=("answer",))
        self._asking = Asking(book, self._asker, self)
        self._slow = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._slow.timeout.connect(lambda: self._header.say(tr("Reading …")))
        self._build()
        self._lay_out()
        self._listen()

    @property
    def path(self) -> Path | None:
        return self._asking.path

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

    def take_text(self, text: str) -> None:
        """Ask about another text."""
        self._text.set_text(text)

    def state(self) -> dict[str, Any]:
        return {**super().state(), "text": self._text.text()}

    def restore(self, state: dict[str, Any]) -> None:
        self._text.set_text(str(state.get("text", "")))
        super().restore(state)

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._header = PageHeader(tr("Try it"), "trySentence")
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
        self._answer.header.addWidget(self._next)
        left = vbox(self._text, self._answer, None, gap=GAP)
        self._right = panel(vbox(self._files, self._earlier, None, gap=GAP))
        self._columns = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight), (left, 1), self._right, gap=GAP)
        self._stack = QStackedWidget()
        self._stack.addWidget(scrolling(self._columns))
        self._stack.addWidget(self._nothing)
        margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        fill(QVBoxLayout(self), self._header, self._banner, 6, (self._stack, 1), gap=6, margins=margins)

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

    def follow(self) -> None:
        """A better checkpoint answers anew."""
        self._ask()

    def _show(self) -> None:
        current, has_text = self._asking.current, bool(self._text.text().strip())
        self._stack.setCurrentIndex(0 if self._asking.step is not None else 1)
        self._answer.setVisible(current is not None and has_text)
        self._next.setEnabled(has_text and current is not None)
        self._earlier.show_tried(self._asking.tried)
        if current is None or not has_text:
            self._text.set_notices([])
            self._header.say(tr("Type a text, or drop a file: every answer comes with how sure it is."))
            return
        self._answer.show_answer(current, is_measuring=self._asking.is_measuring)
        self._text.set_notices(notices(current.record))
        if not self._slow.isActive():
            self._header.say(sentence(current.prediction))
        self._veil.draw(current.asked.text != self._text.text() or self._asking.is_old)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        set_wide(self._columns, self.width() >= _WIDE, self._right, min(_RIGHT, self.width() // 3), _RIGHT)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._text.editor.setFocus()
        self._ask()
