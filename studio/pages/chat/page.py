"""ChatPage: what does it answer me, and what did the answer lean on?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engine.config.tasks.registry import type_of
from engine.errors import AttuneError
from engine.records import ChatAnswer, WritingSettings
from engine.runs.run import Run
from studio.pages.chat.bubble import Mark
from studio.pages.chat.conversation import Said
from studio.pages.chat.conversation_view import ConversationView
from studio.pages.chat.instructions_bar import InstructionsBar
from studio.pages.chat.leaned_card import LeanedCard
from studio.pages.chat.sentences import LEAST_BITS, honest, leaning, strongest
from studio.pages.chat.side_cards import ChoosingCard, EmptyChat, Perplexity, PerplexityCard, StartersCard
from studio.pages.chat.talk import Talk, refused
from studio.pages.chat.turn_view import Shown
from studio.pages.chat.writing_bar import WritingBar
from studio.pages.file_card import FileCard
from studio.pages.page import Page
from studio.pages.page_header import PageHeader
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card, Hairline
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, panel, scrolling, set_wide, vbox
from studio.widgets.veil import Veil
from studio.workers.query import MakeWorker
from studio.workers.run_book import RunBook, RunEntry

_WIDE = 880
_RIGHT = 360
_SIGN = ("ph.chat-circle-dots", "text2")


class ChatPage(Page):
    """`training_requested(path)`: the run has nothing to answer with yet; `export_requested(path)`."""

    training_requested = Signal(object)
    export_requested = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent, urgent=("chat",))
        self._talk = Talk(book, self._asker, self)
        self._build()
        self._lay_out()
        self._listen()

    @property
    def path(self) -> Path | None:
        return self._talk.path

    def show_run(self, path: Path) -> None:
        """Talk with another run; its conversation is as it was left. Raises InputError when the folder holds none."""
        entry = self._book.entry(path)
        _ = entry.config
        if path != self._talk.path:
            self._files.stop()
            self._banner.clear()
        self._talk.look_at(path)
        kept = self._talk.kept
        if not kept.has_begun and not len(kept.conversation):
            most = int(getattr(entry.config.task, "max_new_tokens", kept.settings.max_tokens))
            kept.settings = replace(kept.settings, max_tokens=most)
        self._choosing.show_settings(kept.settings)
        self._show_room()

    def follow(self) -> None:
        """A first checkpoint can answer; a better one answers from now on."""
        if self._talk.path is not None:
            self._talk.look_at(self._talk.path)
            self._show()

    def state(self) -> dict[str, Any]:
        self._talk.stop()
        return {**super().state(), "kept": self._talk.state(), "draft": self._bar.field.toPlainText()}

    def restore(self, state: dict[str, Any]) -> None:
        self._talk.restore(state.get("kept", {}))
        self._bar.field.setPlainText(str(state.get("draft", "")))
        super().restore(state)

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._export = Button(tr("Export…"), "quiet", "ph.export")
        self._export.setObjectName("exportChat")
        self._anew = Button(tr("New chat"), "plain", "ph.plus")
        self._anew.setObjectName("newChat")
        self._header = PageHeader(tr("Chat"), "chatSentence", self._export, self._anew)
        self._banner = ErrorBanner()
        self._instructions, self._bar = InstructionsBar(), WritingBar()
        self._view, self._empty = ConversationView(), EmptyChat()
        self._leaned, self._perplexity = LeanedCard(), PerplexityCard()
        self._choosing, self._starters = ChoosingCard(), StartersCard()
        self._veil = Veil(self._leaned)
        self._files = FileCard(lambda: self._book.entry(self.path).subject, self._asker)
        self._nothing = EmptyState(
            "ph.hourglass",
            tr("Nothing can answer yet"),
            tr("The first checkpoint comes with the first look at validation. Until then the model only learns."),
            tr("See it train"),
        )

    def _lay_out(self) -> None:
        self._middle = QStackedWidget()
        self._middle.addWidget(scrolling(self._empty))
        self._middle.addWidget(self._view)
        left = Card()
        inside = left.layout()
        assert inside is not None
        inside.setContentsMargins(1, 1, 1, 1)
        left.body.setSpacing(0)
        for part in (self._instructions, Hairline(), self._middle, Hairline(), self._bar):
            left.body.addWidget(part, int(part is self._middle))
        cards = vbox(self._leaned, self._perplexity, self._choosing, self._starters, self._files, None, gap=GAP)
        self._cards = panel(cards)
        self._right = scrolling(self._cards, tr("About the answer"))
        self._columns = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight), (left, 1), self._right, gap=GAP)
        self._stack = QStackedWidget()
        self._stack.addWidget(panel(self._columns))
        self._stack.addWidget(self._nothing)
        margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        fill(QVBoxLayout(self), self._header, self._banner, (self._stack, 1), gap=10, margins=margins)

    def _listen(self) -> None:
        self._files.failed.connect(self._banner.show_error)
        self._files.began.connect(self._banner.clear)
        talk, view = self._talk, self._view
        talk.changed.connect(self._show)
        talk.room_changed.connect(self._show_room)
        talk.failed.connect(self._on_failed)
        self._bar.sent.connect(self._send)
        self._anew.clicked.connect(talk.begin_anew)
        self._export.clicked.connect(lambda: self.export_requested.emit(talk.path))
        self._instructions.changed.connect(self._take_instructions)
        self._instructions.again_wished.connect(self._answer_again)
        view.again_wished.connect(talk.again)
        view.edited.connect(talk.edit)
        view.stepped.connect(talk.step)
        view.stopped.connect(talk.stop)
        view.go_on_wished.connect(talk.go_on)
        view.explained.connect(self._explain)
        view.answer_wished.connect(talk.answer)
        self._leaned.hovered.connect(lambda place: view.tint(self._on_path(place)))
        self._leaned.chosen.connect(lambda place: view.go_to(self._on_path(place)))
        self._choosing.changed.connect(self._take_settings)
        self._starters.chosen.connect(self._begin_with)
        self._empty.chosen.connect(self._begin_with)
        self._banner.acted.connect(self._answer_shorter)
        self._nothing.acted.connect(lambda: self.training_requested.emit(talk.path))
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, act in (
            ("Escape", talk.stop),
            ("Alt+Left", lambda: self._step(-1)),
            ("Alt+Right", lambda: self._step(1)),
        ):
            QShortcut(QKeySequence(keys), self, context=within).activated.connect(act)

    # -- what the person wants -----------------------------------------------------------------------------------------

    def _send(self, text: str) -> None:
        self._banner.clear()
        self._view.follow()
        self._talk.send(text)

    def _begin_with(self, place: int) -> None:
        """A starter in a conversation of its own, under the instructions that it had."""
        room = self._talk.kept.room
        if room is None or self._talk.writing is not None:
            return
        turns = room.starters[place]
        if len(self._talk.conversation):
            self._talk.begin_anew()
        if turns[0].role == "system":
            self._talk.conversation.instructions = turns[0].content
        self._send(turns[-1].content)

    def _take_instructions(self, text: str) -> None:
        self._talk.conversation.instructions = text
        self._show()

    def _answer_again(self) -> None:
        """From the first answer on, under the instructions of now."""
        first = self._first_answer()
        if first is not None and self._talk.writing is None:
            self._talk.again(first.id)

    def _take_settings(self, settings: WritingSettings) -> None:
        self._talk.kept.settings = settings

    def _answer_shorter(self) -> None:
        self._banner.clear()
        self._talk.halve()
        self._choosing.show_settings(self._talk.kept.settings)
        last = self._talk.conversation.last
        if last is not None and last.is_question:
            self._talk.answer()

    def _explain(self, turn: int) -> None:
        if not self._talk.conversation.said(turn).is_question and self._talk.writing is None:
            self._talk.explain(turn)

    def _step(self, by: int) -> None:
        """Of the last turn that has branches."""
        conversation = self._talk.conversation
        found = next((one for one in reversed(conversation.path) if conversation.branch(one.id)[1] > 1), None)
        if found is not None and self._talk.writing is None:
            self._talk.step(found.id, by)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show_room(self) -> None:
        room = self._talk.kept.room
        self._bar.honest.setText(honest(room.num_learned) if room is not None else "")
        self._empty.show_starters(room.starters if room is not None else ())
        self._starters.show_starters(room.starters if room is not None else ())
        self._show()

    def _show(self) -> None:
        if self._talk.path is None:
            return
        talk, entry = self._talk, self._book.entry(self._talk.path)
        self._stack.setCurrentIndex(0 if talk.has_answers else 1)
        self._anew.setEnabled(bool(len(talk.conversation)))
        self._middle.setCurrentIndex(1 if talk.conversation.path else 0)
        self._view.show_turns([self._shown(one) for one in talk.conversation.path])
        self._view.show_marks([self._marks(one) for one in talk.conversation.path])
        first = self._first_answer()
        self._instructions.show_instructions(
            talk.conversation.instructions,
            first.instructions if first is not None else "",
            has_answer=first is not None,
            may_act=talk.writing is None,
        )
        self._bar.set_may_send(talk.writing is None)
        self._leaned.show_leaned(talk.leaned, talk.read_turns(), is_measuring=talk.is_measuring)
        self._veil.draw(talk.writing is not None and talk.leaned is not None and not talk.is_measuring)
        own = perplexity_of(entry)
        self._perplexity.show_perplexity(own, self._others(entry))
        self._header.say(leaning(talk.leaned, talk.read_turns(), own.value if own is not None else None), _SIGN)

    def _shown(self, one: Said) -> Shown:
        talk, path = self._talk, self._talk.conversation.path
        dropped = self._dropped()
        return Shown(
            id=one.id,
            place=path.index(one) + 1,
            is_question=one.is_question,
            text=one.text,
            answer=one.answer,
            branch=talk.conversation.branch(one.id),
            is_writing=one.id == talk.writing,
            is_explained=one.id == talk.explained and one.answer is not None,
            is_dropped=one.id in dropped,
            is_last=one is path[-1],
            may_act=talk.writing is None,
            most=talk.kept.settings.max_tokens,
        )

    def _dropped(self) -> set[int]:
        """The turns that the last answer no longer read."""
        path = self._talk.conversation.path
        last = next((one for one in reversed(path) if not one.is_question), None)
        if last is None or not isinstance(last.answer, ChatAnswer):
            return set()
        first = int(bool(last.instructions.strip()))
        return {path[place - first].id for place in last.answer.dropped}

    def _marks(self, one: Said) -> list[Mark]:
        """The words of a turn that count for the explained answer, beyond what a random one does."""
        leaned, place = self._talk.leaned, self._place_read(one)
        if leaned is None or place is None or strongest(leaned) is None:
            return []
        most = max(1e-9, leaned.words[0].bits)
        floor = max(LEAST_BITS, leaned.random_bits, most / 20)
        found = [word for word in leaned.words if word.place == place and word.bits > floor]
        return [Mark(word.start, word.end, word.bits / most) for word in found]

    def _place_read(self, one: Said) -> int | None:
        """Where a turn stands among those that were read for the explained answer."""
        explained = self._talk.explained
        if explained is None:
            return None
        path = self._talk.conversation.path
        first = int(bool(self._talk.conversation.said(explained).instructions.strip()))
        place = path.index(one)
        return place + first if path[place].id != explained and place + first < len(self._talk.read_turns()) else None

    def _on_path(self, place: int) -> int:
        """The shown turn of a place in `Leaned`; -1 for the instructions."""
        explained = self._talk.explained
        if place < 0 or explained is None:
            return -1
        first = int(bool(self._talk.conversation.said(explained).instructions.strip()))
        return place - first

    def _first_answer(self) -> Said | None:
        return next((one for one in self._talk.conversation.path if one.answer is not None), None)

    def _others(self, entry: RunEntry) -> list[Perplexity]:
        """Of other runs that learned to chat from the same dialogues, cut into the same tokens."""
        found = []
        for one in self._book.entries():
            if one is entry or not isinstance(one.subject, Run):
                continue
            try:
                is_alike = type_of(one.config.task).can("chat") and one.config.data == entry.config.data
            except AttuneError:
                continue
            if is_alike and (told := perplexity_of(one)) is not None:
                found.append(told)
        return found

    def _on_failed(self, error: AttuneError, is_answer: bool) -> None:
        action = tr("Answer again with half the length") if is_answer and not refused(error) else ""
        self._banner.show_error(error, action)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = self._cards.minimumSizeHint().width() + self._right.verticalScrollBar().sizeHint().width()
        right = max(min(_RIGHT, self.width() // 3), min(needed, self.width() // 2))
        set_wide(self._columns, self.width() >= _WIDE, self._right, right, max(right, _RIGHT))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self._bar.field, self._bar.field.setFocus)
        self._show()


def perplexity_of(entry: RunEntry) -> Perplexity | None:
    """On test dialogues where they were measured, else on validation at the best step."""
    evaluations, best = entry.history.evaluations, entry.history.best
    found = evaluations.get("test") or [
        one for one in evaluations.get("validation", ()) if best is None or one.step == best.step
    ]
    if not found or "perplexity" not in found[-1].metrics:
        return None
    last = found[-1]
    return Perplexity(entry.name, last.metrics["perplexity"], last.intervals.get("perplexity", 0.0), last.num_rows)
