"""The small parts: they say what happened, are reached by keyboard, have names, and paint in both themes."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from engine.messages import message
from studio.theme import apply_theme
from studio.widgets import (
    ActionCard,
    Bar,
    BarList,
    Button,
    Card,
    DropArea,
    ElidingLabel,
    EmptyState,
    ErrorBanner,
    FlowLayout,
    IconButton,
    Pill,
    ProgressTrack,
    SearchField,
    SegmentedControl,
    Sparkline,
    StatTile,
    Toggle,
    dragged_path,
)
from studio.widgets.painting import spark_points
from tests.studio.desk import drop

pytestmark = pytest.mark.usefixtures("look")


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    """The widget in a window, laid out."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(widget)
    qtbot.addWidget(window, before_close_func=lambda _: window.hide())  # the closure keeps the window alive
    with qtbot.waitExposed(window):
        window.show()
    return widget


def track() -> ProgressTrack:
    made = ProgressTrack()
    made.set_share(0.4)
    made.set_ticks([(0.0, "epoch 1"), (0.5, "epoch 2")])
    made.set_marker(0.3)
    return made


def bars() -> BarList:
    made = BarList()
    made.set_bars([Bar("Delivery", 1.0, "50,492", "28 %"), Bar("Billing", 0.5, "43", "2 %", strong=True)])
    return made


def tile() -> StatTile:
    made = StatTile("Precision")
    made.set_value("94.1", "%", "± 0.4")
    made.set_spark(np.arange(5), np.arange(5))
    return made


PAINTED: dict[str, Callable[[], QWidget]] = {
    "button": lambda: Button("Start", "primary", "ph.play"),
    "icon button": lambda: IconButton("ph.gear", "Settings"),
    "pill": lambda: Pill("training", "accent"),
    "toggle": lambda: Toggle("On"),
    "track": track,
    "bars": bars,
    "card": lambda: ActionCard("ph.tag", "Sort texts", "Give every text a label", ("in", "out")),
    "tile": tile,
}


def test_all_paint_differently_in_both_themes(qtbot: QtBot, qapp: QApplication) -> None:
    widgets = {name: shown(qtbot, make()) for name, make in PAINTED.items()}
    light = {name: picture(widget) for name, widget in widgets.items()}
    apply_theme(qapp, "dark")
    assert not [name for name, widget in widgets.items() if picture(widget) == light[name]]


@pytest.mark.parametrize("name", ["button", "icon button", "toggle", "card"])
def test_focus_is_seen(qtbot: QtBot, name: str) -> None:
    widget = shown(qtbot, PAINTED[name]())
    widget.clearFocus()
    before = picture(widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)
    assert picture(widget) != before
    assert widget.accessibleName()


@pytest.mark.parametrize(("size", "height"), [("small", 28), ("normal", 32), ("hero", 40)])
def test_button_heights(qtbot: QtBot, size: str, height: int) -> None:
    button = shown(qtbot, Button("Go", size=size))  # type: ignore[arg-type]
    assert button.height() == height


def test_button_answers_mouse_and_space(qtbot: QtBot) -> None:
    button = shown(qtbot, Button("Go"))
    assert isinstance(button, Button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert len(pressed) == 2


def test_segments_choose_by_mouse_and_arrow_keys(qtbot: QtBot) -> None:
    control = SegmentedControl([("a", "One", None), ("b", "Two", "ph.eye"), ("c", "Three", None)])
    shown(qtbot, control)
    told: list[str] = []
    control.changed.connect(told.append)
    qtbot.mouseClick(control.segment("b"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(control.segment("b"), Qt.Key.Key_Right)
    qtbot.keyClick(control.segment("c"), Qt.Key.Key_Right)
    assert told == ["b", "c", "a"]
    control.set_current("c")
    assert control.current() == "c"
    assert told == ["b", "c", "a"], "choosing by code tells nobody"


def test_toggle_is_a_check_box(qtbot: QtBot) -> None:
    toggle = shown(qtbot, Toggle("Special tokens"))
    assert isinstance(toggle, Toggle)
    with qtbot.waitSignal(toggle.toggled):
        qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert toggle.isChecked()
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    assert not toggle.isChecked()


def test_trackkeeps_to_its_ends() -> None:
    made = ProgressTrack()
    for share, kept in ((0.25, 0.25), (-1.0, 0.0), (7.0, 1.0)):
        made.set_share(share)
        assert made.share() == pytest.approx(kept)


def test_error_banner_says_what_where_and_how_to_mend(qtbot: QtBot) -> None:
    banner = ErrorBanner()
    shown(qtbot, banner)
    error = InputError(message("The file is empty."), "a.csv", message("Choose another file."))
    banner.show_error(error, action="Open it")
    assert banner.isVisible()
    assert banner.lines() == ("The file is empty.", "a.csv", "Choose another file.")
    qtbot.mouseClick(banner.findChild(Button, "error_copy"), Qt.MouseButton.LeftButton)
    assert "Choose another file." in QGuiApplication.clipboard().text()
    with qtbot.waitSignal(banner.acted):
        qtbot.mouseClick(banner.findChild(Button, "error_action"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(banner.findChild(IconButton, "error_close"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_empty_state_offers_a_step(qtbot: QtBot) -> None:
    state = EmptyState("ph.chart-line-up", "No runs yet", "Every run is listed here.", "New run")
    shown(qtbot, state)
    with qtbot.waitSignal(state.acted):
        qtbot.mouseClick(state.findChild(Button, "empty_action"), Qt.MouseButton.LeftButton)


def test_search_is_emptied_by_escape(qtbot: QtBot) -> None:
    field = SearchField("Find a run")
    shown(qtbot, field)
    qtbot.keyClicks(field, "tickets")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_label_elides_instead_of_widening(qtbot: QtBot) -> None:
    label = ElidingLabel("a very long name that does not fit into so small a place")
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.addWidget(label)
    qtbot.addWidget(holder)
    holder.resize(120, 40)
    holder.show()
    picture(label)
    assert label.width() < 120
    assert label.toolTip() == label.text()


def test_card_has_header_and_body(qtbot: QtBot) -> None:
    card = Card("Loss", "lower is better")
    card.header.addWidget(Button("Full log", "link"))
    card.body.addWidget(QLabel("body"))
    shown(qtbot, card)
    card.window().resize(400, 400)
    assert card.title.text() == "Loss"
    assert card.title.mapTo(card, QPoint(0, 0)).y() < 20, "the title stays at the top of a tall card"


def mime(*urls: QUrl) -> QMimeData:
    data = QMimeData()
    data.setUrls(list(urls))
    return data


def test_only_local_files_can_be_dropped(tmp_path: Path) -> None:
    assert dragged_path(mime(QUrl("https://example.org/a.csv"))) is None
    assert dragged_path(mime(QUrl.fromLocalFile(str(tmp_path)))) == tmp_path


def test_drop_area_tells_what_was_dropped(qtbot: QtBot, tmp_path: Path) -> None:
    area = DropArea("Drop a file", "CSV", "Choose…")
    shown(qtbot, area)
    with qtbot.waitSignal(area.dropped) as told:
        drop(area, tmp_path / "a.csv")
    assert told.args == [(tmp_path / "a.csv",)]


def test_flow_goes_on_in_the_next_line(qtbot: QtBot) -> None:
    holder = QWidget()
    flow = FlowLayout(holder, spacing=10)
    chips = [QLabel("chip") for _ in range(4)]
    for chip in chips:
        chip.setFixedSize(100, 20)
        flow.addWidget(chip)
    qtbot.addWidget(holder)
    holder.resize(230, 200)
    holder.show()
    assert [chip.y() for chip in chips] == [0, 0, 30, 30]
    assert flow.heightForWidth(230) == 50
    assert flow.heightForWidth(1000) == 20


def test_action_card_grows_with_its_words() -> None:
    short = ActionCard("ph.tag", "A", "few words")
    long = ActionCard("ph.tag", "A", "many words " * 20)
    assert long.heightForWidth(260) > short.heightForWidth(260)
    assert long.heightForWidth(260) > long.heightForWidth(900)


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=400),
    st.floats(min_value=4, max_value=200),
)
def test_spark_stays_in_its_place(values: list[float], width: float) -> None:
    rect = QRectF(10, 10, width, 20)
    with np.errstate(over="ignore", invalid="ignore"):
        points = spark_points(rect, np.arange(len(values)), np.array(values))
    assert len(points) <= max(2, math.ceil(width))
    assert all(rect.adjusted(-0.01, -0.01, 0.01, 0.01).contains(point) for point in points)


def test_sparkline_paints_its_curve(qtbot: QtBot) -> None:
    line = Sparkline()
    shown(qtbot, line)
    empty = picture(line)
    line.set_curve(np.arange(10), np.arange(10))
    assert picture(line) != empty
