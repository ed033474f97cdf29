"""The Write page: it writes as it is told, stops, goes on from another word, and says how surprising a text is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from engine.records import (
    Alternative,
    Copied,
    Distribution,
    Figure,
    LookedAt,
    Surprise,
    WritingFigures,
    WritingSettings,
    Written,
    WrittenToken,
)
from engine.runs.history import History
from studio.pages.write import WritePage
from studio.pages.write.shaded_text import ShadedText, shade_of
from studio.pages.write.words import shown_token
from studio.widgets.empty_state import EmptyState
from tests.studio.desk import Desk, SyntheticWorker
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, synthetic_history

PATH = Path("/runs/stories")
FIGURES = WritingFigures(
    "test", 600, Figure(38.4, 37.1, 39.8, "bootstrap"), Figure(1.2, 1.18, 1.21, "bootstrap"), 145.5, 1.63
)


def token(number: int, text: str, bits: float) -> WrittenToken:
    chance = 2.0**-bits
    others = (Alternative(90 + number, f" or{number}", 0.5), Alternative(number, text, chance))
    return WrittenToken(number, text, chance, bits, chance / 2, 2, others, 50, 4)


TOKENS = (token(1, " She", 1.0), token(2, " wiped", 4.0), token(3, " the", 0.5), token(4, " glass", 7.4))


def written(prompt: str = "The lamp", num: int = 4, *, is_over: bool = True) -> Written:
    return Written(prompt, (3, 20, 21), TOKENS[:num], seconds=0.5, is_over=is_over)


class WriteDesk(Desk[WritePage]):
    """A Write page before workers that answer when they are told to."""

    def __init__(self, qtbot: QtBot, history: History | None = None) -> None:
        super().__init__(qtbot)
        self.book = SyntheticBook(SyntheticEntry(PATH, history or synthetic_history(), state="finished"))
        self.page = self.put(WritePage(self.book, self.make_worker))  # type: ignore[arg-type]
        self.page.show_run(PATH)

    @property
    def text(self) -> ShadedText:
        return self.find("writtenText", ShadedText)

    def says(self, name: str) -> str:
        return self.find(name, QLabel).text()

    def write(self, beginning: str = "The lamp") -> SyntheticWorker:
        self.find("beginning", QPlainTextEdit).setPlainText(beginning)
        self.page.write_on()
        return self.worker("write")

    def wrote(self) -> SyntheticWorker:
        worker = self.write()
        worker.answer(written())
        return worker


@pytest.fixture
def desk(qtbot: QtBot) -> WriteDesk:
    return WriteDesk(qtbot)


def test_a_run_without_a_checkpoint_leads_to_its_training(qtbot: QtBot) -> None:
    desk = WriteDesk(qtbot, History())
    with qtbot.waitSignal(desk.page.training_requested) as told:
        desk.part(EmptyState).acted.emit()
    assert told.args == [PATH] and not desk.page.choosing.write.isEnabled()


def test_it_writes_token_by_token_with_its_pace(desk: WriteDesk) -> None:
    worker = desk.write()
    assert worker.asked[-1].arguments[1] == "The lamp" and worker.asked[-1].arguments[3] == ()
    assert isinstance(worker.asked[-1].arguments[2], WritingSettings)
    worker.tell(2, 90, written(num=2, is_over=False))
    assert desk.page.text.whole == "The lamp She wiped"
    assert desk.says("writingPace") == "2 of 90 tokens, 4 a second"
    assert desk.page.choosing.stop.isEnabled() and not desk.page.choosing.write.isEnabled()
    worker.answer(written())
    assert desk.page.text.whole == "The lamp She wiped the glass" and not desk.page.choosing.stop.isEnabled()
    assert "“glass” surprised it most, 7.4 bits." in desk.says("writeSentence")


def test_what_was_written_until_it_is_stopped_stays(desk: WriteDesk) -> None:
    worker = desk.write()
    worker.tell(2, 90, written(num=2, is_over=False))
    desk.page.stop_writing()
    assert worker.num_stops == 1 and desk.page.text.whole == "The lamp She wiped"
    assert desk.worker("copied").asked[-1].arguments[1] == " She wiped"
    desk.page.write_on()
    assert worker.asked[-1].arguments[3] == (1, 2)


def test_the_tiles_say_how_good_it_is_and_how_it_plays(desk: WriteDesk) -> None:
    desk.worker("writing_figures").answer(FIGURES)
    desk.wrote()
    tiles = desk.page.tiles
    assert tiles.perplexity.figure == "38.4" and "n-gram 146" in tiles.perplexity.accessibleDescription()
    assert tiles.bits.figure == "1.20" and "n-gram 1.63" in tiles.bits.accessibleDescription()
    assert tiles.continuation.figure == "3.23" and "plays safe" in tiles.continuation.accessibleName()
    assert "log₂ 38.4" in tiles.continuation.accessibleDescription()
    desk.worker("copied").answer(Copied(6, "the glass", "She broke the glass.", 5, 12))
    assert tiles.copied.figure == "6" and "alarm above 12" in tiles.copied.accessibleDescription()
    assert "between 38.4 equally likely tokens, an n-gram between 146" in desk.says("writeSentence")


def test_a_long_copied_piece_is_said(desk: WriteDesk) -> None:
    desk.wrote()
    desk.worker("copied").answer(Copied(20, "piece", "the training text", 5, 12))
    assert "it copies" in desk.page.tiles.copied.accessibleDescription()
    assert "the training text" in desk.page.tiles.copied.toolTip()


def test_pointing_shows_what_else_could_stand_there(desk: WriteDesk) -> None:
    desk.wrote()
    desk.text.pointed.emit(1)
    assert desk.says("pointedToken") == "wiped" and desk.says("pointedChance") == "4.0 bits · chance 6.2 %"
    assert desk.says("withSettings") == "With your settings 3.1 %."


def test_the_arrow_keys_go_token_by_token(desk: WriteDesk, qtbot: QtBot) -> None:
    desk.wrote()
    qtbot.keyClick(desk.text, Qt.Key.Key_Right)
    qtbot.keyClick(desk.text, Qt.Key.Key_Right)
    assert desk.text.place == 1
    qtbot.keyClick(desk.text, Qt.Key.Key_Left)
    assert desk.text.place == 0 and desk.says("pointedToken") == "She"


def test_another_word_cuts_the_text_and_undo_brings_it_back(desk: WriteDesk) -> None:
    worker = desk.wrote()
    desk.text.pinned.emit(1)
    desk.page.card.margin.panel.rows.chosen.emit(0)
    assert worker.asked[-1].arguments[3] == (1, 92) and desk.page.text.whole == "The lamp She or2"
    worker.answer(replace(written(), prompt_ids=(3, 20, 21, 1, 92), tokens=(TOKENS[3],)))
    assert desk.page.text.whole == "The lamp She or2 glass"
    desk.page.card.undo.click()
    assert desk.page.text.whole == "The lamp She wiped the glass"


def looked(without: float = 0.01) -> LookedAt:
    weights = np.array([[[0.5, 0.1, 0.4], [0.2, 0.2, 0.6]]], dtype=np.float32)
    chances = np.array([np.nan, 0.09, without], dtype=np.float32)
    return LookedAt(" wiped", ("", "The", " lamp"), 0, weights, np.array([[0.1, 1.5]], np.float32), 0.098, chances)


def test_the_pinned_token_says_where_it_looked_and_whether_that_mattered(desk: WriteDesk) -> None:
    desk.wrote()
    desk.text.pinned.emit(1)
    worker = desk.worker("looked_at")
    assert worker.asked[-1].arguments[1] == (3, 20, 21, 1, 2)
    worker.answer(looked())
    card = desk.page.looked
    assert card.squares.current == (0, 1) and card.place == 2  # the head that matters most
    assert "without “lamp” the chance of “wiped” falls from 9.8 % to 1.0 %" in desk.says("lookedTrust")
    assert "without another word it is 9.0 %" in desk.says("lookedTrust")
    card.squares.chosen.emit(0, 0)
    assert card.squares.current == (0, 0)
    worker.answered.emit(worker.asked[-1].key, looked())
    card.show_found(looked(without=0.2))
    assert "Do not read much into it" in desk.says("lookedTrust")


def test_what_settings_leave_is_drawn_anew_while_they_are_dragged(desk: WriteDesk, qtbot: QtBot) -> None:
    desk.wrote()
    desk.text.pinned.emit(1)
    qtbot.waitUntil(lambda: desk.num_asked("distribution") == 1)
    assert desk.worker("distribution").asked[-1].arguments[1] == (3, 20, 21, 1)
    chances = np.log(np.array([0.4, 0.3, 0.2, 0.1], np.float32))
    desk.worker("distribution").answer(Distribution(chances, np.zeros(4, bool), {0: " a", 1: " b", 2: " wiped"}))
    desk.page.choosing.show_settings(WritingSettings(temperature=1.0, top_k=0, top_p=1.0))
    desk.page.choosing.changed.emit()
    assert desk.says("settingsLeave") == "at “wiped”: 4 of 4 tokens, likeliest first"
    assert desk.says("withSettings") == "With your settings 20.0 %."
    desk.page.choosing.show_settings(WritingSettings(temperature=1.0, top_k=2, top_p=1.0))
    desk.page.choosing.changed.emit()
    assert desk.says("settingsLeave") == "at “wiped”: 2 of 4 tokens, likeliest first"
    assert desk.says("withSettings") == "With your settings 0.0 %."


def test_a_pasted_text_is_read_and_nothing_is_chosen(desk: WriteDesk, qtbot: QtBot) -> None:
    desk.page.card.mode.segment("read").click()
    assert not desk.page.choosing.write.isEnabled() and not desk.page.choosing.temperature.isEnabled()
    desk.find("beginning", QPlainTextEdit).setPlainText("The glass")
    qtbot.waitUntil(lambda: desk.num_asked("surprise") == 1)
    assert desk.worker("surprise").asked[-1].arguments[1] == "The glass"
    found = Surprise("The glass", (token(5, "The", 2.0), token(6, " glass", 6.0)), 4.0, 16.0, 0.89, ("glass",))
    desk.worker("surprise").answer(found)
    assert desk.text.accessibleName() == "The glass"
    assert desk.says("writingPace") == "4.00 bits a token · perplexity 16 · 0.89 bits a character"
    desk.text.pinned.emit(1)
    assert desk.says("pointedToken") == "glass" and desk.num_asked("looked_at") == 0
    desk.page.card.mode.segment("write").click()
    assert desk.page.choosing.temperature.isEnabled()


def test_what_goes_wrong_is_said_and_the_beginning_stays(desk: WriteDesk) -> None:
    desk.write("Зебра").fail("None of these words is known.")
    assert "None of these words is known." in desk.banner.lines()[0]
    assert desk.find("beginning", QPlainTextEdit).toPlainText() == "Зебра" and not desk.page.is_writing


def test_openings_are_there_until_something_stands_there(desk: WriteDesk) -> None:
    desk.page.card.opening_chosen.emit("In a village by the sea")
    assert desk.worker("write").asked[-1].arguments[1] == "In a village by the sea"


def test_a_click_in_the_text_finds_its_token(desk: WriteDesk, qtbot: QtBot) -> None:
    desk.wrote()
    spot = desk.text.box_of(3).center().toPoint()
    qtbot.mouseClick(desk.text, Qt.MouseButton.LeftButton, pos=QPoint(spot.x(), spot.y()))
    assert desk.text.place == 3 and desk.says("pointedToken") == "glass"


def test_more_bits_are_darker_and_signs_that_cannot_be_seen_are_shown() -> None:
    assert len({shade_of(bits) for bits in (0.0, 2.0, 5.0, 8.0)}) == 4 and shade_of(8.0) == shade_of(20.0)
    assert [shown_token(one) for one in ("\n", "  ", " cat", "")] == ["⏎", "␣", "cat", "⏎"]
