"""Which encoder, and how much of it learns: the part of the wizard that a pretrained model brings."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit

from engine.config.presets import ADAPTATION_RATES
from engine.config.pretrained import HeadOnly, LastLayers, LoRA, Pretrained, WholeModel
from engine.config.run import RunConfig
from engine.records import Estimate
from studio.pages.wizard.draft import draft_of
from studio.pages.wizard.encoder import EncoderCard
from studio.recipes import recipe
from studio.widgets import Button, SegmentedControl
from studio.widgets.choice_card import ChoiceCard
from tests.studio.pages.wizard.answers import estimate_of, paragraph
from tests.studio.pages.wizard.desk import WizardDesk

pytestmark = pytest.mark.slow


class ModelDesk(WizardDesk):
    """The wizard at its third step."""

    def __init__(self, qtbot, folder: Path) -> None:
        super().__init__(qtbot, folder)
        self.begin()
        self.go_on()
        self.card = self.part(EncoderCard)
        self.line = self.find("encoder-source", QLineEdit)

    @property
    def model(self) -> Pretrained:
        found = self.config.model
        assert isinstance(found, Pretrained)
        return found

    @property
    def measured(self) -> list[RunConfig]:
        return [one.arguments[0] for one in self.worker("estimate").asked]

    def choose_encoder(self) -> None:
        self.choose("model-bert-finetune")
        self.wait_for_report()
        self.rest()

    def type(self, source: str) -> None:
        self.line.setFocus()
        self.line.selectAll()
        self.qtbot.keyClicks(self.line, source)

    def said(self, name: str) -> str:
        return " ".join(one.text() for one in self.find(name, ChoiceCard).findChildren(QLabel) if one.isVisible())


@pytest.fixture
def at_model(qtbot, look, tmp_path) -> ModelDesk:
    return ModelDesk(qtbot, tmp_path)


def test_it_is_shown_for_an_encoder_alone(at_model):
    assert not at_model.card.isVisible()
    at_model.choose_encoder()
    assert at_model.card.isVisible() and at_model.line.text() == recipe("bert-finetune").config.model.source
    at_model.choose("model-fusion")
    assert not at_model.card.isVisible()


def test_it_comes_into_sight_in_a_low_window(at_model):
    at_model.page.resize(968, 640)
    at_model.choose_encoder()
    step = at_model.shown_step
    bottom = at_model.card.mapTo(step.viewport(), at_model.card.rect().bottomLeft()).y()
    assert bottom <= step.viewport().height()


def test_the_hub_is_asked_only_when_it_is_chosen_and_last(at_model):
    at_model.qtbot.waitUntil(lambda: len(at_model.measured) == 8)
    at_model.rest()
    assert not any(isinstance(one.model, Pretrained) for one in at_model.measured)
    assert "Measured when you choose it" in at_model.said("model-bert-finetune")
    at_model.choose_encoder()
    assert [isinstance(one.model, Pretrained) for one in at_model.measured] == [False] * 8 + [True]


def test_a_hub_out_of_reach_is_said_on_the_card_and_holds_up_no_other(at_model):
    at_model.choose_encoder()
    at_model.qtbot.waitUntil(lambda: "The hub is out of reach." in at_model.said("model-bert-finetune"))
    told = at_model.find("encoder-said", QLabel)
    assert told.text() == "The hub is out of reach. Choose a folder instead." and told.property("kind") == "bad"
    assert "3.26 M" in at_model.said("model-fusion")
    at_model.rest()
    asked = len(at_model.measured)
    at_model.find("encoder-adaptation", SegmentedControl).segment("whole").click()
    assert len(at_model.measured) == asked


def test_a_typed_name_is_taken_when_it_is_complete(at_model):
    at_model.choose_encoder()
    asked = len(at_model.measured)
    at_model.type("owner/encoder")
    assert at_model.model.source != "owner/encoder" and len(at_model.measured) == asked
    at_model.qtbot.keyClick(at_model.line, Qt.Key.Key_Return)
    assert at_model.model.source == "owner/encoder"
    assert at_model.step == "model", "Return takes the name, no more"
    at_model.type("x")
    at_model.line.clear()
    at_model.qtbot.keyClick(at_model.line, Qt.Key.Key_Return)
    assert at_model.line.text() == "owner/encoder", "an empty name is none"


def test_news_does_not_wipe_out_what_is_being_typed(at_model):
    at_model.choose_encoder()
    at_model.page.activateWindow()
    at_model.line.setFocus()
    at_model.qtbot.waitUntil(at_model.line.hasFocus)
    at_model.type("owner/half")
    at_model.worker("estimate").answer(estimate_of(at_model.measured[0]))
    assert at_model.line.text() == "owner/half"


def test_a_folder_is_chosen_and_measured(at_model, tmp_path, monkeypatch):
    at_model.choose_encoder()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_arguments: str(tmp_path))
    at_model.qtbot.mouseClick(at_model.find("encoder-folder", Button), Qt.MouseButton.LeftButton)
    at_model.rest()
    assert at_model.model.source == str(tmp_path) == at_model.line.text()
    assert at_model.find("encoder-said", QLabel).text() == "A folder on this machine."
    at_model.qtbot.waitUntil(lambda: "22.7 M" in at_model.said("model-bert-finetune"))


@pytest.mark.parametrize("adaptation", [LastLayers(), LoRA(), HeadOnly()], ids=lambda one: one.name)
def test_what_learns_is_one_click(at_model, adaptation):
    at_model.choose_encoder()
    control = at_model.find("encoder-adaptation", SegmentedControl)
    at_model.qtbot.mouseClick(control.segment(adaptation.name), Qt.MouseButton.LeftButton)
    config = at_model.config
    assert at_model.model.adaptation == adaptation and control.current() == adaptation.name
    assert config.training.optimizer.learning_rate == ADAPTATION_RATES[adaptation.name]
    assert at_model.draft.preset == "balanced"
    at_model.qtbot.mouseClick(control.segment("whole"), Qt.MouseButton.LeftButton)
    assert at_model.config == recipe("bert-finetune").config.model_copy(
        update={name: getattr(config, name) for name in ("title", "description", "data")}
    )


def test_the_source_stands_in_one_place_alone(at_model):
    at_model.choose_encoder()
    assert at_model.page.findChildren(QLineEdit, "source") == []
    assert at_model.page.findChildren(QLineEdit, "layer_decay") != []


def test_an_earlier_run_goes_on_under_its_recipe():
    config = recipe("bert-finetune").config.with_values({"model.source": "a/b", "title": "Mine"})
    draft = draft_of(config)
    assert (draft.recipe, draft.preset, draft.name) == ("bert-finetune", "balanced", "Mine")


@pytest.mark.parametrize(
    ("adaptation", "words"),
    [
        (WholeModel(), "all of it goes on learning, its lower layers more slowly."),
        (HeadOnly(), "it stays as it is, and only the answer on top of it is learned."),
        (LastLayers(num_layers=1), "its last 1 layer and the answer on top go on learning."),
        (LoRA(rank=4), "small matrices of rank 4 learn beside its weights (LoRA)."),
    ],
    ids=lambda one: getattr(one, "name", ""),
)
def test_the_paragraph_says_what_learns(adaptation, words):
    model = recipe("bert-finetune").config.model.model_copy(update={"adaptation": adaptation})
    config = recipe("bert-finetune").config.model_copy(update={"model": model})
    estimate = Estimate(1000, 10, 1.0, 1.0, 1.0, "CPU", num_learning=1000 if adaptation.name == "whole" else 10)
    said = [one.english() for one in paragraph(config, None, estimate)]
    assert any("“sentence-transformers/all-MiniLM-L6-v2”" in one and one.endswith(words) for one in said)
    expected = "It has 1,000 numbers to learn." if adaptation.name == "whole" else "Of its 1,000 numbers, 10 learn."
    assert expected in said
