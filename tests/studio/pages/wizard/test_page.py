"""The wizard as a person uses it: clicks, keys, answers that come late, and errors."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QToolButton

from studio.pages.wizard import WizardPage
from studio.pages.wizard.preview_table import PreviewTable
from studio.pages.wizard.source_panel import SourcePanel
from studio.preferences import Preferences
from studio.recipes import recipe
from studio.widgets import Button, ErrorBanner
from studio.widgets.choice_card import ChoiceCard
from tests.studio.pages.wizard.answers import reply
from tests.studio.pages.wizard.desk import WizardDesk


@pytest.fixture
def wizard(qtbot, tmp_path):
    return WizardDesk(qtbot, tmp_path)


@pytest.fixture
def loaded(wizard):
    wizard.begin()
    return wizard


@pytest.mark.slow
def test_from_goal_to_start(wizard):
    assert wizard.step == "goal"
    wizard.choose("recipe-transformer")
    wizard.press("continue")
    assert wizard.step == "data"
    wizard.press("continue")
    assert wizard.step == "data" and wizard.says("consequence").startswith("Choose a file")
    wizard.part(SourcePanel).chosen.emit("file", "/data/tickets.csv")
    wizard.wait_for_report()
    assert wizard.says("consequence").startswith("180,328 rows will be used")
    for step in ("model", "training", "review"):
        wizard.press("continue")
        assert wizard.step == step
    wizard.press("continue")
    config, name = wizard.confirmed[0]
    assert config.model == recipe("transformer").config.model
    assert config.data.train == "/data/tickets.csv" and name == config.title == "tickets · Transformer"


def test_a_mend_is_one_click_and_so_is_its_undo(loaded):
    loaded.press("mend-duplicates")
    loaded.wait_for_report()
    assert loaded.config.data.mends == {"duplicates": "drop"}
    loaded.press("undo-duplicates")
    loaded.wait_for_report()
    assert loaded.config.data.mends == {"duplicates": "keep"}


def test_mend_all_takes_the_best_mend_of_each(loaded):
    loaded.press("mend-all")
    loaded.wait_for_report()
    assert loaded.config.data.mends == {
        "blank_rows": "drop",
        "duplicates": "drop",
        "contradictions": "drop",
    }
    assert not loaded.find("mend-all", Button).isVisible()


def test_a_chip_gives_a_column_another_role_and_the_doctor_looks_again(loaded):
    asked = len(loaded.worker("diagnose").asked)
    chip = loaded.find("role-1", QToolButton)
    next(action for action in chip.menu().actions() if action.text() == "Label").trigger()
    loaded.wait_for_report()
    assert loaded.config.data.columns == {"text": "message", "label": "id"}
    assert len(loaded.worker("diagnose").asked) == asked + 1


def test_the_preview_shows_the_rows(loaded):
    model = loaded.part(PreviewTable).model()
    assert model.columnCount() == 4 and model.index(1, 3).data() == "Delivery"
    assert model.headerData(2, Qt.Orientation.Horizontal) == "message"


def test_a_file_that_cannot_be_read_says_why(wizard):
    wizard.page.begin(None, Path("/data/broken.csv"))
    banner = wizard.part(ErrorBanner)
    wizard.qtbot.waitUntil(banner.isVisible)
    assert banner.lines()[0] == "The file is empty."
    wizard.press("continue")
    assert wizard.step == "data" and "red box" in wizard.says("consequence")


def test_a_file_chosen_again_is_read_again(loaded):
    asked = len(loaded.worker("preview").asked)
    loaded.part(SourcePanel).chosen.emit("file", "/data/tickets.csv")
    loaded.wait_for_report()
    assert len(loaded.worker("preview").asked) == asked + 1


@pytest.mark.slow
def test_the_rarer_of_two_labels_is_positive_until_another_is_chosen(qtbot, tmp_path):
    wizard = WizardDesk(qtbot, tmp_path, partial(reply, is_binary=True))
    wizard.begin(Path("/data/sms.tsv"))
    combo = wizard.find("positive-label", QComboBox)
    assert combo.isVisible() and combo.currentText() == "spam"
    combo.activated.emit(combo.findText("ham"))
    assert wizard.draft.config.task.positive_label == "ham"


def test_models_are_measured_one_after_the_other_the_chosen_first(loaded):
    loaded.press("continue")
    worker = loaded.worker("estimate")
    loaded.qtbot.waitUntil(lambda: len(worker.asked) == 8)
    assert worker.asked[0].arguments[0].model == recipe("attention").config.model
    names = [one.arguments[0].model.name for one in worker.asked[1:]]
    assert names == [
        "recurrent",
        "word-counting",
        "recurrent",
        "convolutional",
        "transformer",
        "fusion",
        "wide-and-deep",
    ]
    card = loaded.find("model-fusion", ChoiceCard)
    figures = [label.text() for label in card.findChildren(QLabel)]
    loaded.qtbot.waitUntil(lambda: "…" not in [label.text() for label in card.findChildren(QLabel)])
    assert "3.26 M" in [label.text() for label in card.findChildren(QLabel)], figures


@pytest.mark.slow
def test_a_refused_value_holds_the_wizard_and_says_why(loaded):
    loaded.go_on(2)
    line = loaded.see("micro_batch_size", QLineEdit)
    line.setText("0")
    line.textEdited.emit("0")
    loaded.press("continue")
    assert loaded.step == "training" and "Micro-batch: 0 is too small. At least 1." in loaded.says("consequence")
    line.setText("8")
    line.textEdited.emit("8")
    loaded.press("continue")
    assert loaded.step == "review" and loaded.config.training.micro_batch_size == 8


@pytest.mark.slow
def test_a_preset_changes_the_length(loaded):
    loaded.go_on(2)
    loaded.press("segment_quick")
    assert loaded.config.training.max_steps == 300


@pytest.mark.slow
def test_state_survives_a_rebuild_without_asking_again(loaded):
    loaded.press("continue")
    loaded.qtbot.waitUntil(lambda: len(loaded.worker("estimate").asked) == 8)
    loaded.rest()
    draft, state, num_workers = loaded.draft, loaded.page.state(), len(loaded.workers)
    loaded.new_page().restore(state)
    assert loaded.draft == draft and loaded.step == "model"
    assert len(loaded.workers) == num_workers


def test_keys_go_on_and_cancel(loaded, qtbot):
    qtbot.keyClick(loaded.page, Qt.Key.Key_Return)
    assert loaded.step == "model"
    with qtbot.waitSignal(loaded.page.cancelled):
        qtbot.keyClick(loaded.page, Qt.Key.Key_Escape)


def test_a_done_step_can_be_opened_again(loaded):
    loaded.press("continue")
    mark = loaded.find("step-mark-1")
    assert mark.isEnabled() and "done" in mark.accessibleName()
    loaded.qtbot.mouseClick(mark, Qt.MouseButton.LeftButton)
    assert loaded.step == "goal"


def test_the_device_of_the_preferences_is_taken(qtbot, tmp_path):
    preferences = Preferences(tmp_path / "studio.ini")
    preferences.device = "cpu"
    page = WizardPage(preferences)
    qtbot.addWidget(page)
    assert page.draft().config.training.device == "cpu"


def test_workers_are_closed(loaded):
    loaded.page.close_workers()
    assert loaded.workers and all(worker.is_closed for worker in loaded.workers)


def test_everything_to_press_has_a_name(loaded):
    for button in loaded.page.findChildren(Button):
        assert button.accessibleName() or not button.text(), button.objectName()


def test_nothing_is_measured_while_nobody_looks(loaded):
    loaded.press("continue")
    worker = loaded.worker("estimate")
    loaded.page.hide()
    loaded.rest()
    assert len(worker.asked) == 1
    loaded.page.show()
    loaded.qtbot.waitUntil(lambda: len(worker.asked) == 8)
