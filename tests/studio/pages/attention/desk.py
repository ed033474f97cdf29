"""Desk: an Attention page on the screen, before workers that answer when they are told to."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.records import AttentionRecord
from engine.runs.history import History
from studio.pages.attention import AttentionPage
from studio.plots.attention.head_grid import HeadGrid
from studio.plots.attention.heat_map import HeatMap
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.token_chips import TokenChips
from tests.studio.synthetic_attention import SyntheticWorker, synthetic_attribution, synthetic_record
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, synthetic_history

PATH = Path("/runs/reviews")
TEXT = "the room was not clean at all"
LARGE = (1192, 844)
Found = TypeVar("Found", bound=QWidget)


class Desk:
    """What the person sees, and the engine's answers by question: `worker("answer").answer(record)`."""

    def __init__(
        self,
        qtbot: QtBot,
        history: History | None = None,
        size: tuple[int, int] = LARGE,
        path: Path = PATH,
        book: SyntheticBook | None = None,
    ) -> None:
        self.qtbot, self.path = qtbot, path
        self.book = book or SyntheticBook(SyntheticEntry(path, history or synthetic_history()))
        self.page = self.new_page()
        self.page.resize(*size)
        self.page.show()
        self.page.show_run(path)

    def new_page(self) -> AttentionPage:
        page = AttentionPage(self.book, SyntheticWorker)  # type: ignore[arg-type]
        self.qtbot.addWidget(page)
        return page

    # the engine

    def worker(self, question: str) -> SyntheticWorker:
        """That answers one kind of question; it must have been asked."""
        made: SyntheticWorker = self.page._known.inquiries._workers[question]  # type: ignore[index,assignment]
        return made

    def num_asked(self, question: str) -> int:
        made = self.page._known.inquiries._workers.get(question)  # type: ignore[call-overload]
        return len(made.asked) if made is not None else 0

    def wait_asked(self, question: str, count: int = 1) -> SyntheticWorker:
        self.qtbot.waitUntil(lambda: self.num_asked(question) >= count, timeout=2000)
        return self.worker(question)

    def answer(self, record: AttentionRecord) -> None:
        self.worker("answer").answer(record)

    def answer_reasons(self, record: AttentionRecord, strongest: int = 4) -> None:
        """Leave-one-out, in which one token (the text's fourth word) is what decides."""
        self.wait_asked("one-out").answer(synthetic_attribution(record, strongest=strongest))

    # the person

    def type(self, text: str) -> None:
        count = self.num_asked("answer")
        self.editor.setPlainText(text)
        self.qtbot.waitUntil(lambda: self.num_asked("answer") > count, timeout=1000)

    def read(self, text: str = TEXT, **shape: object) -> AttentionRecord:
        """Type a text and get its answer."""
        self.type(text)
        record = synthetic_record(text, **{"layers": 2, "heads": 4, **shape})  # type: ignore[arg-type]
        self.answer(record)
        return record

    def press(self, name: str) -> None:
        self.find(name).click()  # type: ignore[attr-defined]

    # what is seen

    def find(self, name: str, kind: type[Found] = QWidget) -> Found:  # type: ignore[assignment]
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def is_shown(self, name: str) -> bool:
        return self.find(name).isVisible()

    @property
    def editor(self) -> QPlainTextEdit:
        return self.find("attentionText", QPlainTextEdit)

    @property
    def said(self) -> str:
        return self.find("attentionSentence", QLabel).text()

    @property
    def heat_map(self) -> HeatMap:
        found = self.page.findChild(HeatMap)
        assert found is not None
        return found

    @property
    def grid(self) -> HeadGrid:
        found = self.page.findChild(HeadGrid)
        assert found is not None
        return found

    @property
    def chips(self) -> TokenChips:
        found = self.page.findChild(TokenChips)
        assert found is not None
        return found

    @property
    def banner(self) -> ErrorBanner:
        found = self.page.findChild(ErrorBanner)
        assert found is not None
        return found
