"""Talk: asks for answers and for what they leaned on, and keeps the conversation that they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError, InputError
from engine.records import ChatAnswer, ChatRoom, Leaned, Progress, Turn, WritingSettings
from studio.pages.chat.conversation import Conversation
from studio.workers.query import Asker, Query
from studio.workers.run_book import RunBook, answering_checkpoint

_EVERY = 16
"""Tokens after which it is looked anew at what an answer leans on, while it is written."""
USUAL = WritingSettings(temperature=0.7, top_k=0, top_p=0.9, max_tokens=80)


@dataclass
class Kept:
    """What is known of one run's chat."""

    conversation: Conversation = field(default_factory=Conversation)
    settings: WritingSettings = USUAL
    room: ChatRoom | None = None
    leaned: dict[int, Leaned] = field(default_factory=dict)
    explained: int | None = None
    """The answer that is explained; None: the last one."""
    has_begun: bool = False


class Talk(QObject):
    """`changed`: turns or what is known of them are new; `room_changed`: what the run's dialogues say; `failed(error,
    is_answer)`: an answer, or something beside it, could not be had."""

    changed = Signal()
    room_changed = Signal()
    failed = Signal(object, bool)

    def __init__(self, book: RunBook, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book, self._asker = book, asker
        self.path: Path | None = None
        self.writing: int | None = None
        self._kept: dict[Path, Kept] = {}
        self._asked = 0
        self._leaned_at = 0
        self._seconds = 0.0

    # -- what there is -------------------------------------------------------------------------------------------------

    @property
    def kept(self) -> Kept:
        assert self.path is not None
        return self._kept.setdefault(self.path, Kept())

    @property
    def conversation(self) -> Conversation:
        return self.kept.conversation

    @property
    def explained(self) -> int | None:
        """The answer that the cards speak of: the one that was clicked while it is shown, else the last."""
        chosen = self.kept.explained
        if chosen is not None and chosen in self.conversation and self.conversation.place(chosen) is not None:
            return chosen
        answers = [one.id for one in self.conversation.path if not one.is_question]
        return answers[-1] if answers else None

    @property
    def leaned(self) -> Leaned | None:
        found = self.explained
        return None if found is None else self.kept.leaned.get(found)

    @property
    def is_measuring(self) -> bool:
        return self._asker.is_asking("leaning")

    @property
    def has_answers(self) -> bool:
        """Whether a checkpoint can answer."""
        return self.path is not None and answering_checkpoint(self._book.entry(self.path)) is not None

    def read_turns(self) -> list[Turn]:
        """Those that the explained answer was written from."""
        found = self.explained
        return [] if found is None else self.conversation.before(found)

    # -- what is asked -------------------------------------------------------------------------------------------------

    def look_at(self, path: Path) -> None:
        """Another run; its conversation is as it was left."""
        if path != self.path:
            self.stop()
            self._asker.stop("leaning")
            self.path = path
        if self.kept.room is None and self.has_answers:
            run = self._book.entry(path).subject
            query = Query("chat_room", path, run).success(partial(self._take_room, path))
            self._asker.ask(query.failure(lambda error: self.failed.emit(error, False)).once(), "room")

    def begin_anew(self) -> None:
        """An empty conversation under the same instructions; the one before is gone."""
        self.stop()
        self.kept.conversation = Conversation(self.conversation.instructions)
        self.kept.leaned.clear()
        self.kept.explained = None
        self.changed.emit()

    def send(self, text: str) -> None:
        """Say something and wait for the answer."""
        self.conversation.ask(text)
        self.kept.explained = None
        self.answer()

    def answer(self) -> None:
        """To the last question."""
        self._write(self.conversation.begin_answer().id)

    def again(self, turn: int) -> None:
        self._write(self.conversation.again(turn).id)

    def edit(self, turn: int, text: str) -> None:
        """A question in other words is answered anew."""
        made = self.conversation.edit(turn, text)
        if made.is_question:
            self.answer()
        else:
            self.changed.emit()

    def step(self, turn: int, by: int) -> None:
        self.conversation.step(turn, by)
        self.kept.explained = None
        self.explain(None)

    def go_on(self, turn: int) -> None:
        """Behind what was stopped."""
        self._write(turn)

    def stop(self) -> None:
        """What is written so far stays."""
        if self.writing is None:
            return
        turn, self.writing = self.writing, None
        self._asker.stop("chat")
        self.conversation.drop(turn)
        self.explain(None)

    def halve(self) -> None:
        """Answers of at most half the length."""
        self.kept.settings = replace(self.kept.settings, max_tokens=max(8, self.kept.settings.max_tokens // 2))

    def explain(self, turn: int | None) -> None:
        """What an answer leaned on; None: the last one."""
        if turn is not None:
            self.kept.explained = turn
        found = self.explained
        self.changed.emit()
        if found is None or found == self.writing:
            return
        answer = self.conversation.said(found).answer
        known = self.kept.leaned.get(found)
        if answer is None or not answer.ids or (known is not None and known.num_words):
            return
        self._ask_leaning(found, answer, with_words=True)

    def _write(self, turn: int) -> None:
        assert self.path is not None
        checkpoint = answering_checkpoint(self._book.entry(self.path))
        assert checkpoint is not None, "the page lets nobody ask before there is one"
        begun = self.conversation.said(turn).answer
        ids = begun.ids if begun is not None else ()
        self._seconds = begun.seconds if begun is not None else 0.0
        self._asked += 1
        self._leaned_at = 0
        self.writing = turn
        self.kept.explained = None
        self.kept.leaned.pop(turn, None)
        self._asker.stop("leaning")
        settings = replace(self.kept.settings, seed=self._asked)
        self._asker.ask(
            Query(
                "chat",
                (self.path, turn, self._asked),
                self._book.entry(self.path).subject,
                self.conversation.before(turn),
                settings,
                checkpoint.name,
                ids,
            )
            .success(partial(self._take, turn))
            .failure(partial(self._take_error, turn))
            .progress(partial(self._follow, turn)),
            "chat",
        )
        self.changed.emit()

    def _ask_leaning(self, turn: int, answer: ChatAnswer, *, with_words: bool) -> None:
        assert self.path is not None
        checkpoint = answering_checkpoint(self._book.entry(self.path))
        if checkpoint is None:
            return
        query = Query(
            "leaned_on",
            (self.path, turn, answer.ids, with_words),
            self._book.entry(self.path).subject,
            self.conversation.before(turn),
            answer.ids,
            checkpoint.name,
            has_ended=answer.has_ended,
            with_words=with_words,
        )
        told = partial(self._take_leaned, turn)
        query.success(told).progress(lambda progress: told(progress.partial))
        self._asker.ask(query.failure(lambda error: self.failed.emit(error, False)), "leaning")
        self.changed.emit()

    # -- what comes back -----------------------------------------------------------------------------------------------

    def _follow(self, turn: int, progress: Progress) -> None:
        answer = progress.partial
        if not isinstance(answer, ChatAnswer) or turn not in self.conversation:
            return
        self.conversation.write(turn, answer)
        if answer.num_tokens >= self._leaned_at + _EVERY and not self._asker.is_asking("leaning"):
            self._leaned_at = answer.num_tokens
            self._ask_leaning(turn, answer, with_words=False)
        self.changed.emit()

    def _take(self, turn: int, answer: ChatAnswer) -> None:
        self.writing = None
        self.kept.has_begun = True
        self.conversation.write(turn, answer)
        self._asker.stop("leaning")
        self.explain(None)

    def _take_error(self, turn: int, error: AttuneError) -> None:
        self.writing = None
        self.conversation.drop(turn)
        self.failed.emit(error, True)
        self.changed.emit()

    def _take_leaned(self, turn: int, leaned: object) -> None:
        if isinstance(leaned, Leaned) and turn in self.conversation:
            self.kept.leaned[turn] = leaned
        self.changed.emit()

    def _take_room(self, path: Path, room: ChatRoom) -> None:
        kept = self._kept.setdefault(path, Kept())
        kept.room = room
        if not len(kept.conversation) and not kept.conversation.instructions:
            kept.conversation.instructions = room.instructions
        self.room_changed.emit()

    # -- what is kept over a rebuild -----------------------------------------------------------------------------------

    def state(self) -> dict[Path, Kept]:
        return self._kept

    def restore(self, kept: dict[Path, Kept]) -> None:
        self._kept = kept


def refused(error: AttuneError) -> bool:
    """Whether the question itself was wrong, so that a shorter answer helps nothing."""
    return isinstance(error, InputError)
