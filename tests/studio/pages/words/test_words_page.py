"""The Words page: the words of each label, searched; a row shows the texts that hold it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QTableView
from pytestqt.qtbot import QtBot

from engine.records import Occurrence, SpokenRun, SpokenWords
from engine.runs.history import History
from studio.pages.words import WordsPage
from studio.tables.column_model import ROW
from studio.widgets.empty_state import EmptyState
from studio.widgets.search_field import SearchField
from studio.widgets.segmented_control import SegmentedControl
from tests.studio.desk import Desk
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, synthetic_history

PATH = Path("/runs/counted")
CHOSEN = {
    "kind": "words", "longest": 2, "weighting": "naive-bayes", "regularisation": 1.0, "num_tried": 900,
    "num_learned": 900, "num_found": 4000, "trials": [{"right": 0.9}, {"right": 0.95}],
}  # fmt: skip
RUNS = (SpokenRun("free prize", (7, 8), 2.5, 12), SpokenRun("prize", (8,), 1.25, 30))
PLACE = Occurrence(4, "Claim your FREE PRIZE <now>", "fraud", ((11, 21),))


def spoken(**changes: Any) -> SpokenWords:
    found: dict[str, Any] = {
        "label": "fraud", "labels": ("fraud", "honest"), "against": False, "runs": RUNS, "num_matching": 40,
        "num_all": 4000, "counts_characters": False, "chosen": CHOSEN,
    }  # fmt: skip
    return SpokenWords(**{**found, **changes})


class WordsDesk(Desk[WordsPage]):
    def __init__(self, qtbot: QtBot, history: History | None = None) -> None:
        super().__init__(qtbot)
        self.book = SyntheticBook(SyntheticEntry(PATH, history or synthetic_history(), state="finished"))
        self.page = self.put(WordsPage(self.book, self.make_worker))  # type: ignore[arg-type]
        self.page.show_run(PATH)

    def says(self, name: str) -> str:
        return self.find(name, QLabel).text()

    @property
    def table(self) -> QTableView:
        return self.find("wordsTable", QTableView)

    def cell(self, row: int, column: int) -> str:
        return str(self.table.model().index(row, column).data())

    def asked(self) -> tuple[Any, ...]:
        return self.worker("speaking_words").asked[-1].arguments[1:]


@pytest.fixture
def desk(qtbot: QtBot) -> WordsDesk:
    made = WordsDesk(qtbot)
    made.worker("speaking_words").answer(spoken())
    return made


def test_the_words_of_a_label_with_weight_and_texts(desk: WordsDesk) -> None:
    assert [desk.cell(0, column) for column in range(3)] == ["free prize", "+2.500", "12"]
    assert desk.says("wordsCount") == "the strongest 2 of 40"
    assert "4,000 runs of words" in desk.says("wordsSentence")
    chosen = desk.says("wordsChosen")
    assert (
        "up to 2 words" in chosen and "naive-Bayes" in chosen and "95.0 %" in chosen and "2 ways were tried" in chosen
    )


def test_another_label_another_side_and_a_search_are_asked_for(desk: WordsDesk, qtbot: QtBot) -> None:
    labels = desk.find("wordsLabel", QComboBox)
    assert labels.currentText() == "fraud"
    labels.setCurrentIndex(1)
    labels.activated.emit(1)
    assert desk.asked() == ("honest", "", False)
    desk.worker("speaking_words").answer(spoken(label="honest"))
    desk.find("wordsSide", SegmentedControl).segment("against").click()
    assert desk.asked() == ("honest", "", True)
    desk.find("search", SearchField).setText("pri")
    qtbot.waitUntil(lambda: desk.asked() == ("honest", "pri", True))
    desk.worker("speaking_words").answer(spoken(label="honest", against=True, runs=(), num_matching=0))
    assert not desk.table.isVisible()
    assert any(one.isVisible() and one.objectName() != "page" for one in desk.page.findChildren(EmptyState))


def test_a_row_shows_the_texts_that_hold_it(desk: WordsDesk) -> None:
    desk.table.selectRow(0)
    worker = desk.worker("occurrences")
    assert worker.asked[-1].arguments[1] == (7, 8)
    assert "free prize" in desk.says("placesAbout")
    worker.answer((PLACE,))
    assert desk.says("placesAbout") == "1 of the 12 texts that hold “free prize”."
    text = desk.says("place")
    assert "FREE PRIZE</b>" in text and "&lt;now&gt;" in text


def test_characters_are_shown_with_their_blanks(qtbot: QtBot) -> None:
    desk = WordsDesk(qtbot)
    desk.worker("speaking_words").answer(
        spoken(runs=(SpokenRun("e p", (5, 6, 7), -1.0, 3),), counts_characters=True, chosen={})
    )
    assert desk.cell(0, 0) == "e␣p" and desk.cell(0, 1) == "−1.000"
    assert desk.table.model().index(0, 0).data(ROW).text == "e p"


def test_a_number_has_no_labels_to_choose_from(qtbot: QtBot) -> None:
    desk = WordsDesk(qtbot)
    desk.worker("speaking_words").answer(spoken(label="", labels=()))
    assert not desk.find("wordsLabel", QComboBox).isVisible()


def test_a_model_that_counts_no_words_says_so(qtbot: QtBot) -> None:
    desk = WordsDesk(qtbot)
    desk.worker("speaking_words").fail("This model counts no words.")
    said = [one.text() for one in desk.banner.findChildren(QLabel)]
    assert desk.banner.isVisible() and any("counts no words" in one for one in said)


def test_before_the_first_checkpoint_there_is_nothing_to_show(qtbot: QtBot) -> None:
    desk = WordsDesk(qtbot, History())
    assert any(one.isVisible() for one in desk.page.findChildren(EmptyState))
