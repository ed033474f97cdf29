"""Return presses what has the keyboard, everywhere; and what has it can be seen, on every ground."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.main_window.draft import DraftDialog
from studio.main_window.nav_button import NavButton
from studio.pages.export.format_card import FormatCard
from studio.pages.wizard.steps_bar import StepMark
from studio.theme import apply_theme
from studio.widgets import ActionCard, Button, IconButton, SegmentedControl, Toggle
from studio.widgets.choice_card import ChoiceCard
from studio.widgets.keys import EnterPresses
from studio.widgets.menu_chip import MenuChip

pytestmark = pytest.mark.slow

LEAST_CONTRAST = 3.0
Made = Callable[[], QWidget]


def checked(button: QAbstractButton) -> QAbstractButton:
    button.setCheckable(True)
    button.setChecked(True)
    return button


def done_mark() -> StepMark:
    mark = StepMark(0, "Goal")
    mark.show_state("done")
    return mark


def menu_chip(is_chosen: bool = False) -> MenuChip:
    menu = QMenu()
    menu.addAction("other")
    return MenuChip("Encoding", "UTF-8", is_chosen, menu)


PAINTED: dict[str, Made] = {
    "primary": lambda: Button("Go", "primary"),
    "plain": lambda: Button("Go"),
    "quiet": lambda: Button("Go", "quiet"),
    "link": lambda: Button("Go", "link"),
    "icon": lambda: IconButton("ph.x", "Close"),
    "place": lambda: NavButton("ph.house", "Home"),
    "place that is open": lambda: checked(NavButton("ph.house", "Home")),
    "switch on": lambda: checked(Toggle("on")),
    "switch off": lambda: Toggle("off"),
    "card": lambda: ChoiceCard("card", "Title", "text"),
    "chosen card": lambda: checked(ChoiceCard("card", "Title", "text")),
    "format": lambda: FormatCard("ph.x", "ONNX", "what for"),
    "chosen format": lambda: checked(FormatCard("ph.x", "ONNX", "what for")),
    "action": lambda: ActionCard("ph.x", "Sort texts", "what for"),
    "step": done_mark,
    "chip": menu_chip,
    "chosen chip": lambda: menu_chip(is_chosen=True),
}
OTHERS: dict[str, Made] = {
    "line": lambda: QLineEdit("text"),
    "number": QSpinBox,
    "box": QComboBox,
    "text": lambda: QPlainTextEdit("text"),
    "check": QCheckBox,
    "checked": lambda: checked(QCheckBox("on")),
    "radio": lambda: checked(QRadioButton("on")),
}


def luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def num_seen(without: QImage, with_keyboard: QImage) -> int:
    """Pixels that differ by at least 3 : 1 between the two states."""
    count = 0
    for y in range(without.height()):
        for x in range(without.width()):
            one, other = without.pixelColor(x, y), with_keyboard.pixelColor(x, y)
            if one != other:
                low, high = sorted((luminance(one), luminance(other)))
                count += (high + 0.05) / (low + 0.05) >= LEAST_CONTRAST
    return count


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAINTED, *OTHERS])
def test_the_keyboard_is_seen(qtbot: QtBot, look: QApplication, theme: str, name: str) -> None:
    apply_theme(look, theme)
    page = QWidget()
    page.setObjectName("page")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    part = {**PAINTED, **OTHERS}[name]()
    QVBoxLayout(page).addWidget(part)
    qtbot.addWidget(page)
    page.resize(150, 120)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.setFocus()
    without = part.grab().toImage()
    part.setFocus(Qt.FocusReason.TabFocusReason)
    assert part.hasFocus()
    outline = 2 * (min(part.width(), 44) + min(part.height(), 20))
    assert num_seen(without, part.grab().toImage()) >= outline


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
@pytest.mark.parametrize("name", [name for name in PAINTED if "chip" not in name])
def test_return_and_space_press_it(qtbot: QtBot, look: QApplication, name: str, key: Qt.Key) -> None:
    part = PAINTED[name]()
    assert isinstance(part, QAbstractButton)
    qtbot.addWidget(part)
    part.show()
    pressed: list[bool] = []
    part.clicked.connect(lambda: pressed.append(True))
    qtbot.keyClick(part, key)
    assert pressed == [True]


def test_held_down_it_presses_once_and_with_ctrl_it_is_no_press(qtbot: QtBot, look: QApplication) -> None:
    button = Button("Go", "primary")
    qtbot.addWidget(button)
    button.show()
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    again = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(button, again)
    qtbot.keyClick(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pressed == []


@pytest.mark.parametrize("made", [QCheckBox, QRadioButton, QToolButton])
def test_qts_own_buttons_too(qtbot: QtBot, look: QApplication, made: type[QAbstractButton]) -> None:
    page = QWidget()
    button = made(page)
    qtbot.addWidget(page)
    _watcher = EnterPresses(look, page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert pressed == [True]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_box_opens_its_list(qtbot: QtBot, look: QApplication) -> None:
    page = QWidget()
    box = QComboBox(page)
    box.addItems(["one", "other"])
    qtbot.addWidget(page)
    _watcher = EnterPresses(look, page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.view().isVisible()
    box.hidePopup()


def test_a_segment_is_chosen_by_return(qtbot: QtBot, look: QApplication) -> None:
    control = SegmentedControl([("a", "A", None), ("b", "B", None)])
    qtbot.addWidget(control)
    control.show()
    qtbot.keyClick(control.segment("b"), Qt.Key.Key_Return)
    assert control.current() == "b"


def test_return_in_a_field_of_a_dialog_is_the_primary_buttons(qtbot: QtBot, look: QApplication) -> None:
    dialog = QDialog()
    column, field = QVBoxLayout(dialog), QLineEdit()
    cancel, keep = Button("Cancel"), Button("Keep", "primary")
    for part in (cancel, field, keep):
        column.addWidget(part)
    pressed: list[str] = []
    cancel.clicked.connect(lambda: pressed.append("cancel"))
    keep.clicked.connect(lambda: pressed.append("keep"))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert pressed == ["keep"]
    qtbot.keyClick(cancel, Qt.Key.Key_Return)
    assert pressed == ["keep", "cancel"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_chip_opens_its_menu_by_return(qtbot: QtBot, look: QApplication) -> None:
    chip = menu_chip()
    qtbot.addWidget(chip)
    chip.show()
    qtbot.keyClick(chip, Qt.Key.Key_Return)
    assert chip.menu.isVisible() and chip.menu.activeAction() is chip.menu.actions()[0]
    chip.menu.close()


def test_the_drafts_dialog_goes_on_unless_somebody_says_otherwise(qtbot: QtBot, look: QApplication) -> None:
    said: list[str] = []
    dialog = DraftDialog("tickets.csv", 1)
    dialog.gone_on.connect(lambda: said.append("on"))
    dialog.begun_anew.connect(lambda: said.append("anew"))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog.anew, Qt.Key.Key_Return)
    assert said == ["anew"]
    dialog.show()
    qtbot.keyClick(dialog.go_on, Qt.Key.Key_Return)
    assert said == ["anew", "on"]
    dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert said == ["anew", "on"] and not dialog.isVisible()
