"""What every chart shares: where values lie, words inside, values read out, zoom and the way back."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from studio.plots.charts.chart import Chart
from studio.plots.charts.tooltip import Line
from studio.plots.export.files import Column
from studio.theme import apply_theme, tokens

pytestmark = pytest.mark.usefixtures("look")


def _ticks(low: float, high: float, _pixels: float) -> list[tuple[float, str]]:
    return [(low, f"{low:g}"), (high, f"{high:g}")]


class _Squares(Chart):
    """The points (0, 0), (1, 1), (2, 4), ... (9, 81)."""

    def __init__(self, *, can_zoom: bool = True) -> None:
        super().__init__("squares", _ticks, _ticks, can_zoom=can_zoom)
        self.xs = np.arange(10.0)
        self._line = self.curve("#ff0000")
        self.fit((0.0, 9.0), (0.0, 81.0), 40)
        self._line.setData(*self.drawable(self.xs, self.xs**2))

    def figures(self) -> list[Column]:
        return [("x", self.xs), ("squared", self.xs**2)]

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        return self.xs, self.xs**2

    def words_of(self, index: int) -> list[Line]:
        return [(f"{index} squared", f"{index**2}", None)]


def shown(qtbot: QtBot, chart: Chart) -> Chart:
    qtbot.addWidget(chart)
    chart.resize(400, 300)
    chart.show()
    return chart


def bubble(chart: Chart) -> QWidget:
    found = chart.findChild(QWidget, "bubble")
    assert found is not None
    return found


def test_values_lie_where_pixels_say(qtbot: QtBot) -> None:
    chart = shown(qtbot, _Squares())
    frame = chart.frame_rect()
    assert chart.spot(0, 0) == frame.bottomLeft() and chart.spot(9, 81) == frame.topRight()
    assert chart.value_at(chart.spot(3, 9)) == pytest.approx((3, 9))
    picture = chart.grab().toImage()
    assert picture.pixelColor((chart.spot(8.5, 72.5) * picture.devicePixelRatio()).toPoint()).red() > 200


@pytest.mark.parametrize("ends", [(3.0, 3.0), (math.nan, 1.0), (0.0, math.inf), (1e300, 1e300)])
def test_a_range_without_extent_is_given_one(qtbot: QtBot, ends: tuple[float, float]) -> None:
    chart = shown(qtbot, _Squares())
    chart.fit((0.0, 1.0), ends)
    left, right, low, high = chart.ranges
    assert (left, right) == (0.0, 1.0) and math.isfinite(low) and math.isfinite(high) and low < high
    assert ends != (3.0, 3.0) or chart.spot(0, 3.0).y() == pytest.approx(chart.frame_rect().center().y())
    assert not chart.grab().isNull()


def test_the_pointer_reads_the_nearest_point(qtbot: QtBot) -> None:
    chart = shown(qtbot, _Squares())
    QTest.mouseMove(chart.viewport(), (chart.spot(7, 49) + QPointF(5, 5)).toPoint())
    assert bubble(chart).isVisible() and bubble(chart).accessibleName() == "7 squared 49"
    QTest.mouseMove(chart.viewport(), chart.spot(1, 70).toPoint())
    assert not bubble(chart).isVisible()


def test_arrow_keys_walk_through_the_points(qtbot: QtBot) -> None:
    chart = shown(qtbot, _Squares())
    for key, told in ((Qt.Key.Key_Right, "9 squared 81"), (Qt.Key.Key_Left, "8 squared 64")):
        QTest.keyClick(chart, key)
        assert bubble(chart).accessibleName() == told
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert not bubble(chart).isVisible()


def test_zoom_and_the_way_back(qtbot: QtBot) -> None:
    chart = shown(qtbot, _Squares(can_zoom=True))
    home = chart.ranges
    QTest.keyClick(chart, Qt.Key.Key_Plus)
    assert chart.ranges[1] - chart.ranges[0] == pytest.approx((home[1] - home[0]) / 2)
    QTest.keyClick(chart, Qt.Key.Key_0)
    assert chart.ranges == home
    QTest.keyClick(chart, Qt.Key.Key_Plus)
    QTest.mouseDClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=chart.frame_rect().center().toPoint())
    assert chart.ranges == home


def test_a_live_chart_stays_as_it_is(qtbot: QtBot) -> None:
    chart = shown(qtbot, _Squares(can_zoom=False))
    home = chart.ranges
    QTest.keyClick(chart, Qt.Key.Key_Plus)
    assert chart.ranges == home


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_in_the_colours_of_the_theme(qtbot: QtBot, qapp: QApplication, theme: str) -> None:
    apply_theme(qapp, theme)
    chart = shown(qtbot, _Squares())
    assert chart.grab().toImage().pixelColor(int(chart.spot(2, 70).x()), int(chart.spot(2, 70).y())) == QColor(
        tokens().card
    )


def test_the_menu_offers_files_and_ways_to_look_closer(qtbot: QtBot) -> None:
    chart = shown(qtbot, _Squares())
    menu = chart.menu()
    named = {action.text().split("\t")[0].rstrip("…"): action for action in menu.actions() if not action.isSeparator()}
    assert any("PNG" in one for one in named) and any("SVG" in one for one in named)
    assert any("CSV" in one for one in named) == chart.has_figures
    home = chart.ranges
    named["Zoom in"].trigger()
    assert chart.ranges[1] - chart.ranges[0] == pytest.approx((home[1] - home[0]) / 2)
    named["Show all"].trigger()
    assert chart.ranges == pytest.approx(home)
    named["Copy the picture"].trigger()
    assert QApplication.clipboard().image().width() == 2 * chart.width()


def test_what_is_drawn_is_saved(qtbot: QtBot, tmp_path: Path) -> None:
    chart = shown(qtbot, _Squares())
    for suffix in (".png", ".svg", ".csv"):
        chart.save_as(tmp_path / f"chart{suffix}")
    assert QImage(str(tmp_path / "chart.png")).height() == 2 * chart.height()
    assert b"<svg" in (tmp_path / "chart.svg").read_bytes()
    rows = (tmp_path / "chart.csv").read_text("utf-8-sig").split()
    assert [row.replace('"', "") for row in rows[:3]] == ["x,squared", "0,0", "1,1"] and len(rows) == 11
    with pytest.raises(InputError, match=r"\.gif"):
        chart.save_as(tmp_path / "chart.gif")


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(qtbot: QtBot) -> None:
    chart = shown(qtbot, _Squares())
    home, middle = chart.ranges, chart.frame_rect().center()
    for keys, zooms in ((Qt.KeyboardModifier.NoModifier, False), (Qt.KeyboardModifier.ControlModifier, True)):
        turned = QWheelEvent(
            middle, chart.mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, keys,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(chart.viewport(), turned)
        assert (chart.ranges != home) == zooms


def test_what_a_closer_look_leaves_out_is_not_marked(qtbot: QtBot) -> None:
    class Marked(_Squares):
        def annotate(self) -> None:
            self.dot("first", self.spot(0, 0), 4, "#00ff00")

    def is_marked() -> bool:
        picture = chart.grab().toImage()
        places = [(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)]
        return any(picture.pixelColor(x, y) == QColor("#00ff00") for x, y in places)

    chart = shown(qtbot, Marked())
    assert is_marked()
    chart.view.scaleBy((0.5, 0.5))
    assert not is_marked()
