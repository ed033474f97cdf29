"""WritePage: what would it write on here, how sure was it of each word, and how surprising is a text of mine?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import Copied, Distribution, LookedAt, Progress, Surprise, WritingFigures, Written
from studio.pages.file_card import FileCard
from studio.pages.page import Page
from studio.pages.page_header import PageHeader
from studio.pages.write.choosing import ChoosingCard
from studio.pages.write.left_card import LeftCard
from studio.pages.write.looked_card import LookedCard
from studio.pages.write.openings import openings
from studio.pages.write.session import Session, Text
from studio.pages.write.text_card import READ, TextCard
from studio.pages.write.tiles import FigureTiles
from studio.pages.write.words import sentence
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, panel, scrolling, set_wide, vbox
from studio.workers.query import MakeWorker, Query
from studio.workers.run_book import AnsweringCheckpoint, RunBook, answering_checkpoint

_WIDE = 980
_RIGHT = 330
_POINTING_MS = 120


class WritePage(Page):
    """`training_requested(path)`: the run has learned nothing yet that could write."""

    training_requested = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent, urgent=("write", "surprise"))
        self._session, self._read = Session(), Text()
        self._figures: WritingFigures | None = None
        self._checkpoint: AnsweringCheckpoint | None = None
        self._num_asked, self._is_editing = 0, True
        self._written: Written | None = None
        self._pinned: int | None = None
        self._pointing = QTimer(self, interval=_POINTING_MS, singleShot=True)
        self._build()
        self._lay_out()
        self._listen()
        self._show()

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.save = Button(tr("Save text…"), "plain", "ph.export")
        self._header = PageHeader(tr("Write"), "writeSentence", self.save)
        self._banner = ErrorBanner()
        self.tiles, self.card = FigureTiles(), TextCard()
        self.choosing, self.left, self.looked = ChoosingCard(), LeftCard(), LookedCard()
        self._files = FileCard(lambda: self._book.entry(self.path).subject, self._asker)
        self._nothing = EmptyState(
            "ph.hourglass",
            tr("Nothing can write yet"),
            tr("The first checkpoint comes with the first look at validation. Until then the model only learns."),
            tr("See it train"),
        )

    def _lay_out(self) -> None:
        left = vbox(self.card, self.looked, None, gap=GAP)
        self._right = panel(vbox(self.choosing, self.left, self._files, None, gap=GAP))
        self._columns = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight), (left, 1), self._right, gap=GAP)
        self._stack = QStackedWidget()
        self._stack.addWidget(scrolling(vbox(self.tiles, self._columns, gap=GAP)))
        self._stack.addWidget(self._nothing)
        margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        fill(QVBoxLayout(self), self._header, self._banner, 6, (self._stack, 1), gap=6, margins=margins)

    def _listen(self) -> None:
        self._files.failed.connect(self._banner.show_error)
        self._files.began.connect(self._banner.clear)
        self.card.mode_changed.connect(self._change_mode)
        self.card.typed.connect(self._take_typed)
        self.card.undo_wished.connect(self._undo)
        self.card.opening_chosen.connect(self._begin_with)
        self.card.text.pointed.connect(self._point)
        self.card.text.pinned.connect(self._pin)
        self.card.text.prompt_clicked.connect(self._edit_beginning)
        self.card.margin.panel.rows.chosen.connect(self._write_from)
        self.choosing.write_wished.connect(self.write_on)
        self.choosing.stop_wished.connect(self.stop_writing)
        self.choosing.changed.connect(self._show_settings)
        self._pointing.timeout.connect(self._ask_distribution)
        self.save.clicked.connect(self._save)
        self._nothing.acted.connect(lambda: self.training_requested.emit(self.path))
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.write_on)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.stop_writing)

    # -- which run -----------------------------------------------------------------------------------------------------

    def show_run(self, path: Path) -> None:
        """Raises InputError when the folder holds none."""
        entry = self._book.entry(path)
        if path != self._path:
            self._path = path
            self._session, self._read, self._figures, self._written = Session(), Text(), None, None
            self._pinned, self._is_editing = None, True
            self._asker.forget("write", "surprise", "looked_at", "distribution", "writing_figures", "copied")
            self._files.stop()
            self._banner.clear()
            self.card.set_typed("")
            self.card.show_openings(openings(entry.history))
            self.tiles.show_copied(None)
            self.looked.show_nothing()
        self.follow()

    def follow(self) -> None:
        """A better checkpoint tells other figures."""
        if self._path is None:
            return
        checkpoint = answering_checkpoint(self._book.entry(self._path))
        if checkpoint != self._checkpoint:
            self._checkpoint = checkpoint
        if self.isVisible():
            self._ask_figures()
        self._show()

    def state(self) -> dict[str, Any]:
        return {**super().state(), "beginning": self._session.text.prompt or self.card.editor.toPlainText()}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        beginning = str(state.get("beginning", ""))
        self._session.begin(beginning)
        self.card.set_typed(beginning)
        self._show()

    # -- writing -------------------------------------------------------------------------------------------------------

    @property
    def is_writing(self) -> bool:
        return self._asker.is_asking("write")

    @property
    def _is_reading(self) -> bool:
        return self.card.mode.current() == READ

    @property
    def text(self) -> Text:
        """What stands there."""
        return self._read if self._is_reading else self._session.text

    def write_on(self) -> None:
        """Behind all that stands there; in a new field behind what was typed."""
        if self._is_reading or self.is_writing or self._checkpoint is None:
            return
        if self._is_editing:
            self._session.begin(self.card.editor.toPlainText())
        self._ask_to_write(self._session.write_on())

    def stop_writing(self) -> None:
        """What was written so far stays."""
        if self.is_writing:
            self._asker.stop("write")
            self._finish()

    def _write_from(self, at: int) -> None:
        place = self.card.text.place
        if place is None or self._is_reading:
            return
        self.stop_writing()
        self._ask_to_write(self._session.write_from(place, self.text.tokens[place].alternatives[at]))

    def _ask_to_write(self, written: Sequence[int]) -> None:
        assert self._path is not None and self._checkpoint is not None
        self._banner.clear()
        self._is_editing, self._pinned, self._written = False, None, None
        self.card.text.point_at(None)
        self._asker.stop("looked_at", "distribution", "copied")
        self.tiles.show_copied(None)
        self.looked.show_nothing()
        self.left.show_distribution(None, -1, "", self.choosing.settings())
        self._num_asked += 1
        run = self._book.entry(self._path).subject
        query = Query(
            "write",
            self._num_asked,
            run,
            self._session.text.prompt,
            self.choosing.settings(),
            tuple(written),
            self._checkpoint.name,
        )
        self._asker.ask(query.progress(self._follow_writing).success(self._take_written).failure(self._fail_writing))
        self._show()

    def _follow_writing(self, progress: Progress) -> None:
        if isinstance(progress.partial, Written):
            self._written = progress.partial
            self._session.take(progress.partial)
            self._show()

    def _take_written(self, found: Written) -> None:
        self._written = found
        self._session.take(found)
        self._finish()

    def _finish(self) -> None:
        """The writing is over: how much of it is copied, and where it looked for the most surprising token."""
        text = self._session.text
        if text.written.strip() and self._path is not None:
            run = self._book.entry(self._path).subject
            query = Query("copied", text.written, run, text.written)
            self._asker.ask(query.success(self._take_copied).failure(lambda _error: self.tiles.show_copied(None)))
        if not text.tokens:
            self._is_editing = True
        self._show()

    def _fail_writing(self, error: AttuneError) -> None:
        self._is_editing = not self._session.text.tokens
        self._banner.show_error(error)
        self._show()

    def _take_copied(self, found: Copied) -> None:
        self.tiles.show_copied(found)

    def _undo(self) -> None:
        self.stop_writing()
        self._session.undo()
        self._is_editing = not self._session.text.tokens
        self.card.set_typed(self._session.text.prompt)
        self._forget_place()
        self._show()

    def _begin_with(self, words: str) -> None:
        self.card.set_typed(words)
        self.setFocus()  # the button that was pressed is gone: its ring shall not wander to another one
        self.write_on()

    def _edit_beginning(self) -> None:
        if self.is_writing or self._is_reading:
            return
        self.card.set_typed(self._session.text.prompt)
        self._is_editing = True
        self._show()
        self.card.editor.setFocus()

    # -- reading -------------------------------------------------------------------------------------------------------

    def _change_mode(self, mode: str) -> None:
        self.stop_writing()
        self._banner.clear()
        self.card.show_mode(mode)
        self._forget_place()
        self.card.set_typed(self._read.prompt or self._read.whole if mode == READ else self._session.text.prompt)
        self._is_editing = mode == READ or not self._session.text.tokens
        self._show()

    def _take_typed(self, words: str) -> None:
        if not self._is_reading:
            self._show()
            return
        if not words.strip() or self._path is None or self._checkpoint is None:
            self._asker.stop("surprise")
            self._read = Text()
            self._forget_place()
            self._show()
            return
        run = self._book.entry(self._path).subject
        query = Query("surprise", (words, self._checkpoint), run, words, self._checkpoint.name)
        self._asker.ask(query.success(self._take_surprise).failure(self._banner.show_error))

    def _take_surprise(self, found: Surprise) -> None:
        self._banner.clear()
        self._read = Text("", (), found.tokens)
        self._forget_place()
        self._show()
        self.card.say(
            tr(
                "{bits} bits a token · perplexity {perplexity} · {characters} bits a character",
                bits=f"{found.bits_per_token:.2f}",
                perplexity=f"{found.perplexity:.3g}",
                characters=f"{found.bits_per_character:.2f}",
            ),
            _unknown_words(found.unknown, found.num_unseen),
        )

    # -- one token -----------------------------------------------------------------------------------------------------

    def _point(self, place: int) -> None:
        if self._pinned is None or place != self._pinned:
            self._show_token(place)

    def _pin(self, place: int) -> None:
        self._pinned = place
        self._show_token(place)
        if self._is_reading or self.is_writing or self._path is None or self._checkpoint is None:
            return
        ids = (*self.text.ids_before(place), self.text.tokens[place].token_id)
        run = self._book.entry(self._path).subject
        self.looked.follow_best()
        query = Query("looked_at", (ids, self._checkpoint), run, ids, self._checkpoint.name)
        self._asker.ask(query.progress(self._follow_looked).success(self.looked.show_found).failure(self._fail_looked))
        self._pointing.start()

    def _ask_distribution(self) -> None:
        place = self._pinned
        if place is None or self._path is None or self._checkpoint is None or place >= len(self.text.tokens):
            return
        ids = self.text.ids_before(place)
        run = self._book.entry(self._path).subject
        query = Query("distribution", (ids, self._checkpoint), run, ids, self._checkpoint.name)
        self._asker.ask(query.success(self._take_distribution).failure(self._banner.show_error))

    def _take_distribution(self, found: Distribution) -> None:
        if self._pinned is None or self._pinned >= len(self.text.tokens):
            return
        token = self.text.tokens[self._pinned]
        self.left.show_distribution(found, token.token_id, token.text, self.choosing.settings())
        self._show_token(self._pinned)

    def _follow_looked(self, progress: Progress) -> None:
        if isinstance(progress.partial, LookedAt):
            self.looked.show_found(progress.partial)

    def _fail_looked(self, error: AttuneError) -> None:
        self.looked.show_nothing()
        self._banner.show_error(error)

    def _forget_place(self) -> None:
        self._pinned = None
        self.card.text.point_at(None)
        self.card.margin.clear()
        self._asker.stop("looked_at", "distribution")
        self.looked.show_nothing()
        self.left.show_distribution(None, -1, "", self.choosing.settings())

    def _show_token(self, place: int) -> None:
        if place >= len(self.text.tokens):
            return
        token = self.text.tokens[place]
        self.card.text.point_at(place)
        chance = None if self._is_reading else token.chosen
        if place == self._pinned and self.left.chance is not None:
            chance = self.left.chance
        self.card.margin.panel.show_token(token, with_settings=chance, can_choose=not self._is_reading)
        self.card.margin.place_at(round(self.card.text.box_of(place).center().y()))

    def _show_settings(self) -> None:
        self.left.show_settings(self.choosing.settings())
        if self._pinned is not None and not self._is_reading and self._pinned < len(self.text.tokens):
            self._show_token(self._pinned)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _ask_figures(self) -> None:
        if self._path is None or self._checkpoint is None:
            return
        run = self._book.entry(self._path).subject
        query = Query("writing_figures", (self._path, self._checkpoint), run, self._checkpoint.name)
        query.progress(self._follow_figures).success(self._take_figures).failure(lambda _error: None)
        self._asker.ask(query.once())

    def _follow_figures(self, progress: Progress) -> None:
        if isinstance(progress.partial, WritingFigures):
            self._take_figures(progress.partial)

    def _take_figures(self, found: WritingFigures) -> None:
        self._figures = found
        self._show()

    def _show(self) -> None:
        text, can_write = self.text, self._checkpoint is not None
        self._stack.setCurrentIndex(0 if can_write or self._path is None else 1)
        self.tiles.show_figures(self._figures, is_measuring=self._asker.is_asking("writing_figures"))
        self.tiles.show_text(text, self._figures, is_read=self._is_reading)
        has_caret = self.is_writing
        self.card.show_text(
            text.prompt,
            text.tokens,
            is_editing=self._is_reading or (self._is_editing and not has_caret),
            has_caret=has_caret,
            unseen=self._unseen_characters(),
        )
        self.card.undo.setEnabled(self._session.can_undo and not self._is_reading)
        self.choosing.show_running(is_running=has_caret, can_write=can_write and not self._is_reading)
        self.choosing.show_dimmed(is_dimmed=self._is_reading)
        for one in (self.looked, self.left):
            one.setVisible(not self._is_reading)
        self.save.setEnabled(bool(text.whole.strip()))
        self._header.say(sentence(self._figures, text), ("ph.pencil-simple", "text2"))
        if not self._is_reading:
            self.card.say(self._pace(), _unknown_words(self._session.unknown, self._session.num_unseen))
        elif not text.tokens:
            self.card.say("")

    def _pace(self) -> str:
        found = self._written
        if not self.is_writing:
            return ""
        if found is None or not found.tokens:
            return tr("Reading the beginning …")
        return tr(
            "{done} of {total} tokens, {pace} a second",
            done=len(found.tokens),
            total=self.choosing.settings().max_tokens,
            pace=round(len(found.tokens) / max(found.seconds, 1e-3)),
        )

    def _unseen_characters(self) -> int:
        """As many of the beginning's characters as its tokens are out of sight."""
        given = len(self.text.prompt_ids)
        share = min(1.0, self._session.num_unseen / given) if given and not self._is_reading else 0.0
        return round(share * len(self.text.prompt))

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("Save text"), "text.txt", "*.txt")
        if name:
            Path(name).write_text(self.text.whole + "\n", encoding="utf-8")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        set_wide(self._columns, self.width() >= _WIDE, self._right, min(_RIGHT, self.width() // 3), _RIGHT)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.card.editor.isVisible():
            self.card.editor.setFocus()
        self.follow()


def _unknown_words(unknown: Sequence[str], num_unseen: int) -> str:
    parts = []
    if unknown:
        parts.append(
            tr(
                "Not in its vocabulary, and read as one unknown word: {words}.",
                words=", ".join(f"“{one}”" for one in unknown[:8]),
            )
        )
    if num_unseen:
        parts.append(
            tr(
                "{count:plural:token is:tokens are} more than it can see: they are pale and count no more.",
                count=num_unseen,
            )
        )
    return " ".join(parts)
