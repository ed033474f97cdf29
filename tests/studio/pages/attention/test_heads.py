"""Attention page: heads switched off, what that costs, and which heads matter most."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from engine.records import UNCHANGED, Switches
from engine.runs.history import History
from studio.pages.attention.head_card import HeadCard
from studio.pages.attention.heads_card import HeadsCard
from studio.pages.attention.ranking_card import RankingCard
from studio.plots.attention.head_ranking import HeadRanking
from studio.widgets.toggle import Toggle
from tests.studio.desk import LARGE
from tests.studio.pages.attention.desk import TEXT, AttentionDesk
from tests.studio.synthetic_attention import synthetic_effect, synthetic_record, synthetic_rollout, synthetic_table
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry

NAME = "self-attention"
LAYER = frozenset((NAME, 0, head) for head in range(4))


def off(*heads: tuple[int, int]) -> Switches:
    return Switches(frozenset((NAME, *head) for head in heads))


def answer_switched(desk: AttentionDesk, switches: Switches) -> None:
    desk.answer(synthetic_record(TEXT, layers=2, heads=4, labels=("positive", "negative"), switches=switches))


def test_the_toggle_switches_the_chosen_head_off(answered: AttentionDesk) -> None:
    answered.find("headSwitch", Toggle).click()
    assert answered.worker("answer").asked[-1].options == {"switches": off((1, 0))}
    assert answered.heads_off == {(1, 0)}, "it is seen before the answer comes"
    answer_switched(answered, off((1, 0)))
    assert answered.said.startswith("With 1 head off: the answer turns from “negative”")
    assert answered.says("answerBefore").startswith("before: “negative”")
    assert answered.num_asked("plain") == 0, "what it said with all heads on is known"
    answered.find("headSwitch", Toggle).click()
    assert answered.worker("answer").asked[-1].options == {"switches": UNCHANGED}


def test_by_key_in_the_grid(answered: AttentionDesk) -> None:
    answered.grid.setFocus()
    QTest.keyClick(answered.grid, Qt.Key.Key_Up)
    QTest.keyClick(answered.grid, Qt.Key.Key_M)
    assert answered.switches == off((0, 0))
    QTest.keyClick(answered.grid, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert answered.switches.muted == LAYER
    QTest.keyClick(answered.grid, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert answered.switches == UNCHANGED


def test_all_on(answered: AttentionDesk) -> None:
    assert not answered.is_shown("allHeadsOn")
    answered.grid.layer_toggled.emit(0)
    assert answered.is_shown("allHeadsOn")
    answered.press("allHeadsOn")
    assert answered.switches == UNCHANGED
    assert answered.heads_off == set()


def test_uniform_attention(answered: AttentionDesk) -> None:
    answered.find("uniformAttention", Toggle).click()
    assert answered.worker("answer").asked[-1].options == {"switches": Switches(uniform=True)}
    answer_switched(answered, Switches(uniform=True))
    assert answered.said.startswith("With uniform attention: ")


def test_a_new_text_under_switches_asks_what_it_says_without_them(answered: AttentionDesk) -> None:
    answered.grid.layer_toggled.emit(0)
    answered.type("quite clean")
    assert answered.worker("plain").asked[-1].arguments[1] == "quite clean"
    switches = Switches(LAYER)
    answered.answer(synthetic_record("quite clean", layers=2, heads=4, switches=switches))
    assert answered.said.startswith("It says"), "what it was before is not known yet"
    answered.worker("plain").answer(synthetic_record("quite clean", layers=2, heads=4, labels=("positive", "negative")))
    assert answered.said.startswith("With 4 heads off: the answer turns from “positive”")


def test_rollout_has_no_heads_to_switch(answered: AttentionDesk) -> None:
    answered.pick("mapChooser", "rollout")
    answered.worker("rollout").answer(synthetic_rollout(answered.record))
    assert not answered.is_shown("headSwitch")
    count = answered.num_asked("answer")
    answered.grid.setFocus()
    QTest.keyClick(answered.grid, Qt.Key.Key_M)
    assert answered.num_asked("answer") == count and not answered.heads_off


# what it costs


def test_the_effect_is_measured_by_a_button(answered: AttentionDesk) -> None:
    assert not answered.is_shown("measureEffect"), "nothing is switched"
    answered.find("headSwitch", Toggle).click()
    answer_switched(answered, off((1, 0)))
    button = answered.find("measureEffect", QAbstractButton)
    button.click()
    worker = answered.worker("effect")
    assert worker.asked[-1].arguments[1] == off((1, 0))
    assert button.text().strip() == "Stop"
    worker.tell(100, 400)
    assert "measuring, 25 %" in " ".join(label.text() for label in answered.part(HeadCard).findChildren(QLabel))
    worker.answer(synthetic_effect(off((1, 0))))
    assert answered.says("effectFigure") == "85.0 % precision"
    assert answered.says("effectChange") == "−5.0 ± 1.2 points"
    words = [label.text() for label in answered.part(HeadCard).findChildren(QLabel) if label.isVisible()]
    assert "recall 75.0 %, change −5.0 ± 1.2 points" in words
    assert "400 texts" in words
    assert not button.isVisible()


def test_measuring_is_stopped(answered: AttentionDesk) -> None:
    answered.find("headSwitch", Toggle).click()
    answer_switched(answered, off((1, 0)))
    button = answered.find("measureEffect", QAbstractButton)
    button.click()
    button.click()
    assert answered.worker("effect").num_stops == 1
    assert button.text().strip() == "Measure what it costs"
    button.click()
    assert answered.num_asked("effect") == 2


def test_other_switches_stop_a_measurement_of_the_old_ones(answered: AttentionDesk) -> None:
    answered.find("headSwitch", Toggle).click()
    answered.find("measureEffect", QAbstractButton).click()
    answered.grid.layer_toggled.emit(0)
    assert answered.worker("effect").num_stops == 1
    assert answered.find("measureEffect", QAbstractButton).text().strip() == "Measure what it costs"


def test_an_effect_that_cannot_be_measured_says_why(answered: AttentionDesk) -> None:
    answered.find("headSwitch", Toggle).click()
    answer_switched(answered, off((1, 0)))
    answered.press("measureEffect")
    answered.worker("effect").fail("There are no labelled rows.")
    assert answered.banner.lines()[0] == "There are no labelled rows."
    assert answered.heat_map.isVisible()
    answered.press("measureEffect")
    assert not answered.banner.isVisible()
    assert answered.num_asked("effect") == 2


def test_a_model_asks_for_a_labelled_file(qtbot: QtBot, look: object, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("/models/minilm")
    desk = AttentionDesk(qtbot, path=path, book=SyntheticBook(SyntheticEntry(path, History(), state="model")))
    desk.read()
    chosen = [""]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen[0], ""))
    desk.press("rankHeads")
    assert desk.num_asked("heads") == 0, "nothing was chosen"
    chosen[0] = "/data/labelled.csv"
    desk.press("rankHeads")
    asked = desk.worker("heads").asked[-1]
    assert asked.options["source"] == "/data/labelled.csv"
    desk.worker("heads").fail("The file has no labels.")
    chosen[0] = "/data/better.csv"
    desk.press("rankHeads")
    assert desk.worker("heads").asked[-1].options["source"] == "/data/better.csv", "another one can be chosen"


# which heads matter


def test_the_ranking_grows_and_a_row_shows_its_head(answered: AttentionDesk) -> None:
    rows = answered.part(HeadRanking)
    answered.press("rankHeads")
    worker = answered.worker("heads")
    worker.tell(1, 8, synthetic_table((NAME, 0, 3)))
    assert rows.model().rowCount() == 1
    worker.tell(2, 8, synthetic_table((NAME, 0, 2), (NAME, 0, 3)))
    assert rows.model().rowCount() == 2
    assert answered.find("rankHeads", QAbstractButton).text().strip() == "Stop"
    rows.setCurrentIndex(rows.model().index(1, 0))
    assert answered.grid.current == (0, 3)
    np.testing.assert_array_equal(answered.heat_map.data.weights, answered.record.maps[0].weights[0, 3])
    answered.press("rankHeads")
    assert worker.num_stops == 1
    assert rows.isVisible()
    assert rows.model().rowCount() == 2, "what is known stays"
    assert answered.is_shown("rankHeads"), "and the rest can still be measured"
    answered.press("rankHeads")
    worker.answer(synthetic_table(*((NAME, layer, head) for layer in range(2) for head in range(4))))
    assert rows.model().rowCount() == 8
    assert not answered.is_shown("rankHeads")


def test_another_run_forgets_what_was_measured(answered: AttentionDesk) -> None:
    answered.press("rankHeads")
    answered.worker("heads").tell(1, 8, synthetic_table((NAME, 0, 3)))
    assert answered.part(HeadRanking).isVisible()
    other = Path("/runs/other")
    answered.book.add(other, answered.book.entry(answered.path).history)
    answered.page.show_run(other)
    assert answered.worker("heads").num_stops == 1
    answered.answer(synthetic_record(TEXT, layers=1, heads=2))
    assert not answered.part(HeadRanking).isVisible()
    assert answered.grid.current == (0, 0)


@pytest.mark.parametrize(
    ("order", "first"), [("layer", (0, 0)), ("entropy", (0, 0)), ("distance", (1, 3)), ("importance", (1, 1))]
)
def test_orders_of_heads(answered: AttentionDesk, order: str, first: tuple[int, int]) -> None:
    answered.pick("headOrder", order)
    importance = np.zeros((2, 4), dtype=np.float32)
    importance[1, 1] = 0.7
    if order != "importance":
        answered.part(HeadsCard).importance_wanted.emit()
    answered.wait_asked("importance").answer({NAME: importance})
    places = [(layer, head) for layer in range(2) for head in range(4)]
    tiles = {place: answered.grid.place_of(*place) for place in places}
    assert min(places, key=lambda place: (tiles[place].top(), tiles[place].left())) == first


def test_one_attention_is_not_ranked(desk: AttentionDesk) -> None:
    desk.read(pooled=True)
    assert not desk.part(RankingCard).isVisible()
    assert desk.is_shown("uniformAttention")
    desk.page.resize(*LARGE)
    desk.page.resize(720, 600)
    assert not desk.part(RankingCard).isVisible(), "another size shows nothing that was hidden"


def test_runs_of_other_shapes_follow_each_other(answered: AttentionDesk) -> None:
    answered.grid.chosen.emit(1, 3)
    answered.read("now with a single head", layers=1, heads=1)
    answered.read("and pooled now", pooled=True)
    answered.read("large again now", layers=3, heads=5)
    assert answered.grid.current == (1, 3), "the choice outlives smaller models"
