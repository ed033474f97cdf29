"""The wizard as a person uses it: clicks, keys, answers that come late, and errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QToolButton

from studio.pages.wizard import WizardPage
from studio.pages.wizard.preview_table import PreviewTable
from studio.preferences import Preferences
from studio.recipes import recipe
from studio.widgets import Button, ErrorBanner
from studio.widgets.choice_card import ChoiceCard
from tests.studio.pages.wizard.answers import FakeWorker


class Wizard:
    """A page with fake workers, and short ways to press and read."""

    def __init__(self, qtbot, tmp_path: Path, is_binary: bool = False) -> None:
        self.workers: dict[str, FakeWorker] = {}
        self.qtbot, self.is_binary = qtbot, is_binary
        self.preferences = Preferences(tmp_path / "studio.ini")
        self.page = WizardPage(self.preferences, self._worker)
        self.confirmed: list[tuple[object, str]] = []
        self.page.confirmed.connect(lambda config, name: self.confirmed.append((config, name)))
        qtbot.addWidget(self.page)
        self.page.resize(1192, 900)
        self.page.show()

    def _worker(self, verb: str) -> FakeWorker:
        self.workers[verb] = FakeWorker(verb, self.is_binary)
        return self.workers[verb]

    def press(self, name: str) -> None:
        self.qtbot.waitUntil(lambda: len(self.visible(name)) == 1)
        self.qtbot.mouseClick(self.visible(name)[0], Qt.MouseButton.LeftButton)

    def visible(self, name: str) -> list[Button]:
        return [one for one in self.page.findChildren(Button, name) if one.isVisible()]

    def said(self) -> str:
        return self.page.findChild(QLabel, "consequence").text()

    def step(self) -> str:
        return self.page._stack.currentWidget().objectName()

    def wait_for_report(self) -> None:
        self.qtbot.waitUntil(lambda: self.page.draft().report is not None, timeout=3000)


@pytest.fixture
def wizard(qtbot, tmp_path):
    return Wizard(qtbot, tmp_path)


@pytest.fixture
def loaded(wizard):
    wizard.page.begin(None, Path("/data/tickets.csv"))
    wizard.wait_for_report()
    return wizard


@pytest.mark.slow
def test_from_goal_to_start(wizard):
    assert wizard.step() == "step-goal"
    wizard.qtbot.mouseClick(wizard.page.findChild(ChoiceCard, "recipe-transformer"), Qt.MouseButton.LeftButton)
    wizard.press("continue")
    assert wizard.step() == "step-data"
    wizard.press("continue")
    assert wizard.step() == "step-data" and wizard.said() == "Choose a file to learn from."
    wizard.page._data.source.chosen.emit("file", "/data/tickets.csv")
    wizard.wait_for_report()
    assert wizard.said().startswith("180,328 rows will be used")
    for step in ("step-model", "step-training", "step-review"):
        wizard.press("continue")
        assert wizard.step() == step
    wizard.press("continue")
    config, name = wizard.confirmed[0]
    assert config.model == recipe("transformer").config.model
    assert config.data.train == "/data/tickets.csv" and name == config.title == "tickets · Transformer"


def test_a_mend_is_one_click_and_so_is_its_undo(loaded):
    loaded.press("mend-duplicates")
    loaded.wait_for_report()
    assert loaded.page.draft().config.data.mends == {"duplicates": "drop"}
    loaded.press("undo-duplicates")
    loaded.wait_for_report()
    assert loaded.page.draft().config.data.mends == {"duplicates": "keep"}


def test_mend_all_takes_the_best_mend_of_each(loaded):
    loaded.press("mend-all")
    loaded.wait_for_report()
    assert loaded.page.draft().config.data.mends == {
        "blank_rows": "drop",
        "duplicates": "drop",
        "contradictions": "drop",
    }
    assert not loaded.page.findChild(Button, "mend-all").isVisible()


def test_a_chip_gives_a_column_another_role_and_the_doctor_looks_again(loaded):
    asked = len(loaded.workers["diagnose"].asked)
    chip = loaded.page.findChild(QToolButton, "role-1")
    next(action for action in chip.menu().actions() if action.text() == "Label").trigger()
    loaded.wait_for_report()
    assert loaded.page.draft().config.data.columns == {"text": "message", "label": "id"}
    assert len(loaded.workers["diagnose"].asked) == asked + 1


def test_the_preview_shows_the_rows(loaded):
    model = loaded.page.findChild(PreviewTable).model()
    assert model.columnCount() == 4 and model.index(1, 3).data() == "Delivery"
    assert model.headerData(2, Qt.Orientation.Horizontal) == "message"


def test_a_file_that_cannot_be_read_says_why(wizard):
    wizard.page.begin(None, Path("/data/broken.csv"))
    banner = wizard.page.findChild(ErrorBanner)
    wizard.qtbot.waitUntil(banner.isVisible)
    assert banner.lines()[0] == "The file is empty."
    wizard.press("continue")
    assert wizard.step() == "step-data" and "red box" in wizard.said()


def test_a_file_chosen_again_is_read_again(loaded):
    asked = len(loaded.workers["preview"].asked)
    loaded.page._data.source.chosen.emit("file", "/data/tickets.csv")
    loaded.wait_for_report()
    assert len(loaded.workers["preview"].asked) == asked + 1


@pytest.mark.slow
def test_the_rarer_of_two_labels_is_positive_until_another_is_chosen(qtbot, tmp_path):
    wizard = Wizard(qtbot, tmp_path, is_binary=True)
    wizard.page.begin(None, Path("/data/sms.tsv"))
    wizard.wait_for_report()
    combo = wizard.page.findChild(QComboBox, "positive-label")
    assert combo.isVisible() and combo.currentText() == "spam"
    combo.activated.emit(combo.findText("ham"))
    assert wizard.page.draft().config.task.positive_label == "ham"


def test_models_are_measured_one_after_the_other_the_chosen_first(loaded):
    loaded.press("continue")
    worker = loaded.workers["estimate"]
    loaded.qtbot.waitUntil(lambda: len(worker.asked) == 6)
    assert worker.asked[0][1].model == recipe("attention").config.model
    names = [one.model.name for _, one in worker.asked[1:]]
    assert names == ["recurrent", "recurrent", "convolutional", "transformer", "fusion"]
    card = loaded.page.findChild(ChoiceCard, "model-fusion")
    figures = [label.text() for label in card.findChildren(QLabel)]
    loaded.qtbot.waitUntil(lambda: "…" not in [label.text() for label in card.findChildren(QLabel)])
    assert "3.26 M" in [label.text() for label in card.findChildren(QLabel)], figures


@pytest.mark.slow
def test_a_refused_value_holds_the_wizard_and_says_why(loaded):
    loaded.press("continue")
    loaded.press("continue")
    line = loaded.page._stack.currentWidget().findChild(QLineEdit, "micro_batch_size")
    line.setText("0")
    line.textEdited.emit("0")
    loaded.press("continue")
    assert loaded.step() == "step-training" and "Micro-batch: 0 is too small. At least 1." in loaded.said()
    line.setText("8")
    line.textEdited.emit("8")
    loaded.press("continue")
    assert loaded.step() == "step-review" and loaded.page.draft().config.training.micro_batch_size == 8


@pytest.mark.slow
def test_a_preset_changes_the_length(loaded):
    loaded.press("continue")
    loaded.press("continue")
    loaded.page._stack.currentWidget()._lengths.changed.emit("quick")
    assert loaded.page.draft().config.training.max_steps == 300


@pytest.mark.slow
def test_state_survives_a_rebuild_without_asking_again(loaded, qtbot):
    loaded.press("continue")
    loaded.qtbot.waitUntil(lambda: len(loaded.workers["estimate"].asked) == 6)
    loaded.qtbot.waitUntil(lambda: not loaded.page._inquiries.is_busy("estimate"))
    made: list[str] = []
    again = WizardPage(loaded.preferences, lambda verb: made.append(verb) or FakeWorker(verb))
    qtbot.addWidget(again)
    again.restore(loaded.page.state())
    assert again.draft() == loaded.page.draft()
    assert again._stack.currentWidget().objectName() == "step-model"
    assert made == []


def test_keys_go_on_and_cancel(loaded, qtbot):
    qtbot.keyClick(loaded.page, Qt.Key.Key_Return)
    assert loaded.step() == "step-model"
    with qtbot.waitSignal(loaded.page.cancelled):
        qtbot.keyClick(loaded.page, Qt.Key.Key_Escape)


def test_a_done_step_can_be_opened_again(loaded):
    loaded.press("continue")
    mark = next(one for one in loaded.page._steps_bar._marks if one.index == 0)
    assert mark.isEnabled() and "done" in mark.accessibleName()
    loaded.qtbot.mouseClick(mark, Qt.MouseButton.LeftButton)
    assert loaded.step() == "step-goal"


def test_the_device_of_the_preferences_is_taken(qtbot, tmp_path):
    preferences = Preferences(tmp_path / "studio.ini")
    preferences.device = "cpu"
    page = WizardPage(preferences, FakeWorker)
    qtbot.addWidget(page)
    assert page.draft().config.training.device == "cpu"


def test_workers_are_closed(loaded):
    loaded.page.close_workers()
    assert all(worker.is_closed for worker in loaded.workers.values())


def test_everything_to_press_has_a_name(loaded):
    for step in loaded.page._steps:
        for button in step.findChildren(Button):
            assert button.accessibleName() or not button.text(), button.objectName()


def test_nothing_is_measured_while_nobody_looks(loaded):
    loaded.press("continue")
    worker = loaded.workers["estimate"]
    loaded.page.hide()
    loaded.qtbot.waitUntil(lambda: not loaded.page._inquiries.is_busy("estimate"))
    assert len(worker.asked) == 1
    loaded.page.show()
    loaded.qtbot.waitUntil(lambda: len(worker.asked) == 6)
