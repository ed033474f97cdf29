"""ReadPage: what does it answer to my question about my passage, how sure is it, and why?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import BatchPredicted, Progress
from studio.numbers import number, percent
from studio.pages.page import Page
from studio.pages.page_header import PageHeader
from studio.pages.read.answer_card import AnswerCard
from studio.pages.read.asking import Reading
from studio.pages.read.examples import Example, examples_of
from studio.pages.read.map_card import MapCard
from studio.pages.read.passage_card import PassageCard
from studio.pages.read.question_bar import QuestionBar
from studio.pages.read.sentences import sentence
from studio.pages.read.tiles import FigureTiles
from studio.pages.read.trust_card import TrustCard
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, panel, scrolling, set_wide, vbox
from studio.widgets.veil import Veil
from studio.workers.query import MakeWorker, Query
from studio.workers.run_book import RunBook

_WIDE, _RIGHT = 900, 376
_PATIENCE_MS = 300
_SHARE = 0.1
"""Of the questions without an answer so many may get one, where that is promised."""


class ReadPage(Page):
    """`training_requested(path)`: the run has nothing to answer with yet."""

    training_requested = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent, urgent=("answer",))
        self._reading = Reading(book, self._asker, self)
        self._examples: tuple[Example, ...] = ()
        self._slow = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._slow.timeout.connect(self._show)
        self._build()
        self._lay_out()
        self._listen()

    @property
    def path(self) -> Path | None:
        return self._reading.path

    def show_run(self, path: Path) -> None:
        """Ask another run. Raises InputError when the folder holds none."""
        self._book.entry(path)
        if path != self._reading.path:
            self._reading.look_at(path)
            self._banner.clear()
            self._asker.stop("predict_file")
            self._examples = examples_of(None)
        self._ask()
        self._show()

    def state(self) -> dict[str, Any]:
        return {**super().state(), "question": self._bar.question, "context": self._passage.context}

    def restore(self, state: dict[str, Any]) -> None:
        self._bar.line.setText(str(state.get("question", "")))
        if str(state.get("context", "")).strip():
            self._passage.set_context(str(state["context"]))
        super().restore(state)

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._file = Button(tr("Ask a whole file…"), "quiet", "ph.files")
        self._file.setObjectName("askFile")
        self._copy = Button(tr("Copy answer"), "plain", "ph.copy")
        self._copy.setObjectName("copyAnswer")
        self._header = PageHeader(tr("Read"), "readSentence", self._file, self._copy)
        self._banner = ErrorBanner()
        self._bar, self._passage, self._map = QuestionBar(), PassageCard(), MapCard()
        self._answer, self._tiles, self._trust = AnswerCard(), FigureTiles(), TrustCard()
        self._veils = [Veil(self._answer), Veil(self._passage.view), Veil(self._map)]
        self._nothing = EmptyState(
            "ph.hourglass",
            tr("Nothing can answer yet"),
            tr("The first checkpoint comes with the first look at validation. Until then the model only learns."),
            tr("See it train"),
        )

    def _lay_out(self) -> None:
        left = vbox(self._passage, self._map, None, gap=GAP)
        self._right = panel(vbox(self._answer, self._tiles, self._trust, None, gap=GAP))
        self._columns = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight), (left, 1), self._right, gap=GAP)
        inside = vbox(self._bar, (self._columns, 1), gap=8)
        self._stack = QStackedWidget()
        self._area = scrolling(inside)
        self._stack.addWidget(self._area)
        self._stack.addWidget(self._nothing)
        margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        fill(QVBoxLayout(self), self._header, self._banner, 4, (self._stack, 1), gap=6, margins=margins)

    def _listen(self) -> None:
        self._bar.asked.connect(lambda _question: self._ask())
        self._bar.masked.connect(self._ask_without)
        self._bar.stopped.connect(self._reading.stop)
        self._bar.example_chosen.connect(lambda place: self._ask_example(self._examples[place]))
        self._passage.passage_changed.connect(lambda _text: self._ask())
        self._passage.hovered.connect(self._light)
        self._answer.hovered.connect(self._light)
        self._answer.promise_wished.connect(lambda: self._reading.promise(_SHARE))
        self._reading.changed.connect(self._show)
        self._reading.examples_came.connect(self._ask)
        self._reading.failed.connect(self._on_failed)
        self._copy.clicked.connect(self._copy_answer)
        self._file.clicked.connect(self._ask_file)
        self._nothing.acted.connect(lambda: self.training_requested.emit(self._reading.path))

    # -- what the person wants -----------------------------------------------------------------------------------------

    def _ask(self, masked: tuple[int, ...] = ()) -> None:
        if not self.isVisible() or self._reading.path is None:
            return
        self._banner.clear()
        self._reading.ask_examples()
        self._begin_with_example()
        self._reading.ask(self._bar.question, self._passage.context, masked)
        if self._reading.is_waiting:
            self._slow.start()

    def _begin_with_example(self) -> None:
        """One of the run's own questions, as soon as they are there, unless the person has a passage already."""
        if not self._passage.context.strip() and not self._reading.awaits_examples:
            self._take_example(examples_of(self._reading.examples)[0])

    def _ask_without(self, masked: tuple[int, ...]) -> None:
        self._ask(masked)

    def _ask_example(self, one: Example) -> None:
        self._take_example(one)
        self._ask()

    def _take_example(self, one: Example) -> None:
        self._passage.set_context(one.context)
        self._bar.line.setText(one.question)

    def _light(self, rank: int) -> None:
        """List and passage light each other."""
        self._answer.best.set_current(rank)
        self._passage.view.set_current(rank)

    def _copy_answer(self) -> None:
        found = self._reading.answer
        if found is not None and found.said is not None:
            QGuiApplication.clipboard().setText(found.said.text)

    def _ask_file(self) -> None:
        if self._asker.is_asking("predict_file"):
            self._asker.stop("predict_file")
            self._file.setText(tr("Ask a whole file…"))
            return
        source, _ = QFileDialog.getOpenFileName(self, tr("Questions with their passages"))
        if not source:
            return
        out, _ = QFileDialog.getSaveFileName(self, tr("Where the answers go"), "answers.csv", "CSV (*.csv)")
        if out:
            self.answer_file(source, Path(out))

    def answer_file(self, source: str, out: Path) -> None:
        """Every question of a file gets its answer, in a table."""
        query = Query("predict_file", (self._reading.path, source, out), self._reading.subject, source, out)
        query.options["for_spreadsheets"] = True
        told = query.success(self._file_done).failure(self._file_failed)
        told.on_progress = self._file_progress
        self._asker.ask(told, "predict_file")
        self._file.setText(tr("Stop"))

    def _file_progress(self, progress: Progress) -> None:
        share = progress.done / max(1, progress.total)
        self._file.setText(tr("Stop ({share})", share=percent(share, 0)))

    def _file_done(self, found: BatchPredicted) -> None:
        self._file.setText(tr("Ask a whole file…"))
        self._header.say(
            tr(
                "{count:plural:question:questions} answered, {silent} stayed without an answer: {file}",
                count=found.num_rows,
                silent=number(found.num_abstained + found.num_blank),
                file=found.path.name,
            ),
            ("ph.check-circle", "ok"),
        )

    def _file_failed(self, error: AttuneError) -> None:
        self._file.setText(tr("Ask a whole file…"))
        self._banner.show_error(error)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _on_failed(self, error: AttuneError) -> None:
        self._slow.stop()
        self._banner.show_error(error)
        self._show()

    def follow(self) -> None:
        """A better checkpoint answers anew."""
        self._ask(self._bar.chips.masked)
        self._show()

    def _show(self) -> None:
        reading = self._reading
        self._stack.setCurrentIndex(0 if reading.has_checkpoint else 1)
        self._examples = examples_of(reading.examples)
        self._bar.set_examples([one.question for one in self._examples])
        is_slow = reading.is_waiting and not self._slow.isActive()
        self._bar.show_asking(is_slow)
        if reading.path is not None and reading.has_checkpoint:
            self._tiles.show_run(self._book.entry(reading.path), self._book, reading.examples)
        found = reading.answer
        for card in (self._answer, self._map):
            card.setVisible(found is not None)
        self._copy.setEnabled(found is not None and found.said is not None)
        self._trust.setVisible(found is not None and bool(found.maps) and found.said is not None)
        for veil in self._veils:
            veil.draw(reading.is_waiting or self._is_old)
        if found is None:
            self._header.say(tr("Type a question and a passage: the answer is marked where it stands."))
            return
        self._bar.chips.set_words([word.text for word in found.question_words], found.masked)
        losses = reading.losses
        fits = losses is not None and not found.masked and len(losses.losses) == len(found.question_words)
        self._bar.chips.set_scores(losses.losses if losses is not None and fits else None)
        self._passage.show_answer(found)
        self._answer.show_answer(found, is_promising=reading.is_promising)
        self._map.show_answer(found)
        self._fit_map()
        self._trust.show_trust(reading.trust, reading.trust_error)
        if is_slow:
            self._header.say(tr("Reading …"))
        else:
            sign = ("ph.check-circle", "ok") if found.said else ("ph.prohibit", "text2")
            self._header.say(sentence(found, losses if fits else None), sign)

    @property
    def _is_old(self) -> bool:
        """Whether the answer is not that to what stands in the fields."""
        asked = self._reading.asked
        return asked is not None and (asked.question, asked.context) != (self._bar.question, self._passage.context)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        set_wide(self._columns, self.width() >= _WIDE, self._right, min(_RIGHT, self.width() // 3), _RIGHT)
        self._fit_map()

    def _fit_map(self) -> None:
        """The answer, where it stands and its picture on one screen: the map takes what the passage leaves."""
        above = self._bar.sizeHint().height() + self._passage.sizeHint().height() + 8 + GAP
        self._map.set_most_height(self._area.viewport().height() - above)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask(self._bar.chips.masked)
        self._show()
