"""The data step: how a file is read can be said beside it; rows have numbers, whole texts, and links to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from engine.config.data import DataConfig
from engine.config.reading import Reading
from engine.messages import message
from engine.records import Preview
from studio.pages.wizard.data import DataStep
from studio.pages.wizard.draft import (
    new_draft,
    preview_key,
    with_kept_roles,
    with_reading,
    with_role,
    with_source,
)
from studio.pages.wizard.page import WizardPage
from studio.pages.wizard.preview_model import PreviewModel
from studio.pages.wizard.preview_table import PreviewTable
from studio.pages.wizard.reading_words import chips
from studio.pages.wizard.row_reader import RowReader
from studio.pages.wizard.step_validation import STEPS
from studio.pages.wizard.typed_dialog import TypedDialog
from studio.preferences import Preferences
from studio.widgets import Button
from studio.widgets.menu_chip import MenuChip
from tests.studio.pages.wizard.answers import preview_of, reply
from tests.studio.pages.wizard.desk import WizardDesk

DOUBT = message("The letters look like Turkish.")


def doubtful(verb: str, question: Any, *more: Any) -> object:
    """Every preview has a doubt."""
    answer = reply(verb, question, *more)
    return replace(answer, row_numbers=(*range(1, 8), 9), doubts=(DOUBT,)) if isinstance(answer, Preview) else answer


class ReadingDesk(WizardDesk):
    """A wizard at its data step, with a file that was read."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(qtbot, folder, doubtful)
        with qtbot.waitActive(self.page):
            self.page.activateWindow()

    def chip(self, field: str) -> MenuChip:
        return next(one for one in self.page.findChildren(MenuChip, f"reading-{field}") if one.isVisible())

    def choose_reading(self, field: str, value: str) -> None:
        next(action for action in self.chip(field).menu.actions() if action.data() == value).trigger()

    @property
    def table(self) -> PreviewTable:
        return self.part(PreviewTable)

    def model(self) -> PreviewModel:
        model = self.table.model()
        assert isinstance(model, PreviewModel)
        return model

    def reading(self) -> Reading:
        return self.config.data.reading

    def button(self, name: str) -> Button:
        return self.see(name, Button)


@pytest.fixture
def desk(qtbot: QtBot, look: QApplication, tmp_path: Path) -> ReadingDesk:
    desk = ReadingDesk(qtbot, tmp_path)
    desk.begin()
    return desk


# -- how it is read ----------------------------------------------------------------------------------------------------


def test_what_was_found_is_said_and_can_be_changed_where_it_stands(desk: ReadingDesk) -> None:
    assert desk.chip("delimiter").text() == "comma" and desk.chip("encoding").text() == "UTF-8"
    assert desk.chip("delimiter").accessibleDescription() == "found by itself"
    assert [action.text() for action in desk.chip("header").menu.actions() if action.data()] == [
        "Found by itself: first line",
        "first line",
        "none",
        "line 2",
        "line 3",
    ]
    desk.choose_reading("delimiter", "semicolon")
    assert desk.reading() == Reading(delimiter="semicolon")
    assert desk.chip("delimiter").accessibleDescription() == "chosen by you"
    assert desk.worker("preview").asked[-1].arguments[0].reading == Reading(delimiter="semicolon")


def test_the_old_rows_stay_paler_until_the_new_ones_come(desk: ReadingDesk) -> None:
    desk.worker("preview").is_held = True
    desk.choose_reading("encoding", "cp1254")
    desk.wait_asked("preview", 2)
    assert desk.table.isVisible() and desk.table.is_dimmed
    assert desk.chip("encoding").text() == "Windows-1254 (Turkish)"
    desk.worker("preview").let_go()
    assert not desk.table.is_dimmed


def test_one_press_leaves_it_all_to_be_found_again(desk: ReadingDesk) -> None:
    assert not [one for one in desk.page.findChildren(Button, "reading-reset") if one.isVisible()]
    desk.choose_reading("header", "no")
    desk.choose_reading("decimal", "comma")
    desk.qtbot.mouseClick(desk.button("reading-reset"), Qt.MouseButton.LeftButton)
    assert desk.reading() == Reading()


def test_other_values_can_be_typed(desk: ReadingDesk) -> None:
    others = (("encoding", "mac_roman", "mac-roman"), ("delimiter", "~", "~"), ("header", "17", "17"))
    for field, typed, value in others:
        desk.chip(field).menu.actions()[-1].trigger()
        (dialog,) = [one for one in desk.page.findChildren(TypedDialog) if one.isVisible()]
        line, take = dialog.findChild(QLineEdit), dialog.findChild(Button, "typed_take")
        line.setText("no such thing")
        assert not take.isEnabled()
        line.setText(typed)
        desk.qtbot.keyClick(line, Qt.Key.Key_Return)
        assert getattr(desk.reading(), field) == value


def test_the_keyboard_stays_on_the_chip_that_was_changed(desk: ReadingDesk) -> None:
    desk.chip("encoding").setFocus()
    desk.choose_reading("encoding", "cp1252")
    assert desk.chip("encoding").hasFocus()
    desk.wait_for_report()
    assert desk.chip("encoding").hasFocus()


def test_doubts_stand_beside_the_chips(desk: ReadingDesk) -> None:
    doubt = desk.page.findChild(QLabel, "doubt")
    assert doubt.isVisible() and doubt.text() == "The letters look like Turkish."


def test_a_file_that_cannot_be_read_has_the_same_way_on(qtbot: QtBot, look: QApplication, tmp_path: Path) -> None:
    desk = ReadingDesk(qtbot, tmp_path)
    desk.page.begin(None, Path("/data/broken.csv"))
    qtbot.waitUntil(desk.table.isVisible, timeout=3000)
    assert desk.model().rows[0] == ("text;label",), "its lines as they are"
    assert not desk.table.tab_parts()[:-1], "bare lines have no roles to choose"
    desk.choose_reading("delimiter", "semicolon")
    assert desk.reading().delimiter == "semicolon"


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"format": "table", "encoding": "utf-8"}, ["delimiter", "quoting", "encoding", "header", "decimal"]),
        ({"format": "JSON Lines", "encoding": "utf-8"}, ["encoding"]),
        ({"format": "Parquet"}, []),
    ],
)
def test_a_format_has_the_chips_that_mean_something(facts: dict[str, str], fields: list[str]) -> None:
    preview = replace(preview_of(DataConfig(train="/data/tickets.csv")), facts=facts)
    assert [chip.field for chip in chips(Reading(), preview)] == fields
    assert len(chips(Reading(), None)) == 5, "of what could not be read everything can be said"


def test_a_reading_is_one_files_own() -> None:
    draft = with_reading(with_source(new_draft(), "file", "/data/a.csv"), Reading(encoding="cp1254"))
    assert with_source(draft, "file", "/data/a.csv").config.data.reading == Reading(encoding="cp1254")
    assert with_source(draft, "file", "/data/b.csv").config.data.reading == Reading()
    assert preview_key(draft.config) != preview_key(with_reading(draft, Reading()).config)


def test_chosen_columns_outlive_another_reading() -> None:
    draft = with_source(new_draft(), "file", "/data/a.csv")
    draft = replace(draft, preview=preview_of(draft.config.data))
    draft = with_role(draft, "created", "label")
    again = with_reading(draft, Reading(header="no"))
    assert again.config.data.columns == {}, "a column that is not there any more is not asked for"
    named = replace(again.preview, columns=("column_1", "column_2", "column_3", "column_4"))
    assert with_kept_roles(replace(again, preview=named)).roles == {"text": "column_3", "label": "column_2"}
    same = replace(again, preview=draft.preview)
    assert with_kept_roles(same).roles == {"text": "message", "label": "created"}
    narrow = replace(again, preview=replace(draft.preview, columns=("all",), rows=(("x",),), roles={"text": "all"}))
    assert with_kept_roles(narrow).config.data.columns == {}


# -- rows --------------------------------------------------------------------------------------------------------------


def test_rows_wear_the_numbers_of_the_findings(desk: ReadingDesk) -> None:
    numbers = [desk.model().headerData(row, Qt.Orientation.Vertical) for row in range(8)]
    assert numbers == ["1", "2", "3", "4", "5", "6", "7", "9"]


def test_a_findings_row_is_a_link_to_it(desk: ReadingDesk) -> None:
    qtbot = desk.qtbot
    qtbot.keyClick(desk.button("row-1203"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.table.currentIndex().row() > 0)
    model, row = desk.model(), desk.table.currentIndex().row()
    assert model.headerData(row, Qt.Orientation.Vertical) == "1,203"
    assert model.index(row, 2).data() == "the text of row 1203" and desk.table.hasFocus()
    assert model.index(row - 1, 0).data() == "The row you asked for"
    assert not model.flags(model.index(row - 1, 0)) & Qt.ItemFlag.ItemIsSelectable


def test_a_row_that_is_there_is_not_asked_for(desk: ReadingDesk) -> None:
    assert desk.table.show_row(9, is_asked=False)
    assert desk.table.currentIndex().row() == 7
    assert desk.num_asked("preview_rows") == 0


def test_return_opens_all_of_a_row_and_turns_the_pages(desk: ReadingDesk) -> None:
    qtbot = desk.qtbot
    desk.table.show_row(1, is_asked=False)
    qtbot.keyClick(desk.table, Qt.Key.Key_Return)
    reader = desk.page.findChild(RowReader)
    assert reader.title() == "Row 1" and "nobody answers my mails" in reader.text()
    qtbot.keyClick(reader, Qt.Key.Key_PageDown)
    assert reader.title() == "Row 2" and "still no parcel" in reader.text()
    for _ in range(9):
        qtbot.keyClick(reader, Qt.Key.Key_PageDown)
    assert reader.title() == "Row 9"
    qtbot.keyClick(reader, Qt.Key.Key_Escape)
    assert not reader.isVisible()


def test_a_reader_shows_texts_as_they_are(qtbot: QtBot, look: QApplication) -> None:
    preview = preview_of(DataConfig(train="/data/tickets.csv"))
    text = "<b>no markup</b>\n  two  blanks & a line end " + "x" * 3000
    model = PreviewModel(replace(preview, rows=(("1", "2", text, "a"),)), preview.roles)
    reader = RowReader(model, 0)
    qtbot.addWidget(reader)
    assert text in reader.text()


# -- keys --------------------------------------------------------------------------------------------------------------


def walk(desk: ReadingDesk) -> list[str]:
    """The names of all stops from the page once around."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    desk.page.setFocus()
    names: list[str] = []
    for _ in range(80):
        desk.qtbot.keyClick(application.focusWidget(), Qt.Key.Key_Tab)
        name = application.focusWidget().accessibleName()
        if name in names[:1]:
            break
        names.append(name)
    return names


def to_step(desk: ReadingDesk, number: int) -> None:
    while desk.step != STEPS[number]:
        desk.qtbot.keyClick(desk.button("continue"), Qt.Key.Key_Return)


def test_tab_goes_through_the_data_step_as_it_is_read(desk: ReadingDesk) -> None:
    names = walk(desk)
    order = ["File", "Replace", "Encoding: UTF-8", "One label", "Column id is for: Ignore", "Preview of the data"]
    order += ["Show row 77", "More settings", "Continue", "Back", "Cancel"]
    assert [name for name in names if name in order] == order
    assert all(names), "everything that is reached has a name"


def test_tab_reaches_start_first_on_the_last_step(desk: ReadingDesk) -> None:
    to_step(desk, 4)
    assert walk(desk)[:2] == ["Start training", "Back"]


def test_return_presses_what_has_the_keyboard_and_nothing_else(desk: ReadingDesk) -> None:
    qtbot, page, confirmed = desk.qtbot, desk.page, desk.confirmed
    to_step(desk, 4)
    qtbot.keyClick(page, Qt.Key.Key_Return)
    name = page.findChild(QLineEdit, "run-name")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert not confirmed and desk.button("continue").hasFocus(), "Return elsewhere only leads to the button"
    qtbot.keyClick(desk.button("back"), Qt.Key.Key_Return)
    assert desk.step == "training" and not confirmed
    with qtbot.waitSignal(page.cancelled):
        qtbot.keyClick(desk.button("cancel"), Qt.Key.Key_Return)
    assert desk.step == "training" and not confirmed
    to_step(desk, 4)
    qtbot.keyClick(desk.button("continue"), Qt.Key.Key_Return)
    assert len(confirmed) == 1


def test_return_in_a_field_stays_on_the_step(desk: ReadingDesk) -> None:
    to_step(desk, 3)
    field = next(one for one in desk.page.findChildren(QLineEdit) if one.isVisible())
    field.setFocus()
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.step == "training"


@pytest.mark.slow
def test_the_engine_reads_as_the_chips_say(qtbot: QtBot, look: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "texts.csv"
    rows = [f"çok güzel bir ürün sayı {row};{'iyi' if row % 2 else 'kötü'}" for row in range(1, 81)]
    file.write_bytes("\n".join(["metin;sonuç", *rows]).encode("cp1254"))
    page = WizardPage(Preferences(tmp_path / "studio.ini"))
    qtbot.addWidget(page)
    page.resize(1192, 900)
    page.show()
    page.begin(None, file)
    qtbot.waitUntil(lambda: page.draft().preview is not None, timeout=120_000)
    chip = next(one for one in page.findChildren(MenuChip, "reading-encoding") if one.isVisible())
    next(action for action in chip.menu.actions() if action.data() == "cp1251").trigger()
    qtbot.waitUntil(lambda: page.draft().preview.facts["encoding"] == "cp1251", timeout=120_000)
    assert page.draft().preview.rows[0][0] == "зok gьzel bir ьrьn sayэ 1"
    page.findChild(DataStep).rows_wanted.emit("train", (77,))
    config = page.draft().config
    qtbot.waitUntil(lambda: page.state()["answers"].rows(config, "train", (77,)) is not None, timeout=120_000)
    page.close_workers()
