"""ComparisonModel: what an answer is compared with: another checkpoint, another run or model, or another text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError, InputError
from engine.records import UNCHANGED, AttentionRecord
from studio.pages.attention.attention_query import Asked, AttentionQuery
from studio.workers.query import Asker, Query
from studio.workers.run_book import RunBook


@dataclass(frozen=True)
class Other:
    """`text` None: the first one's own."""

    path: Path
    checkpoint: str = "best"
    text: str | None = None


class ComparisonModel(QObject):
    """Asks about the other whenever the first one was answered. `changed`: there is another record, or none."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, looker: AttentionQuery, book: RunBook, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker, self._book, self._asker = looker, book, asker
        self.other: Other | None = None
        self.record: AttentionRecord | None = None
        looker.answered.connect(self.ask)

    def compare_with(self, other: Other | None) -> None:
        """None: with nothing any more."""
        self.other, self.record = other, None
        self._asker.forget("second")
        self.changed.emit()
        self.ask()

    def change_text(self, text: str) -> None:
        """Another text with the same model: the last picture stays until the answer comes."""
        if self.other is not None:
            self.other = replace(self.other, text=text)
            self.ask()

    @property
    def is_waiting(self) -> bool:
        """Whether the record is not yet the answer to what was asked last."""
        return self._asker.is_asking("second")

    def ask(self) -> None:
        first = self._looker.question
        if self.other is None or first is None:
            return
        text = first.text if self.other.text is None else self.other.text
        if not text.strip():
            return
        question = Asked(self.other.path, text, self.other.checkpoint, first.step, UNCHANGED)
        try:
            subject = self._book.entry(self.other.path).subject
        except InputError as error:  # its folder is gone
            self.failed.emit(error)
            return
        query = Query("attend", question, subject, text, self.other.checkpoint)
        self._asker.ask(query.success(self._take).failure(self._take_error).once(), "second")

    def _take(self, record: AttentionRecord) -> None:
        self.record = record
        self.changed.emit()

    def _take_error(self, error: AttuneError) -> None:
        self.failed.emit(error)
        self.changed.emit()
