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
from studio.pages.wizard import WizardPage
from studio.pages.wizard.draft import draft_of
from studio.pages.wizard.encoder import EncoderCard
from studio.preferences import Preferences
from studio.recipes import recipe
from studio.widgets import Button, SegmentedControl
from studio.widgets.choice_card import ChoiceCard
from tests.studio.pages.wizard.answers import FakeWorker, paragraph

pytestmark = pytest.mark.slow


class ModelPage:
    """The wizard at its third step, with an engine that is not there."""

    def __init__(self, qtbot, tmp_path: Path) -> None:
        self.qtbot = qtbot
        self.workers: dict[str, FakeWorker] = {}
        self.page = WizardPage(Preferences(tmp_path / "studio.ini"), self._worker)
        qtbot.addWidget(self.page)
        self.page.resize(1192, 900)
        self.page.show()
        self.page.begin(None, Path("/data/tickets.csv"))
        qtbot.waitUntil(lambda: self.page.draft().report is not None, timeout=3000)
        qtbot.mouseClick(self.page.findChild(Button, "continue"), Qt.MouseButton.LeftButton)
        self.card = self.page.findChild(EncoderCard)
        self.line = self.page.findChild(QLineEdit, "encoder-source")

    def _worker(self, verb: str) -> FakeWorker:
        self.workers[verb] = FakeWorker(verb)
        return self.workers[verb]

    @property
    def model(self) -> Pretrained:
        found = self.page.draft().config.model
        assert isinstance(found, Pretrained)
        return found

    @property
    def measured(self) -> list[RunConfig]:
        return [config for _, config in self.workers["estimate"].asked]

    def choose(self) -> None:
        card = self.page.findChild(ChoiceCard, "model-bert-finetune")
        self.qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
        self.qtbot.waitUntil(lambda: self.page.draft().report is not None, timeout=3000)
        self.rest()

    def type(self, source: str) -> None:
        self.line.setFocus()
        self.line.selectAll()
        self.qtbot.keyClicks(self.line, source)

    def rest(self) -> None:
        """Until nothing is being measured."""
        self.qtbot.waitUntil(lambda: not self.page._inquiries.is_busy("estimate"))

    def said(self, name: str) -> str:
        return " ".join(
            one.text() for one in self.page.findChild(ChoiceCard, name).findChildren(QLabel) if one.isVisible()
        )


@pytest.fixture
def at_model(qtbot, look, tmp_path) -> ModelPage:
    return ModelPage(qtbot, tmp_path)


def test_it_is_shown_for_an_encoder_alone(at_model):
    assert not at_model.card.isVisible()
    at_model.choose()
    assert at_model.card.isVisible() and at_model.line.text() == recipe("bert-finetune").config.model.source
    at_model.qtbot.mouseClick(at_model.page.findChild(ChoiceCard, "model-fusion"), Qt.MouseButton.LeftButton)
    assert not at_model.card.isVisible()


def test_it_comes_into_sight_in_a_low_window(at_model):
    at_model.page.resize(968, 640)
    at_model.choose()
    step = at_model.page._stack.currentWidget()
    bottom = at_model.card.mapTo(step.viewport(), at_model.card.rect().bottomLeft()).y()
    assert bottom <= step.viewport().height()


def test_the_hub_is_asked_only_when_it_is_chosen_and_last(at_model):
    at_model.qtbot.waitUntil(lambda: len(at_model.measured) == 6)
    at_model.rest()
    assert not any(isinstance(one.model, Pretrained) for one in at_model.measured)
    assert "Measured when you choose it" in at_model.said("model-bert-finetune")
    at_model.choose()
    assert [isinstance(one.model, Pretrained) for one in at_model.measured] == [False] * 6 + [True]


def test_a_hub_out_of_reach_is_said_on_the_card_and_holds_up_no_other(at_model):
    at_model.choose()
    at_model.qtbot.waitUntil(lambda: "The hub is out of reach." in at_model.said("model-bert-finetune"))
    told = at_model.page.findChild(QLabel, "encoder-said")
    assert told.text() == "The hub is out of reach. Choose a folder instead." and told.property("kind") == "bad"
    assert "3.26 M" in at_model.said("model-fusion")
    at_model.rest()
    asked = len(at_model.measured)
    at_model.card._adaptation.segment("whole").click()
    assert len(at_model.measured) == asked


def test_a_typed_name_is_taken_when_it_is_complete(at_model):
    at_model.choose()
    asked = len(at_model.measured)
    at_model.type("owner/encoder")
    assert at_model.model.source != "owner/encoder" and len(at_model.measured) == asked
    at_model.qtbot.keyClick(at_model.line, Qt.Key.Key_Return)
    assert at_model.model.source == "owner/encoder"
    assert at_model.page._stack.currentWidget().objectName() == "step-model", "Return takes the name, no more"
    at_model.type("x")
    at_model.line.clear()
    at_model.qtbot.keyClick(at_model.line, Qt.Key.Key_Return)
    assert at_model.line.text() == "owner/encoder", "an empty name is none"


def test_news_does_not_wipe_out_what_is_being_typed(at_model):
    at_model.choose()
    at_model.page.activateWindow()
    at_model.line.setFocus()
    at_model.qtbot.waitUntil(at_model.line.hasFocus)
    at_model.type("owner/half")
    at_model.page._inquiries.news.emit()
    assert at_model.line.text() == "owner/half"


def test_a_folder_is_chosen_and_measured(at_model, tmp_path, monkeypatch):
    at_model.choose()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_arguments: str(tmp_path))
    at_model.qtbot.mouseClick(at_model.page.findChild(Button, "encoder-folder"), Qt.MouseButton.LeftButton)
    at_model.rest()
    assert at_model.model.source == str(tmp_path) == at_model.line.text()
    assert at_model.page.findChild(QLabel, "encoder-said").text() == "A folder on this machine."
    at_model.qtbot.waitUntil(lambda: "22.7 M" in at_model.said("model-bert-finetune"))


@pytest.mark.parametrize("adaptation", [LastLayers(), LoRA(), HeadOnly()], ids=lambda one: one.name)
def test_what_learns_is_one_click(at_model, adaptation):
    at_model.choose()
    control = at_model.page.findChild(SegmentedControl, "encoder-adaptation")
    at_model.qtbot.mouseClick(control.segment(adaptation.name), Qt.MouseButton.LeftButton)
    config = at_model.page.draft().config
    assert at_model.model.adaptation == adaptation and control.current() == adaptation.name
    assert config.training.optimizer.learning_rate == ADAPTATION_RATES[adaptation.name]
    assert at_model.page.draft().preset == "balanced"
    at_model.qtbot.mouseClick(control.segment("whole"), Qt.MouseButton.LeftButton)
    assert at_model.page.draft().config == recipe("bert-finetune").config.model_copy(
        update={name: getattr(config, name) for name in ("title", "description", "data")}
    )


def test_the_source_stands_in_one_place_alone(at_model):
    at_model.choose()
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
