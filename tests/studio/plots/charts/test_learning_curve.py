"""The curve plot draws when it must, keeps its labels apart and reads exact values out."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.plots.charts.learning_curve import CurvePlot

pytestmark = pytest.mark.usefixtures("look")
STEPS = np.arange(1.0, 1001.0)


@pytest.fixture
def plot(qtbot: QtBot) -> CurvePlot:
    plot = CurvePlot(is_share=True, name="Precision")
    qtbot.addWidget(plot)
    plot.resize(520, 300)
    plot.show()
    return plot


def _fill(plot: CurvePlot, count: int = 1000) -> None:
    values = 0.9 - 0.4 * np.exp(-STEPS / 100)
    plot.set_series("precision", STEPS[:count], values[:count], "#2366D1", "precision")
    plot.set_series("recall", STEPS[:count], values[:count] - 0.001, "#BD5210", "recall")


def test_draws_only_what_changed(plot: CurvePlot) -> None:
    _fill(plot, 500)
    assert plot.redraw()
    assert not plot.redraw()
    _fill(plot, 500)
    assert not plot.redraw()
    _fill(plot, 501)
    assert plot.redraw()
    plot.set_best(100, 0.8, "best, step 100")
    assert plot.redraw()
    plot.set_best(100, 0.8, "best, step 100")
    plot.set_baseline(None)
    assert not plot.redraw()


def test_draws_only_when_visible(plot: CurvePlot) -> None:
    plot.redraw()
    plot.hide()
    _fill(plot)
    assert not plot.redraw()
    plot.show()
    assert plot.line_ends()["precision"] == pytest.approx(0.9, abs=0.001)


def test_the_last_value_of_many_is_exact(plot: CurvePlot) -> None:
    values = np.full(1000, 0.5)
    values[-1] = 0.9
    plot.set_series("f1", STEPS, values, "#0E7C72", "F1")
    plot.redraw()
    assert plot.line_ends()["f1"] == 0.9


def test_reading_gives_exact_values_of_the_nearest_step(plot: CurvePlot) -> None:
    _fill(plot)
    plot.set_series("sparse", STEPS[99::100], STEPS[99::100] / 1000, "#A8469A", "sparse")
    reading = plot.read_at(250.3)
    assert reading is not None
    step, values = reading
    assert step == 250
    assert {label: value for label, value, _ in values}["sparse"] == 0.2


def test_nothing_to_read_without_data(plot: CurvePlot) -> None:
    plot.redraw()
    assert plot.read_at(3.0) is None
    QTest.mouseMove(plot.viewport(), plot.rect().center())
    plot.grab()


def test_keys_move_the_reading(plot: CurvePlot) -> None:
    _fill(plot)
    plot.redraw()
    bubble = plot.findChild(object, "bubble")
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert bubble.isVisible()
    assert "1,000" in bubble.accessibleName()
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert "990" in bubble.accessibleName()
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert not bubble.isVisible()


def test_the_curve_is_painted_where_its_values_are(plot: CurvePlot) -> None:
    plot.set_series("flat", STEPS, np.full(1000, 0.9), "#FF0000", "flat")
    plot.redraw()
    picture = plot.grab().toImage()
    on, off = plot.spot(500, 0.9), plot.spot(500, 0.95)
    ratio = picture.devicePixelRatio()
    assert picture.pixelColor(int(on.x() * ratio), int(on.y() * ratio)).red() > 200
    assert picture.pixelColor(int(on.x() * ratio), int(on.y() * ratio)).green() < 60
    assert picture.pixelColor(int(off.x() * ratio), int(off.y() * ratio)).green() > 200


def test_values_that_are_not_finite_do_not_break_it(plot: CurvePlot) -> None:
    values = np.array([np.nan, 0.4, np.inf, 0.6, np.nan])
    plot.set_series("train", STEPS[:5], values, "#2366D1", "train", is_raw=True)
    plot.set_best(4, float("nan"))
    plot.redraw()
    plot.grab()
    plot.set_series("train", STEPS[:2], np.full(2, np.nan), "#2366D1", "train", is_raw=True)
    plot.redraw()
    plot.grab()


def test_a_tiny_plot_survives(plot: CurvePlot) -> None:
    _fill(plot)
    plot.set_baseline(0.8, "word counting 80.0 %")
    plot.resize(60, 40)
    plot.redraw()
    plot.grab()


def test_the_axis_leaves_room_for_the_labels(plot: CurvePlot) -> None:
    _fill(plot)
    plot.set_span(1000, 250)
    plot.set_baseline(0.88, "word counting 88.0 %")
    plot.redraw()
    assert plot.frame_rect().right() - plot.spot(1000, 0.8).x() > 130
    assert plot.ranges[2] <= 0.8


def test_many_redraws_hold(plot: CurvePlot, qtbot: QtBot) -> None:
    for count in range(1, 300):
        _fill(plot, count)
        assert plot.redraw()
        plot.repaint()


def test_a_band_lies_around_its_curve(plot: CurvePlot) -> None:
    values = np.full(1000, 0.7)
    plot.set_series("f1", STEPS, values, "#2366D1", "F1", is_dashed=True)
    plot.set_band("f1", STEPS, values - 0.1, values + 0.1)
    plot.redraw()
    picture = plot.grab().toImage()
    ratio = picture.devicePixelRatio()
    inside, outside = (picture.pixelColor((plot.spot(300, value) * ratio).toPoint()) for value in (0.745, 0.95))
    assert inside.blue() > inside.red() + 15, "pale blue"
    assert abs(outside.blue() - outside.red()) < 8


def test_the_axis_says_what_it_counts(plot: CurvePlot) -> None:
    _fill(plot)
    plot.redraw()
    for unit, words in (("row", "text 300"), ("second", "300 s"), ("minute", "minute 300"), ("step", "step 300")):
        plot.set_unit(unit)  # type: ignore[arg-type]
        assert plot.redraw()
        plot.point_at(300)
        assert plot.findChild(QWidget, "bubble").accessibleName().startswith(words)
