"""The wizard asks what a text gets: one label, several, or a number; the data say it, a person may say otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from engine.config.data import BuiltinTexts
from engine.config.run import RunConfig
from engine.records import Preview
from studio.pages.wizard.data import DataStep
from studio.pages.wizard.draft import (
    Draft,
    draft_of,
    first_mends,
    new_draft,
    preview_key,
    report_key,
    with_answers,
    with_chosen_kind,
    with_goal,
    with_guess,
    with_part,
    with_recipe,
    with_role,
    with_source,
    with_values,
)
from studio.pages.wizard.findings import FindingsCard
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.kind_row import KindRow
from studio.pages.wizard.preview_model import LABELS, PreviewModel
from studio.pages.wizard.preview_table import PreviewTable
from studio.pages.wizard.step_validation import lack
from studio.plots.charts.class_balance import BalanceBars, balance_rows
from studio.recipes import recipe
from studio.tasks.classification.forms import SortingForms
from studio.tasks.classification.paragraph import best_sentence
from studio.widgets import Button, SegmentedControl
from tests.studio.desk import painted
from tests.studio.pages.wizard.answers import paragraph, reply, report_of
from tests.studio.pages.wizard.desk import WizardDesk

LISTS = Preview(
    name="lists.csv",
    columns=("text", "tags", "stars"),
    rows=(("a soup", "food; price", "4"), ("a bed", "room", "2"), ("rain", "", "3")),
    num_rows=3,
    num_bytes=60,
    roles={"text": "text", "label": "tags"},
    facts={},
    kind="several",
    separator=";",
)
COLUMNS = replace(
    LISTS,
    columns=("text", "food", "room", "price"),
    rows=(("a soup", "1", "0", "1"), ("a bed", "0", "1", "0")),
    roles={"text": "text", "label": "food"},
    separator="",
    label_columns=("food", "room"),
    marked_columns=("food", "room", "price"),
)


def texts_in(widget: QWidget) -> list[str]:
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisible()]


def drawn(preview: Preview) -> Draft:
    """A draft on a file, as its preview has it."""
    return with_guess(replace(with_source(new_draft(), "file", "/data/a.csv"), preview=preview))


def test_the_data_say_what_a_text_gets():
    several = drawn(LISTS)
    assert several.kind == "several" and several.config.task.loss.name == "binary-cross-entropy"
    assert drawn(replace(LISTS, kind="number")).kind == "number"
    assert drawn(replace(LISTS, kind="one")).kind == "one"
    columns = drawn(COLUMNS)
    assert columns.label_columns == ("food", "room") and columns.roles == {"text": "text", "label": "food"}
    assert RunConfig.model_validate(columns.config.to_tree()) == columns.config
    assert with_source(columns, "file", "b.csv").label_columns == ()


def test_answers_are_filled_in_and_lead_on():
    """The preview says that a text may have several labels; the report of that config is known already."""
    draft = with_source(new_draft(), "file", "/data/a.csv")
    several = drawn(LISTS).config
    known, report = Answers(), report_of(draft.config)
    known.known["preview", preview_key(draft.config)] = LISTS
    known.known["diagnose", report_key(draft.config)] = replace(report, max_length=1)
    assert with_answers(draft, known).report is None
    known.known["diagnose", report_key(several)] = report
    filled = with_answers(draft, known)
    assert filled.preview == LISTS and filled.kind == "several" and filled.report is report
    assert with_answers(filled, Answers()).preview == LISTS, "the old one stands until the new one comes"
    assert with_answers(new_draft(), known).preview is None


def test_what_a_person_says_holds():
    one = with_chosen_kind(drawn(LISTS), "one")
    assert with_guess(one) is one and one.kind == "one" and one.config.data.label_columns == ()
    number = with_part(drawn(LISTS), "task", with_chosen_kind(drawn(LISTS), "number").config.task)
    assert number.is_kind_chosen and with_guess(number).kind == "number", "the form of the loss says it too"
    again = draft_of(recipe("stars").config)
    assert with_guess(replace(again, preview=LISTS)).kind == "number", "a whole config knows what it is about"
    assert with_guess(with_source(replace(again, preview=None), "file", "a.csv")).kind == "number"
    few = with_goal(drawn(LISTS), "semi-supervised")
    assert with_guess(few) is few


def test_several_are_not_attacked():
    draft = replace(with_source(draft_of(recipe("fraud-adversarial").config), "file", "a.csv"), preview=LISTS)
    several = with_guess(draft)
    assert draft.config.training.attacked_rows and not several.config.training.attacked_rows
    assert lack(several, Answers(), "training") is None
    assert not with_recipe(several, recipe("fraud-adversarial")).config.training.attacked_rows


def test_columns_of_yes_and_no_are_chosen_one_by_one():
    draft = drawn(COLUMNS)
    more = with_role(draft, "price", "label")
    assert more.label_columns == ("food", "room", "price") and more.is_kind_chosen
    fewer = with_role(with_role(more, "food", "ignore"), "room", "ignore")
    assert fewer.label_columns == ("price",) and "label" not in fewer.config.data.columns
    none = with_role(fewer, "price", "ignore")
    assert none.open_roles == {"label"} and lack(none, Answers(), "data") is not None
    lists = replace(draft, preview=replace(COLUMNS, columns=(*COLUMNS.columns, "tags")))
    assert (
        with_role(lists, "tags", "label").label_columns == ()
        and with_role(lists, "tags", "label").roles["label"] == "tags"
    )


def test_recipes_bring_what_they_are_about():
    assert with_recipe(new_draft(), recipe("several-labels")).kind == "several"
    built = with_source(new_draft(), "builtin", "builtin")
    stars = with_recipe(built, recipe("stars"))
    assert stars.kind == "number" and stars.config.data.builtin.topic == "stars"
    assert with_recipe(stars, recipe("attention")).kind == "number", "another model for the same data"
    assert with_recipe(stars, recipe("attention")).config.data.builtin.topic == "stars"
    mine = with_recipe(drawn(LISTS), recipe("stars"))
    assert mine.kind == "several" and mine.config.data.builtin == BuiltinTexts(), "a file decides for itself"


def test_the_row_says_how_labels_are_read(qtbot):
    row = KindRow()
    qtbot.addWidget(row)
    row.resize(700, 40)
    row.show()
    told = row.findChild(QLabel, "kind-told")
    row.show_draft(drawn(LISTS))
    assert told.text() == "“;” stands between labels"
    row.show_draft(drawn(COLUMNS))
    assert told.text().startswith("2 columns of yes and no")
    row.show_draft(drawn(replace(LISTS, separator="[]")))
    assert "brackets" in told.text()
    with qtbot.waitSignal(row.chosen) as chosen:
        qtbot.mouseClick(row.findChild(SegmentedControl, "kind").segment("number"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["number"]


def test_lists_are_shown_as_chips(qtbot):
    model = PreviewModel(LISTS, LISTS.roles, sign=";")
    assert model.data(model.index(0, 1), LABELS) == ["food", "price"] and model.data(model.index(2, 1), LABELS) == []
    assert model.data(model.index(0, 0), LABELS) is None
    assert PreviewModel(LISTS, LISTS.roles).data(model.index(0, 1), LABELS) is None
    columns = PreviewModel(COLUMNS, COLUMNS.roles, label_columns=("food", "room"), sign="")
    assert [columns.role_of(place) for place in range(4)] == ["text", "label", "label", "ignore"]
    assert columns.data(columns.index(0, 1), LABELS) is None
    table = PreviewTable()
    qtbot.addWidget(table)
    table.resize(520, 200)
    table.show_preview(LISTS, LISTS.roles, sign=";")
    table.show()
    picture = table.grab().toImage()
    plain = PreviewTable()
    qtbot.addWidget(plain)
    plain.resize(520, 200)
    plain.show_preview(LISTS, LISTS.roles)
    plain.show()
    assert picture != plain.grab().toImage()


@pytest.mark.parametrize(
    ("kind", "balance", "words"),
    [
        ("several", {"food": 30, "room": 20}, "which of 2 labels a text has, any number of them or none: food, room"),
        ("several", {str(n): 9 - n for n in range(6)}, "of 6 labels which a text has"),
        ("number", {}, "a number"),
    ],
)
def test_the_paragraph_fits(kind, balance, words):
    draft = with_chosen_kind(drawn(LISTS), kind)
    report = replace(report_of(draft.config), kind=kind, is_numeric=kind == "number", balance=balance)
    sentences = " ".join(one.english() for one in paragraph(draft.config, report, None))
    assert words in sentences
    assert ("least squared error" in sentences) == (kind == "number")


FLOOR = "Precision at the least recall"


@pytest.mark.parametrize(
    ("kind", "num_labels", "chosen", "offered"),
    [
        ("one", 2, "F1", {"F1", "Precision", "Recall", "Accuracy", "Loss", "AUC", "Average precision", FLOOR}),
        ("one", 3, "F1", {"F1", "Precision", "Recall", "Accuracy", "Loss"}),
        ("several", 3, "F1", {"F1", "Precision", "Recall", "Accuracy", "Loss", "F1, all labels pooled"}),
        ("number", 0, "Loss", {"Loss", "Squared error", "Mean error", "Explained share"}),
    ],
)
def test_the_best_is_chosen_by_what_is_measured(qtbot, kind, num_labels, chosen, offered):
    config = with_chosen_kind(drawn(LISTS), kind).config
    report = replace(report_of(config), kind=kind, balance={f"label {place}": 5 for place in range(num_labels)})
    forms = SortingForms()
    qtbot.addWidget(forms)
    forms.show()
    forms.show_config(config, None, report)
    (measures,) = [box for box in forms.findChildren(QComboBox, "metric") if box.isVisible()]
    assert {measures.itemText(place) for place in range(measures.count())} == offered
    assert measures.currentText() == chosen
    assert any(best_sentence(config).english() in text for text in texts_in(forms))


def test_a_measure_that_the_new_kind_lacks_gives_way():
    draft = drawn(LISTS)
    best = draft.config.training.best.model_copy(update={"metric": "f1_micro"})
    draft = with_values(draft, {"training": draft.config.training.model_copy(update={"best": best})})
    assert with_chosen_kind(draft, "several").config.training.best.metric == "f1_micro"
    assert with_chosen_kind(draft, "number").config.training.best.metric == "loss"


def test_the_charts_say_what_they_show(qtbot):
    step = DataStep()
    qtbot.addWidget(step)
    step.resize(1100, 900)
    step.show()
    several = drawn(LISTS)
    report = replace(report_of(several.config), kind="several", balance={"food": 8, "room": 5}, num_rows={"train": 10})
    step.show_draft(replace(several, report=report), Answers())
    bars = step.findChild(BalanceBars)
    assert "texts that have each label" in texts_in(step) and not step.findChild(QWidget, "positive-label").isVisible()
    drawn_bars, expected = painted(bars), BalanceBars(most=6)
    qtbot.addWidget(expected)
    expected.resize(bars.size())
    expected.show_balance({"food": 8, "room": 5}, 10)
    assert drawn_bars == painted(expected), "a text counts for each of its labels"
    expected.show_balance({"food": 8, "room": 5})
    assert drawn_bars != painted(expected)
    number = with_chosen_kind(several, "number")
    numbers = np.array([1.0, 5.0, 3.0])
    told = replace(report_of(number.config), kind="number", is_numeric=True, balance={}, numbers=numbers)
    step.show_draft(replace(number, report=told), Answers())
    assert any("from 1 to 5, 3 on average" in text for text in texts_in(step))
    assert step.findChild(KindRow).isVisible()
    step.show_draft(replace(with_goal(several, "semi-supervised"), report=report), Answers())
    assert not step.findChild(KindRow).isVisible()


def test_texts_of_none_are_not_mended_with_all(qtbot):
    report = report_of(RunConfig())
    none = replace(report.findings[0], kind="no_labels", is_fault=False)
    only = replace(report, findings=(none,))
    assert first_mends(only) == {} and set(first_mends(replace(report, findings=(none, report.findings[1])))) == {
        "duplicates"
    }
    card = FindingsCard()
    qtbot.addWidget(card)
    card.show_report(only)
    assert card.findChild(Button, "mend-all").isHidden() and card.findChild(Button, "mend-no_labels") is not None


def test_shares_are_of_all_rows():
    assert [row.share for row in balance_rows({"a": 6, "b": 6}, 6, 10)] == [0.6, 0.6]
    assert [row.share for row in balance_rows({"a": 6, "b": 6}, 6)] == [0.5, 0.5]


def of_lists(verb, question, *more):
    """As if every file held lists."""
    answer = reply(verb, question, *more)
    if verb == "preview":
        return replace(answer, kind="several", separator=";")
    if verb == "diagnose":
        return replace(answer, kind="several" if question.task.is_multi_label else "one")
    return answer


@pytest.mark.slow
def test_the_page_takes_what_the_preview_says(qtbot, tmp_path):
    desk = WizardDesk(qtbot, tmp_path, of_lists)
    desk.begin(tmp_path / "tickets.csv")
    assert desk.draft.kind == "several" and desk.draft.report.kind == "several"
    desk.press("segment_one")
    desk.wait_for_report()
    assert desk.draft.kind == "one" and desk.draft.report.kind == "one"
