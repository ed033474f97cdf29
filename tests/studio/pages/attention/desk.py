"""Attention desk: an Attention page on the screen, before workers that answer when they are told to."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from engine.records import AttentionRecord, Switches
from engine.runs.history import History
from studio.pages.attention import AttentionPage
from studio.pages.attention.comparison_bar import CompareMenu
from studio.pages.attention.comparison_model import Other
from studio.plots.attention.head_grid import HeadGrid
from studio.plots.attention.heat_map import HeatMap
from studio.translation import tr
from studio.widgets.token_chips import TokenChips
from tests.studio.desk import LARGE, Desk
from tests.studio.synthetic_attention import synthetic_attribution, synthetic_record
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, synthetic_history

PATH = Path("/runs/reviews")
MOMENT = 30
TEXT = "the room was not clean at all"


class AttentionDesk(Desk[AttentionPage]):
    """An Attention page; `record` is what the engine said last."""

    record: AttentionRecord

    def __init__(
        self,
        qtbot: QtBot,
        history: History | None = None,
        size: tuple[int, int] = LARGE,
        path: Path = PATH,
        book: SyntheticBook | None = None,
    ) -> None:
        super().__init__(qtbot)
        self.path = path
        self.book = book or SyntheticBook(SyntheticEntry(path, history or synthetic_history()))
        self.new_page(size).show_run(path)

    def new_page(self, size: tuple[int, int] = LARGE) -> AttentionPage:
        """Its slow questions wait for a person who rests; one at a desk rests a moment only."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("studio.pages.attention.attributions._REST_MS", MOMENT)
            return self.put(AttentionPage(self.book, self.make_worker), size)  # type: ignore[arg-type]

    def answer(self, record: AttentionRecord) -> None:
        self.record = record
        self.worker("answer").answer(record)

    def answer_reasons(self, strongest: int = 4, score: float = 0.4) -> None:
        """Leave-one-out, in which one token (the text's fourth word) is what decides."""
        self.wait_asked("one-out").answer(synthetic_attribution(self.record, strongest=strongest, score=score))

    def type(self, text: str) -> None:
        count = self.num_asked("answer")
        self.editor.setPlainText(text)
        self.qtbot.waitUntil(lambda: self.num_asked("answer") > count, timeout=5000)

    def compare_with(self, other: Other) -> None:
        self.part(CompareMenu).chosen.emit(other)

    def export_to(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """By the menu's line for files of this kind."""
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
        menu = self.find("exportMap").findChild(QMenu)
        assert menu is not None
        menu.actions()[(".png", ".svg", ".csv", ".npz").index(path.suffix)].trigger()

    def read(self, text: str = TEXT, **shape: object) -> AttentionRecord:
        """Type a text and get its answer."""
        self.type(text)
        record = synthetic_record(text, **{"layers": 2, "heads": 4, **shape})  # type: ignore[arg-type]
        self.answer(record)
        return record

    @property
    def editor(self) -> QPlainTextEdit:
        return self.find("attentionText", QPlainTextEdit)

    @property
    def said(self) -> str:
        return self.says("attentionSentence")

    @property
    def heads_off(self) -> set[tuple[int, int]]:
        """The heads that the grid shows as switched off."""
        layers, heads = self.record.maps[0].weights.shape[:2]
        places = {(layer, head) for layer in range(layers) for head in range(heads)}
        return {place for place in places if tr("switched off") in self.grid.tooltip_of(place)}

    @property
    def switches(self) -> Switches:
        """With which the last answer was asked for."""
        return self.worker("answer").asked[-1].options["switches"]  # type: ignore[no-any-return]

    @property
    def heat_map(self) -> HeatMap:
        return self.part(HeatMap)

    @property
    def grid(self) -> HeadGrid:
        return self.part(HeadGrid)

    @property
    def chips(self) -> TokenChips:
        return self.part(TokenChips)
