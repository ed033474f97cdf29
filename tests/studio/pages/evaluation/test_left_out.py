"""The Evaluation page says which rows of a file were not measured, and how labels are read that the model does not
know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sklearn.metrics import accuracy_score, f1_score, precision_score

from engine.records import Answers, LabelRule, LeftOut, UnknownLabel
from engine.targets import Decided, probabilities_of
from studio.pages.evaluation.left_out_card import LeftOutCard
from studio.pages.evaluation.target_view import view_of
from tests.studio.pages.evaluation.desk import EvaluationDesk, made_answers
from tests.studio.pages.evaluation.rows_desk import Rows

pytestmark = pytest.mark.usefixtures("look")
LEFT_OUT = (LeftOut("no_text", 5, (3, 9, 12, 30, 31)), LeftOut("no_label", 55, tuple(range(40, 60))))


def strange(answers: Answers, places: list[int], label: str = "Spam!", like: str = "spam") -> Answers:
    """The same answers, but some rows have a label that the model does not know."""
    unknown = np.zeros((len(answers), 1), dtype=bool)
    unknown[places] = True
    assert answers.truths is not None
    truths = answers.truths.copy()
    truths[places] = False if answers.kind == "several" else -1
    stranger = UnknownLabel(label, len(places), tuple(place + 1 for place in places), like)
    return replace(answers, truths=truths, unknown=unknown, strangers=(stranger,))


@pytest.mark.parametrize("labels", [("normal", "spam"), ("delivery", "billing", "praise")])
def test_unknown_labels_count_as_wrong_as_a_plain_reference_counts_them(labels: tuple[str, ...]) -> None:
    answers = strange(made_answers(labels, 80), [2, 5, 11, 40])
    decided = Decided(answers)
    said = probabilities_of(answers).argmax(axis=1)
    assert answers.truths is not None
    truths = np.where(answers.truths < 0, len(labels), answers.truths)
    assert decided.figures["accuracy"].value == pytest.approx(accuracy_score(truths, said))
    if len(labels) > 2:
        macro = {"average": "macro", "zero_division": 0}
        assert decided.figures["f1"].value == pytest.approx(f1_score(truths, said, **macro))
    else:
        expected = precision_score(truths == 1, said == 1)
        assert decided.figures["precision"].value == pytest.approx(expected)
    assert decided.table is not None and decided.table.shape == (len(labels), len(labels) + 1)
    assert decided.table.sum() == 76


def test_unknown_ones_among_several_labels_count_as_wrong() -> None:
    answers = strange(made_answers(("a", "b", "c"), 60, kind="several"), [1, 7])
    plain = made_answers(("a", "b", "c"), 60, kind="several")
    decided, before = Decided(answers), Decided(plain)
    assert decided.figures["accuracy"].value <= before.figures["accuracy"].value
    assert decided.figures["f1"].value < before.figures["f1"].value, "a label that is never said has F1 0"


def test_a_row_keeps_its_own_label_in_words() -> None:
    answers = strange(made_answers(num=20), [4], "Spam!")
    assert view_of(answers).truth(answers, 4) == "Spam!"
    assert view_of(answers).truth(answers, 3) in answers.labels
    several = strange(made_answers(("a", "b"), 20, kind="several"), [4], "zzz")
    assert "zzz" in view_of(several).truth(several, 4)


def test_rows_of_unknown_labels_are_among_the_errors(qtbot: QtBot, tmp_path: Path) -> None:
    rows = Rows(qtbot, tmp_path)
    answers = strange(rows_answers(), [1])
    rows.show(answers)
    assert 12 in rows.shown_rows()
    rows.details.texts.table.selectRow(rows.shown_rows().index(12))


def rows_answers() -> Answers:
    from tests.studio.pages.evaluation.rows_desk import made_answers as made

    return made()


def measured_file(qtbot: QtBot, tmp_path: Path, answers: Answers) -> EvaluationDesk:
    file = tmp_path / "new.csv"
    file.write_text("text,label\n", encoding="utf-8")
    desk = EvaluationDesk(qtbot, tmp_path, made_answers(num=60))
    desk.page.measure_file(file)
    desk.wait_asked("examine").answer(replace(answers, split="data", source=str(file)))
    return desk


def test_what_was_left_out_is_told_with_its_rows(qtbot: QtBot, tmp_path: Path) -> None:
    desk = measured_file(qtbot, tmp_path, replace(made_answers(num=40), left_out=LEFT_OUT))
    card = desk.find("leftOut", LeftOutCard)
    assert card.isVisible()
    told = card.told()
    assert told.startswith("40 of 100 rows were measured")
    assert "5 rows have no text" in told and "(rows 3, 9, 12, 30, 31)" in told
    assert "55 rows have no label" in told and "(rows 40, 41, 42, 43, 44, 45, 46, 47 …)" in told
    assert not desk.is_shown("unknownLabels")


def test_nothing_is_said_where_all_was_measured(qtbot: QtBot, tmp_path: Path) -> None:
    desk = measured_file(qtbot, tmp_path, made_answers(num=40))
    assert not desk.is_shown("leftOut")


def test_labels_that_the_model_does_not_know_can_be_left_out(qtbot: QtBot, tmp_path: Path) -> None:
    answers = strange(made_answers(num=40), [2, 8])
    desk = measured_file(qtbot, tmp_path, answers)
    card = desk.find("leftOut", LeftOutCard)
    assert "“Spam!” (2 rows) is no label of the model and counts as wrong" in card.told()
    assert card.told().startswith("All 40 rows were measured")
    assert desk.is_shown("matchSpelling"), "“spam” is spelled nearly so"
    card.unknown.segment("leave-out").click()
    asked = desk.wait_asked("examine", 2).asked[-1]
    assert asked.options["rule"] == LabelRule(leave_out=True)
    left = (LeftOut("unknown_label", 2, (3, 9), ("Spam!",)),)
    found = replace(made_answers(num=38), split="data", source=asked.options["source"] or "", left_out=left)
    desk.worker("examine").answer(found)
    assert card.told().startswith("38 of 40 rows were measured")
    assert card.unknown.current() == "leave-out"
    measured = desk.wait_asked("measure").asked[-1]
    assert measured.options["rule"] == LabelRule(leave_out=True), "figures are of the same rows"


def test_another_spelling_is_a_mend(qtbot: QtBot, tmp_path: Path) -> None:
    desk = measured_file(qtbot, tmp_path, strange(made_answers(num=40), [2]))
    desk.find("leftOut", LeftOutCard).spelling.click()
    assert desk.wait_asked("examine", 2).asked[-1].options["rule"] == LabelRule(match_spelling=True)


def test_long_lists_of_unknown_labels_are_counted(qtbot: QtBot) -> None:
    card = LeftOutCard()
    qtbot.addWidget(card)
    strangers = tuple(UnknownLabel(f"topic {place}", 1, (place + 1,)) for place in range(9))
    card.show_answers(replace(made_answers(num=9), strangers=strangers), LabelRule())
    assert "3 more labels count as wrong." in card.findChild(QLabel, "leftOutWords").text()


def test_bars_of_a_row_with_an_unknown_label_mark_none_as_its_own() -> None:
    answers = strange(made_answers(num=20), [4])
    decided, view = Decided(answers), view_of(answers)
    assert decided.doubts.wrong[4]
    assert not any(bar.strong for bar in view.bars(decided, 4))
    assert sum(bar.strong for bar in view.bars(decided, 3)) == 1
