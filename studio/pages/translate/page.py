"""TranslatePage: a text in, another one out; where words come from, what was weighed, what leaving some out does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engine.config.run import RunConfig
from engine.errors import AttuneError
from engine.records import Decoding
from engine.runs.history import History
from studio.pages.file_card import FileCard
from studio.pages.page import Page
from studio.pages.page_header import PageHeader
from studio.pages.translate.alignment_cards import ArcsCard, MapCard
from studio.pages.translate.asking import Translating
from studio.pages.translate.controls import Controls
from studio.pages.translate.figures_row import FiguresRow, other_run
from studio.pages.translate.masks_card import MasksCard
from studio.pages.translate.sentences import notices, sentence
from studio.pages.translate.trust_card import TrustCard
from studio.pages.translate.weighed_card import WeighedCard
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import language, tr
from studio.widgets.button import Button
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, hbox, panel, scrolling, set_wide, vbox
from studio.widgets.text_bar import TextBar
from studio.widgets.veil import Veil
from studio.workers.query import MakeWorker
from studio.workers.run_book import RunBook

_WIDE, _RIGHT = 980, 376
_MOST_EXAMPLES = 8
_DATES = {
    "en": ("the fourteenth of March, nineteen ninety-eight", "in twenty oh three, on July the tenth"),
    "zh": ("一九九八年三月十四日", "七月十日，二〇〇三年"),
}


class TranslatePage(Page):
    """`training_requested(path)`: the run has nothing to answer with yet; `run_requested(path, stage)`: another run."""

    training_requested = Signal(object)
    run_requested = Signal(object, str)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent, urgent=("translate",))
        self._asking = Translating(book, self._asker, self)
        self._other: Path | None = None
        self._build()
        self._lay_out()
        self._listen()

    @property
    def path(self) -> Path | None:
        return self._asking.path

    def show_run(self, path: Path) -> None:
        """Ask another run. Raises InputError when the folder holds none."""
        entry = self._book.entry(path)
        if path != self._asking.path:
            self._asking.look_at(path)
            self._files.stop()
            self._banner.clear()
            texts = _examples(entry.history, entry.config)
            self._text.set_examples(texts)
            if texts and self._text.text() not in texts:
                self._text.set_text(texts[0])
        self._ask()
        self._show()

    def state(self) -> dict[str, Any]:
        return {**super().state(), "text": self._text.text()}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self._text.set_text(str(state.get("text", "")))

    def follow(self) -> None:
        """A better checkpoint answers anew."""
        self._ask()
        self._show()

    # --- building -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._copy = Button(tr("Copy translation"), "plain", "ph.copy")
        self._copy.setObjectName("copyTranslation")
        self._header = PageHeader(tr("Translate"), "translateSentence", self._copy)
        self._banner = ErrorBanner()
        self._text = TextBar(tr("Text to translate"))
        self._text.editor.setObjectName("translateText")
        self._translate = Button(tr("Translate"), "primary", "ph.translate")
        self._translate.setObjectName("translateNow")
        self._translate.setToolTip(tr("Ask at once (Ctrl+Return); the answer also follows as you type"))
        self._controls = Controls()
        self._files = FileCard(lambda: self._book.entry(self.path).subject, self._asker)
        self._arcs, self._weighed = ArcsCard(), WeighedCard()
        self._figures, self._map, self._masks, self._trust = FiguresRow(), MapCard(), MasksCard(), TrustCard()
        self._nothing = EmptyState(
            "ph.hourglass",
            tr("Nothing can answer yet"),
            tr("The first checkpoint comes with the first look at validation. Until then the model only learns."),
            tr("See it train"),
        )

    def _lay_out(self) -> None:
        left = panel(vbox(self._arcs, self._weighed, None, gap=GAP))
        self._answers = panel(vbox(self._map, self._masks, gap=GAP))
        self._right = panel(vbox(self._figures, self._answers, self._trust, self._files, None, gap=GAP))
        self._veils = (Veil(left), Veil(self._answers))
        self._columns = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight), (left, 1), self._right, gap=GAP)
        self._shown = scrolling(self._columns)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._shown)
        self._stack.addWidget(self._nothing)
        typed = hbox((self._text, 1), self._translate, gap=10)
        margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        fill(
            QVBoxLayout(self),
            self._header,
            self._banner,
            6,
            typed,
            self._controls,
            (self._stack, 1),
            gap=6,
            margins=margins,
        )

    def _listen(self) -> None:
        self._files.failed.connect(self._banner.show_error)
        self._files.began.connect(self._banner.clear)
        self._text.rested.connect(lambda _text: self._ask())
        self._translate.clicked.connect(self._ask)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._ask)
        self._copy.clicked.connect(self._take)
        self._controls.changed.connect(self._choose)
        self._arcs.pointed.connect(self._map.look_at)
        self._map.pointed.connect(self._arcs.look_at)
        self._arcs.went_on.connect(self._asking.go_on_from)
        self._arcs.undone.connect(self._asking.undo)
        self._arcs.left_out.connect(self._leave_out)
        self._arcs.other_run_wanted.connect(self._open_other)
        self._masks.pressed.connect(self._leave_out)
        self._masks.pointed.connect(self._look_at_source)
        self._weighed.taken.connect(self._asking.go_on_from)
        self._weighed.worth.wanted.connect(self._asking.measure_search)
        self._weighed.worth.stopped.connect(self._asking.stop_measuring)
        self._asking.changed.connect(self._show)
        self._asking.failed.connect(self._on_failed)
        self._nothing.acted.connect(lambda: self.training_requested.emit(self._asking.path))

    # --- what the person wants --------------------------------------------------------------------------------------

    def _ask(self) -> None:
        if self.isVisible():
            self._asking.ask(self._text.text())

    def _choose(self, decoding: Decoding) -> None:
        self._asking.choose(decoding)
        self._ask()

    def _take(self) -> None:
        if self._asking.found is not None:
            QApplication.clipboard().setText(self._asking.found.text)

    def _leave_out(self, word: int) -> None:
        found = next((one for one in self._asking.left_out if one.word == word), None)
        self._arcs.show_left_out(None if word < 0 else word, found)

    def _look_at_source(self, word: int) -> None:
        place = None if word < 0 else ("source", word)
        self._arcs.look_at(place)  # type: ignore[arg-type]
        self._map.look_at(place)  # type: ignore[arg-type]

    def _open_other(self) -> None:
        if self._other is not None:
            self.run_requested.emit(self._other, "translate")

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _on_failed(self, error: AttuneError) -> None:
        self._banner.show_error(error)
        self._show()

    def _show(self) -> None:
        asking, has_text = self._asking, bool(self._text.text().strip())
        self._stack.setCurrentIndex(0 if asking.step is not None else 1)
        found = asking.found
        has_answer = found is not None and has_text
        for one in (self._arcs, self._weighed, self._answers):
            one.setVisible(has_answer)
        self._copy.setEnabled(has_answer)
        if asking.path is not None and asking.step is not None:
            entry = self._book.entry(asking.path)
            self._figures.show_run(self._book, entry)
        if found is None or not has_text:
            self._text.set_notices([])
            self._header.say(tr("Type a text: it is written anew as you type."))
            return
        if asking.error is None:
            self._banner.clear()
        self._header.say(sentence(found))
        self._text.set_notices(notices(found))
        self._text.count.setText(tr("{count:plural:token:tokens}", count=found.num_tokens))
        self._controls.about.setText(
            tr("Checkpoint of step {step} · {seconds} s", step=f"{found.step:,}", seconds=f"{found.seconds:.2f}")
        )
        if found.alignment is None and asking.path is not None:
            self._other = other_run(self._book, self._book.entry(asking.path), wanted=True)
        self._arcs.show_found(found, len(asking.prefixes), self._other is not None)
        self._weighed.show_found(found)
        self._weighed.worth.show_worth(asking.worth, asking.worth_progress, asking.is_measuring)
        if self._map.map.aligned.target != tuple(word.text for word in found.words) or not self._map.isVisible():
            self._map.show_found(found)
        self._masks.show_left_out(found, asking.left_out, asking.is_masking)
        self._trust.show_trust(asking.trust)
        if asking.trust is None and found.alignment is not None:
            asking.check_alignment()
        for veil in self._veils:
            veil.draw(asking.is_old)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        set_wide(self._columns, self.width() >= _WIDE, self._right, min(_RIGHT, self.width() // 3), _RIGHT)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._text.editor.setFocus()
        self._ask()
        self._show()


def _examples(history: History, config: RunConfig) -> list[str]:
    """Texts that were answered while it learned, then dates where it learned those; none twice."""
    answered = history.answered
    texts = [str(row["read"][0]) for row in answered[len(answered) - 1].rows if row["read"]] if len(answered) else []
    if not any(texts) and config.data.train == "builtin":
        texts = list(_DATES[language()])
    return list(dict.fromkeys(text for text in texts if text))[:_MOST_EXAMPLES]
