"""The wizard's data step: tasks without labels, kinds of built-in texts, more texts without labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from engine.config.data import BuiltinTexts, DataConfig
from engine.config.gan import TextGanPair
from engine.config.run import RunConfig
from engine.config.tasks.classification import Classification
from engine.config.tasks.text_gan import TextGan
from engine.records import Finding
from studio.forms.choice_form import ChoiceForm
from studio.pages.wizard.builtin_card import BuiltinCard
from studio.pages.wizard.data import DataStep
from studio.pages.wizard.draft import (
    Draft,
    draft_of,
    topics,
    with_data,
    with_part,
    with_positive_label,
    with_recipe,
    with_role,
    with_source,
)
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.row_links import rows_text
from studio.pages.wizard.step_validation import lack
from studio.pages.wizard.unlabelled_row import UnlabelledRow
from studio.plots.charts.class_balance import BalanceBars
from studio.plots.charts.histogram import Histogram
from studio.recipes import Recipe, recipe
from studio.widgets import Button, SegmentedControl
from studio.widgets.card import Card
from tests.studio.desk import drop
from tests.studio.pages.wizard.answers import preview_of, report_of

GAN = RunConfig(task=TextGan(), model=TextGanPair(), data=DataConfig(builtin=BuiltinTexts(topic="captions")))


@pytest.fixture
def step(qtbot):
    """A data step that takes what it proposes, as the page does."""
    made = DataStep()
    made.resize(1100, 900)
    qtbot.addWidget(made)
    made.proposals = []
    made.proposed.connect(made.proposals.append)
    made.show()
    return made


def charts_title(step: DataStep) -> str:
    card = step.findChild(BalanceBars).parentWidget()
    assert isinstance(card, Card)
    return card.title.text()


def known(config: RunConfig, **changes: object) -> Draft:
    draft = draft_of(config.with_values(changes))
    report, preview = report_of(draft.config), preview_of(draft.config.data)
    return Draft(**{**vars(draft), "preview": preview, "report": report})


def test_without_labels_only_the_text_is_asked_for(step):
    draft = known(GAN, **{"data.train": "/data/captions.csv"})
    step.show_draft(draft, Answers())
    chip = step.findChild(QToolButton, "role-1")
    assert [action.text() for action in chip.menu().actions()] == ["Text", "Ignore"]
    assert draft.roles == {"text": "message"}
    assert lack(draft, Answers(), "data") is None
    assert not step.findChild(BalanceBars).isVisible() and step.findChild(Histogram).isVisible()
    assert charts_title(step) == "Length of texts"
    assert not step.findChild(UnlabelledRow).isVisible()


def test_with_labels_all_is_as_before(step):
    step.show_draft(known(GAN, **{"data.train": "/data/captions.csv"}), Answers())
    step.show_draft(known(RunConfig(), **{"data.train": "/data/tickets.csv"}), Answers())
    chip = step.findChildren(QToolButton, "role-1")[-1]
    assert [action.text() for action in chip.menu().actions()] == ["Text", "Label", "Ignore"]
    assert step.findChild(BalanceBars).isVisible()
    assert charts_title(step) == "Class balance"


def test_a_role_that_is_not_asked_for_is_never_open():
    draft = with_role(known(GAN, **{"data.train": "/data/captions.csv"}), "message", "ignore")
    assert draft.open_roles == {"text"}
    assert lack(draft, Answers(), "data").english().startswith("Say which column holds the texts")


def test_the_built_in_card_offers_what_suits_the_task(qtbot):
    card = BuiltinCard()
    qtbot.addWidget(card)
    card.show()
    card.show_builtin(BuiltinTexts(), Classification())
    control = card.findChildren(SegmentedControl)[-1]
    with qtbot.waitSignal(card.changed) as told:
        qtbot.mouseClick(control.segment("messages"), Qt.MouseButton.LeftButton)
    assert told.args[0] == BuiltinTexts(topic="messages")
    card.show_builtin(BuiltinTexts(topic="captions"), TextGan())
    assert not card.findChildren(SegmentedControl)[-1].isVisible()
    assert [form.isVisible() for form in card.findChildren(ChoiceForm)] == [False, True]
    assert topics(Classification(), "captions") == ("reviews", "messages", "aspects", "stars")
    assert topics(TextGan(), "captions") == ("captions",)
    assert topics(TextGan(), "reviews") == ("captions", "reviews")


def test_a_task_without_labels_takes_the_recipes_texts(tmp_path: Path):
    file = tmp_path / "invents.yaml"
    file.write_text(yaml.safe_dump(GAN.with_values({"data.max_length": 32}).to_tree()), encoding="utf-8")
    mine = with_data(draft_of(RunConfig()), DataConfig(builtin=BuiltinTexts(topic="messages", language="zh")))
    gan = with_recipe(mine, Recipe(file))
    assert (gan.config.data.builtin.topic, gan.config.data.builtin.language) == ("captions", "zh")
    assert gan.config.task == TextGan()
    assert with_positive_label(gan, "fraud").config.task == TextGan()
    assert with_source(gan, "file", "a.txt").config.task == TextGan()


def test_sorting_again_takes_texts_with_labels():
    gan = with_part(draft_of(GAN), "model", GAN.model)
    assert with_recipe(gan, recipe("attention")).config.data.builtin.topic == "reviews"


def test_more_texts_are_dropped_shown_and_removed(step, qtbot, tmp_path: Path):
    draft = known(RunConfig(), **{"data.train": "/data/tickets.csv"})
    step.show_draft(draft, Answers())
    row = step.findChild(UnlabelledRow)
    assert row.isVisible() and "optional" in row.findChild(QLabel, "unlabelled-facts").text()
    drop(row, tmp_path / "more.txt")
    proposed = step.proposals[-1]
    assert proposed.config.data.unlabelled == str(tmp_path / "more.txt")
    step.show_draft(proposed, Answers())
    assert (
        row.findChild(QLabel, "unlabelled-facts").text() == "more.txt"
        and not step.findChild(Button, "add-unlabelled").isVisible()
    )
    row.removed.emit()
    assert step.proposals[-1].config.data.unlabelled is None
    assert with_source(proposed, "file", "other.csv").config.data.unlabelled is None


def test_findings_of_more_texts_say_where():
    title = known(GAN).report.findings[0].title
    finding = Finding("blank_rows", "info", title, title, 1, (7,), "unlabelled")
    assert rows_text(finding) == "without labels: rows 7"


def test_texts_without_labels_can_be_labelled_first(step):
    draft = known(RunConfig(), **{"data.train": "/data/texts.csv"})
    row = step.findChild(QWidget, "no-labels")
    step.show_draft(draft, Answers())
    assert not row.isVisible(), "these have labels"
    without = replace(draft.preview, roles={"text": "message"}, columns=("message",), label_columns=())
    step.show_draft(Draft(**{**vars(draft), "preview": without, "report": None}), Answers())
    assert row.isVisible()
    wished = []
    step.labelling_wished.connect(wished.append)
    step.findChild(Button, "label-first").click()
    assert [data.train for data in wished] == ["/data/texts.csv"]
