"""The wizard for text GANs, few labels and the newer choices of a training: drafts, words and clicks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from engine.config.adversary import FGM, VAT, AttentionAdversary, FreeLB
from engine.config.classifiers import Convolutional
from engine.config.gan import AttentionLSTM, WritingTransformer
from engine.config.run import RunConfig, from_tree
from studio.forms.choice_form import ChoiceForm
from studio.pages.wizard import draft as drafts
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.model import configs_to_measure
from studio.pages.wizard.step_validation import lack
from studio.recipes import recipe
from studio.tasks.run_words import batch_words, passes
from studio.tasks.text_gan.forms import GameLength, length_of, with_length_of_game
from studio.tasks.text_gan.pair import CRITICS, WRITERS, with_part_of_pair
from studio.widgets import StatTile
from studio.widgets.choice_card import ChoiceCard
from tests.studio.pages.wizard.answers import paragraph
from tests.studio.pages.wizard.desk import WizardDesk

LANGUAGE_MODEL = {"name": "language-model", "steps": 100}


def game() -> drafts.Draft:
    return drafts.with_goal(drafts.new_draft(), "text-gan")


def said(config: RunConfig) -> str:
    return " ".join(one.english() for one in paragraph(config, None, None))


@pytest.fixture
def wizard(qtbot: QtBot, tmp_path: Path) -> WizardDesk:
    return WizardDesk(qtbot, tmp_path)


def test_a_goal_brings_its_recipe_and_its_texts() -> None:
    draft = game()
    assert (draft.recipe, draft.goal, draft.source_kind) == ("text-gan", "text-gan", "builtin")
    assert draft.config.data.builtin.topic == "captions" and draft.preset == "balanced"
    back = drafts.with_goal(draft, "classification")
    assert back.recipe == "attention" and back.config.data.builtin.topic == "reviews"
    from_tree(draft.config.to_tree())
    from_tree(back.config.to_tree())


def test_few_labels_keep_the_model_and_drop_the_adversary() -> None:
    draft = drafts.with_recipe(drafts.new_draft(), recipe("three-in-one"))
    few = drafts.with_goal(draft, "semi-supervised")
    assert few.config.model == draft.config.model and few.config.training.adversary.name == "none"
    from_tree(few.config.to_tree())
    assert drafts.with_recipe(few, recipe("transformer")).goal == "semi-supervised"
    assert drafts.with_recipe(few, recipe("fraud-adversarial")).goal == "classification"


@pytest.mark.parametrize("preset", ["quick", "balanced", "best"])
def test_the_rehearsal_keeps_its_share(preset: Any) -> None:
    training = drafts.with_length(game(), preset).config.training
    assert training.pretraining.steps / training.max_steps == pytest.approx(0.7)
    assert drafts.with_length(game(), preset).preset == preset


def test_rehearsal_and_game_are_set_each_for_itself() -> None:
    training = game().config.training
    longer = with_length_of_game(training, GameLength(rehearsal=50, game=70, micro_batch_size=16))
    assert (longer.max_steps, longer.pretraining.steps, longer.micro_batch_size) == (120, 50, 16)
    assert longer.pretraining.optimizer == training.pretraining.optimizer
    none = with_length_of_game(training, GameLength(rehearsal=0, game=70))
    assert none.pretraining.name == "none" and none.max_steps == 70
    again = with_length_of_game(none, GameLength(rehearsal=5, game=70))
    assert again.pretraining.name == "language-model"
    assert length_of(RunConfig(training=again, model=game().config.model, task=game().config.task)).rehearsal == 5


def test_every_writer_goes_with_every_critic_and_brings_a_rate_that_suits_it() -> None:
    for writer in WRITERS:
        for critic in CRITICS:
            config = with_part_of_pair(game().config, "generator", writer)
            from_tree(with_part_of_pair(config, "discriminator", critic).to_tree())
    changed = with_part_of_pair(game().config, "generator", "transformer")
    assert isinstance(changed.model.generator, WritingTransformer)
    assert changed.training.pretraining.optimizer.learning_rate == 1e-3
    back = with_part_of_pair(changed, "generator", "attention-lstm")
    assert isinstance(back.model.generator, AttentionLSTM)
    assert back.training.pretraining.optimizer.learning_rate == 3e-3


def test_pairs_are_measured_the_chosen_one_first() -> None:
    configs = configs_to_measure(game())
    assert configs[0] == game().config and len(configs) == 5


def test_what_does_not_go_together_is_told_where_it_is_mended_and_breaks_nothing() -> None:
    draft = drafts.with_recipe(drafts.new_draft(), recipe("lstm-baseline"))
    draft = drafts.with_source(draft, "builtin", "builtin")
    training = draft.config.training.model_copy(update={"adversary": AttentionAdversary()})
    draft = drafts.with_values(draft, {"training": training})
    assert "no attention" in lack(draft, Answers(), "training").english()
    assert lack(draft, Answers(), "goal") is None
    assert drafts.with_length(draft, "quick").config.training.max_steps == 300
    assert draft.config not in configs_to_measure(draft)


def test_the_effective_batch_of_a_found_accumulation_is_a_span() -> None:
    config = RunConfig().with_values({"training.accumulation": {"name": "noise-scale", "maximum": 32}})
    assert batch_words(config).english() == "64 to 1,024 texts"
    assert passes(config, None) is None
    assert "each after 64 to 1,024 texts: how many is found as it learns" in said(config)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"training.adversary": FGM().model_dump()}, "moved against the model (FGM)"),
        ({"training.adversary": FreeLB(steps=4).model_dump()}, "read 4 times"),
        ({"training.adversary": VAT().model_dump(), "data.unlabelled": "more.txt"}, "learns from the texts of “more”"),
        ({"training.adversary": AttentionAdversary().model_dump()}, "attention moved against the model"),
        ({"data.unlabelled": "more.txt"}, "are not read"),
        ({"training.pretraining": LANGUAGE_MODEL}, "The first 100 of them only teach it to guess the next word"),
        ({"training.accumulation": {"name": "fixed", "steps": 4}}, "gathers 4 micro-batches of 32 texts"),
        ({"task.name": "semi-supervised"}, "A generator invents summaries"),
        ({"model": Convolutional().model_dump()}, "telling runs of 2, 3, 4 words"),
    ],
)
def test_each_choice_is_told(changes: dict[str, Any], words: str) -> None:
    assert words in said(RunConfig().with_values(changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "in 700 updates it learns to guess the next word. Then they play 300 rounds"),
        ({"task.estimator": {"name": "reinforce"}}, "Words are drawn for good"),
        ({"task.guard.action": "tell"}, "it only says so"),
        ({"model.discriminator": {"name": "convolutional"}}, "the critic a convolutional network."),
        ({"model.generator": {"name": "relational-memory", "num_slots": 2}}, "a relational memory of 2 slots"),
    ],
)
def test_the_game_is_told(changes: dict[str, Any], words: str) -> None:
    told = said(game().config.with_values(changes))
    assert words in told and "Word counting" not in told


@pytest.mark.slow
def test_from_goal_to_start_of_a_game(wizard: WizardDesk) -> None:
    wizard.choose("goal-text-gan")
    assert wizard.is_shown("recipe-text-gan-collapse")
    assert not wizard.is_shown("recipe-fusion")
    wizard.page.show_step("data")
    wizard.wait_for_report()
    wizard.page.show_step("model")
    wizard.choose("discriminator-convolutional")
    assert wizard.config.model.discriminator.name == "convolutional"
    card = wizard.find("discriminator-convolutional", ChoiceCard)
    wizard.qtbot.waitUntil(lambda: "2.2 M" in [label.text() for label in card.findChildren(QLabel)], timeout=3000)
    wizard.page.show_step("training")
    field = wizard.see("rehearsal", QLineEdit)
    field.selectAll()
    wizard.qtbot.keyClicks(field, "20")
    assert (wizard.config.training.pretraining.steps, wizard.config.training.max_steps) == (20, 320)
    assert wizard.draft.preset is None
    action = wizard.see("action", QComboBox)
    action.activated.emit(action.findData("stop"))
    assert wizard.config.task.guard.action == "stop"
    wizard.page.show_step("review")
    wizard.wait_for_report()
    wizard.press("continue")
    assert wizard.confirmed[0][0].task.name == "text-gan"
    from_tree(wizard.confirmed[0][0].to_tree())


@pytest.mark.slow
def test_a_found_accumulation_is_chosen_and_shown(wizard: WizardDesk) -> None:
    wizard.begin()
    wizard.page.show_step("training")
    family = wizard.see("accumulation", QComboBox)
    family.setCurrentIndex(1)
    family.activated.emit(1)
    assert wizard.config.training.accumulation.name == "noise-scale"
    tiles = [one.accessibleName() for one in wizard.page.findChildren(StatTile) if one.isVisible()]
    assert "Effective batch: 64 × 2–32" in tiles


@pytest.mark.slow
def test_a_misfit_stands_at_its_field_and_holds_the_wizard(wizard: WizardDesk) -> None:
    wizard.begin(config=recipe("lstm-baseline").config)
    wizard.page.show_step("training")
    family = wizard.see("adversary", QComboBox)
    family.setCurrentIndex(4)
    family.activated.emit(4)
    assert "no attention" in wizard.see("adversary-refusal", QLabel).text()
    assert "no attention" in wizard.says("consequence")
    family.setCurrentIndex(0)
    family.activated.emit(0)
    assert not wizard.is_shown("adversary-refusal")


def test_widths_are_typed_with_commas(qtbot: QtBot) -> None:
    form = ChoiceForm(Convolutional())
    qtbot.addWidget(form)
    line = form.findChild(QLineEdit, "widths")

    def type(text: str) -> None:
        line.setText(text)
        line.textEdited.emit(text)

    type("2, 5，7")
    assert form.model().widths == (2, 5, 7)  # type: ignore[attr-defined]
    type("99")
    assert "1 to 32 words" in form.refusals()["widths"].english()
    type("")
    assert "At least one" in form.refusals()["widths"].english()
