"""What a run says to held-out rows stands on the Training page in the place of where it looks, step by step."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from engine import events
from engine.config.run import RunConfig
from engine.runs.history import History
from studio.pages.training.answers_card import AnswersCard
from studio.pages.training.probes_card import ProbesCard
from studio.plots.attention.difference_text import DifferenceText
from tests.studio.pages.training.answered import ROWS, answered, answering_history, of_a_task_in_words
from tests.studio.pages.training.test_page import PATH, TrainingDesk
from tests.studio.synthetic_history import synthetic_history

pytestmark = pytest.mark.usefixtures("look")


def said_of(desk: TrainingDesk) -> list[str]:
    found = [one for one in desk.page.findChildren(DifferenceText, "answeredSaid") if one.isVisible()]
    return [one.marks.text for one in found]


def test_the_newest_answers_stand_beside_the_right_ones(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot, answering_history(synthetic_history()))
    assert desk.part(AnswersCard).isVisible() and not desk.part(ProbesCard).isVisible()
    assert said_of(desk) == [
        "A man rides a red bike down the street .",
        "Two dogs play in the snow .",
        "A woman reads a book to her child .",
        "(nothing)",
    ]
    rights = [one for one in desk.page.findChildren(DifferenceText, "answeredWanted") if one.isVisible()]
    assert [one.marks.text for one in rights] == [wanted for _, wanted in ROWS]
    saids = desk.page.findChildren(DifferenceText, "answeredSaid")
    assert saids[0].marked == ["bike"] and rights[0].marked == ["bicycle"]
    assert saids[1].marked == [] and rights[3].marked == []
    assert desk.part(AnswersCard).caption.text() == "held-out rows, step 400"


def test_an_older_step_stays_while_newer_ones_come(qtbot: QtBot) -> None:
    history = synthetic_history()
    history.append(answered(40))
    history.append(answered(200))
    desk = TrainingDesk(qtbot, history)
    card = desk.part(AnswersCard)
    assert card.shown_step == 200
    card.slider.setValue(0)
    assert card.shown_step == 40 and said_of(desk)[1] == "A man ."
    assert card.title.text() == "What it said then"
    history.append(answered(400))
    desk.book.advanced.emit(PATH)
    desk.page.refresh()
    assert card.slider.maximum() == 2 and card.shown_step == 40
    card.slider.setValue(2)
    assert card.title.text() == "What it says now" and said_of(desk)[1] == "Two dogs play in the snow ."


def test_a_task_that_answers_in_words_waits_for_its_answers(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    config = RunConfig()
    of_a_task_in_words(monkeypatch, config)
    desk = TrainingDesk(qtbot, History(), config=config)
    assert not desk.part(ProbesCard).isVisible()
    assert desk.says("noAnswersYet").startswith("After the first look at validation")


def test_a_run_with_labels_shows_where_it_looks(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    assert desk.part(ProbesCard).isVisible() and not desk.part(AnswersCard).isVisible()


def test_where_silence_is_right_all_that_is_said_is_wrong(qtbot: QtBot) -> None:
    history = synthetic_history()
    rows = [
        {"read": ["Who?"], "wanted": "Ada", "said": "Ada", "score": 1.0},
        {"read": ["Why?"], "wanted": "", "said": "just because", "score": 0.0},
    ]
    history.append(events.TextsAnswered(step=40, rows=rows))
    desk = TrainingDesk(qtbot, history)
    saids = [one for one in desk.page.findChildren(DifferenceText, "answeredSaid") if one.isVisible()]
    rights = [one for one in desk.page.findChildren(DifferenceText, "answeredWanted") if one.isVisible()]
    assert saids[1].marked == ["just", "because"] and saids[0].marked == []
    assert rights[1].marks.text == "(no answer is right)"


def test_what_is_written_without_a_right_text_is_not_judged(qtbot: QtBot) -> None:
    history = synthetic_history()
    row = {"read": ["Once"], "wanted": "", "said": "upon a time", "score": None}
    history.append(events.TextsAnswered(step=40, rows=[row]))
    desk = TrainingDesk(qtbot, history)
    (said,) = [one for one in desk.page.findChildren(DifferenceText, "answeredSaid") if one.isVisible()]
    assert said.marked == [] and said.marks.text == "upon a time"
    assert not [one for one in desk.page.findChildren(DifferenceText, "answeredWanted") if one.isVisible()]
