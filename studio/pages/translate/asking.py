"""Translating: one text at a time is written for another; then what leaving words out does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError, InputError
from engine.records import AlignmentTrust, Decoding, LeftOutWord, Progress, SearchWorth, Translation
from studio.workers.query import Asker, Query
from studio.workers.run_book import RunBook, answering_checkpoint

WAIT_KINDS = ("translate", "leave_out")


@dataclass(frozen=True)
class Wish:
    """What is asked of whom: a text, how words are chosen, the tokens behind which it goes on; `step` makes the answer
    of a better checkpoint another one."""

    path: Path
    text: str
    decoding: Decoding
    prefix: tuple[int, ...]
    checkpoint: str
    step: int


class Translating(QObject):
    """`changed`: what is known is new. `failed(error)`: the last good answer stays."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, book: RunBook, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book, self._asker = book, asker
        self.path: Path | None = None
        self.found: Translation | None = None
        self.left_out: tuple[LeftOutWord, ...] = ()
        self.worth: SearchWorth | None = None
        self.worth_progress: Progress | None = None
        self.trust: AlignmentTrust | None = None
        self.error: AttuneError | None = None
        self.prefixes: list[tuple[int, ...]] = []
        self._wish: Wish | None = None
        self._decoding = Decoding(num_beams=5)

    @property
    def decoding(self) -> Decoding:
        return self._decoding

    @property
    def is_waiting(self) -> bool:
        return self._asker.is_asking("translate")

    @property
    def is_masking(self) -> bool:
        """Whether it is still to come what leaving words out does."""
        return self._asker.is_asking("leave_out")

    @property
    def is_measuring(self) -> bool:
        return self._asker.is_asking("search_worth")

    @property
    def is_old(self) -> bool:
        """Whether what is shown is not the answer to what was asked last."""
        return self.found is not None and (self.is_waiting or self.error is not None)

    @property
    def step(self) -> int | None:
        """Of the checkpoint that answers; None before the first."""
        checkpoint = answering_checkpoint(self._book.entry(self.path)) if self.path is not None else None
        return None if checkpoint is None else checkpoint.step

    def look_at(self, path: Path) -> None:
        """Another run."""
        if path == self.path:
            return
        self._asker.stop("translate", "leave_out", "search_worth", "alignment_trust")
        self.path, self.found, self.error, self._wish = path, None, None, None
        self.left_out, self.worth, self.worth_progress, self.trust, self.prefixes = (), None, None, None, []

    def choose(self, decoding: Decoding) -> None:
        self._decoding = decoding

    def ask(self, text: str) -> None:
        """Unless that is what was asked last. Another text forgets the words that were chosen."""
        wish = self._wished(text)
        if wish is None or wish == self._wish:
            return
        if self._wish is not None and wish.text != self._wish.text:
            self.prefixes = []
            wish = replace(wish, prefix=())
        self._wish, self.error = wish, None
        self._asker.stop("leave_out")
        try:
            run = self._book.entry(wish.path).subject
        except InputError as error:
            self._take_error(error)
            return
        query = Query("translate", wish, run, text, wish.decoding, wish.checkpoint, wish.prefix)
        self._asker.ask(query.success(partial(self._take, wish)).failure(self._take_error))
        self.changed.emit()

    def go_on_from(self, prefix: tuple[int, ...]) -> None:
        """Behind these tokens, which a person chose."""
        if self._wish is not None:
            self.prefixes.append(prefix)
            self.ask(self._wish.text)

    def undo(self) -> None:
        """As it was before the last choice of a word."""
        if self.prefixes and self._wish is not None:
            self.prefixes.pop()
            self.ask(self._wish.text)

    def measure_search(self) -> None:
        wish = self._wish
        if wish is not None:
            run = self._book.entry(wish.path).subject
            query = Query("search_worth", (wish.path, wish.step), run, wish.checkpoint)
            self._asker.ask(query.success(self._take_worth).failure(self._take_error).progress(self._follow_worth))
            self.changed.emit()

    def stop_measuring(self) -> None:
        self._asker.stop("search_worth")
        self.worth_progress = None
        self.changed.emit()

    def check_alignment(self) -> None:
        """Where it is known where each word comes from; a refusal means that it is not."""
        wish = self._wish
        if wish is not None:
            run = self._book.entry(wish.path).subject
            query = Query("alignment_trust", (wish.path, wish.step), run, wish.checkpoint)
            self._asker.ask(query.success(self._take_trust).once())

    def _wished(self, text: str) -> Wish | None:
        checkpoint = answering_checkpoint(self._book.entry(self.path)) if self.path is not None else None
        if self.path is None or checkpoint is None or not text.strip():
            return None
        prefix = self.prefixes[-1] if self.prefixes else ()
        return Wish(self.path, text, self._decoding, prefix, checkpoint.name, checkpoint.step)

    def _take(self, wish: Wish, found: Translation) -> None:
        self.found, self.error, self.left_out = found, None, ()
        run = self._book.entry(wish.path).subject
        query = Query("leave_out", wish, run, wish.text, wish.decoding, wish.checkpoint)
        self._asker.ask(query.success(self._take_left_out).progress(self._follow_left_out))
        self.changed.emit()

    def _take_left_out(self, found: tuple[LeftOutWord, ...]) -> None:
        self.left_out = found
        self.changed.emit()

    def _follow_left_out(self, progress: Progress) -> None:
        if isinstance(progress.partial, tuple):
            self.left_out = progress.partial
            self.changed.emit()

    def _take_worth(self, found: SearchWorth) -> None:
        self.worth, self.worth_progress = found, None
        self.changed.emit()

    def _follow_worth(self, progress: Progress) -> None:
        self.worth_progress = progress
        self.changed.emit()

    def _take_trust(self, found: AlignmentTrust) -> None:
        self.trust = found
        self.changed.emit()

    def _take_error(self, error: AttuneError) -> None:
        self.error = error
        self.failed.emit(error)
