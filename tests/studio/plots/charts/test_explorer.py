"""The explorer chooses, zooms, reads and takes away a run's curves, however long they are."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.config.losses import MeanSquaredError
from engine.config.run import RunConfig
from engine.config.tasks.classification import Classification
from engine.runs.history import History
from studio.pages.training import TrainingPage
from studio.pages.training.explorer_panels import course_of
from studio.plots.charts.explorer import Explorer
from studio.plots.charts.step_plot import StepPlot
from studio.widgets.error_banner import ErrorBanner
from tests.studio.synthetic_history import (
    Shape,
    SyntheticBook,
    SyntheticEntry,
    evaluated,
    progressed,
    steps_taken,
    synthetic_history,
)

pytestmark = [pytest.mark.usefixtures("look"), pytest.mark.slow]
PATH = Path("/runs/reviews")
Open = Callable[..., Explorer]


@pytest.fixture
def opened(qtbot: QtBot) -> Open:
    def open_explorer(history: History, config: RunConfig | None = None) -> Explorer:
        explorer = Explorer("Reviews", lambda: course_of(history, config or RunConfig()))
        qtbot.addWidget(explorer)
        with qtbot.waitExposed(explorer):
            explorer.show()
        return explorer

    return open_explorer


def _plot(explorer: Explorer, key: str) -> StepPlot:
    return explorer.findChild(StepPlot, f"panel:{key}")


def _reading(explorer: Explorer, key: str) -> str:
    return _plot(explorer, key)._reading.accessibleName()


def _box(explorer: Explorer, key: str) -> QCheckBox:
    return explorer.findChild(QCheckBox, f"curve:{key}")


def _long(steps: int) -> History:
    history, chance, shape = History(), np.random.default_rng(0), Shape(steps=steps, total=steps, speed=steps / 5)
    history.append(steps_taken(1, steps, chance, shape))
    history.append(evaluated(steps, 0.9, shape))
    return history


def test_shows_all_that_a_run_measures(opened: Open) -> None:
    explorer = opened(synthetic_history())
    shown = [plot.panel.key for plot in explorer.findChildren(StepPlot) if plot.isVisible()]
    assert shown == ["loss", "share:True", "learning_rate", "gradient_norm"]
    assert not _box(explorer, "accumulation:model").isChecked(), "a straight line tells nothing"
    assert _reading(explorer, "share:True").startswith("precision 9")
    assert "word counting 88.6 %" in _reading(explorer, "share:True")
    assert explorer.findChild(QLabel, "explorerStep").text() == "latest, step 400"


def test_a_number_as_target_has_errors_on_their_own_axis(opened: Open) -> None:
    history = _long(30)
    explorer = opened(history, RunConfig(task=Classification(loss=MeanSquaredError())))
    assert [one.key for one in _plot(explorer, "share:True").panel.traces] == ["r2"]
    assert [one.key for one in _plot(explorer, "share:False").panel.traces] == ["mae", "mse"]


def test_reads_every_curve_at_a_step(opened: Open) -> None:
    history = synthetic_history()
    explorer = opened(history)
    explorer.point_at(120.4)
    exact = history.steps()[1][119]
    assert explorer.findChild(QLabel, "explorerStep").text() == "step 120"
    assert f"train {exact:.3f}, smoothed" in _reading(explorer, "loss")
    precision = history.metric("precision")[1][2]
    assert f"precision {100 * precision:.1f} %" in _reading(explorer, "share:True")
    QTest.keyClick(explorer, Qt.Key.Key_Right)
    assert explorer.findChild(QLabel, "explorerStep").text() == "step 124"
    QTest.keyClick(explorer, Qt.Key.Key_Escape)
    assert explorer.findChild(QLabel, "explorerStep").text() == "latest, step 400"
    assert explorer.isVisible()


def test_the_pointer_reads(opened: Open) -> None:
    explorer = opened(synthetic_history())
    plot = _plot(explorer, "loss")
    spot = plot.view.mapViewToScene(QPointF(200, 0.3))
    plot.plot.scene().sigMouseMoved.emit(spot)
    assert explorer.findChild(QLabel, "explorerStep").text() == "step 200"
    plot.pointed.emit(None)
    assert explorer.findChild(QLabel, "explorerStep").text().startswith("latest")


def test_plots_zoom_together_and_fit_their_values(opened: Open) -> None:
    explorer = opened(synthetic_history())
    before = _plot(explorer, "loss").view.viewRange()[1]
    explorer.zoom_to(200, 300)
    for plot in explorer.findChildren(StepPlot):
        assert plot.range == pytest.approx((200, 300))
    low, high = _plot(explorer, "loss").view.viewRange()[1]
    assert high - low < before[1] - before[0], "the steep beginning is out of view"
    QTest.mouseClick(explorer.findChild(QAbstractButton, "explorerReset"), Qt.MouseButton.LeftButton)
    assert explorer.range == pytest.approx((0, 400))


def test_wheel_drag_and_keys_zoom(opened: Open, qtbot: QtBot) -> None:
    explorer = opened(synthetic_history())
    view = _plot(explorer, "loss").plot
    spot = view.mapFromScene(_plot(explorer, "loss").view.sceneBoundingRect().center())
    _wheel(view.viewport(), spot)
    low, high = explorer.range
    assert 0 < low < 200 < high < 400
    assert _plot(explorer, "gradient_norm").range == pytest.approx((low, high))
    QTest.keyClick(explorer, Qt.Key.Key_0)
    assert explorer.range == pytest.approx((0, 400))
    _drag(qtbot, explorer, spot, QPoint(spot.x() + 90, spot.y()))
    low, high = explorer.range
    assert low == pytest.approx(200, abs=3) and 230 < high < 290
    QTest.keyClick(explorer, Qt.Key.Key_Minus)
    assert explorer.range[1] - explorer.range[0] > 1.9 * (high - low)
    QTest.keyClick(explorer, Qt.Key.Key_Plus)
    assert explorer.range == pytest.approx((low, high))


def _wheel(target: QWidget, spot: QPoint) -> None:
    turned = QWheelEvent(
        QPointF(spot),
        QPointF(target.mapToGlobal(spot)),
        QPoint(0, 0),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, turned)


def _drag(qtbot: QtBot, explorer: Explorer, start: QPoint, end: QPoint) -> None:
    viewport = _plot(explorer, "loss").plot.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(viewport, start + (end - start) * (step / 5))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)


def test_curves_are_chosen(opened: Open) -> None:
    explorer = opened(synthetic_history())
    for key in ("precision", "recall", "accuracy"):
        _box(explorer, key).click()
    assert _reading(explorer, "share:True").startswith("F1 9")
    _box(explorer, "f1").click()
    assert not _plot(explorer, "share:True").isVisible()
    _box(explorer, "accumulation:model").click()
    assert _plot(explorer, "accumulation").isVisible()
    for box in explorer.findChildren(QCheckBox):
        if box.objectName().startswith("curve:") and box.isChecked():
            box.click()
    assert not any(plot.isVisible() for plot in explorer.findChildren(StepPlot))
    assert not explorer.findChild(QAbstractButton, "explorerExport").isEnabled()


def test_the_learning_rate_on_a_logarithmic_axis(opened: Open) -> None:
    explorer = opened(synthetic_history(Shape(steps=400, total=400)))  # ends in a rate of exactly 0
    explorer.zoom_to(100, 300)
    explorer.findChild(QCheckBox, "log:learning_rate").click()
    plot = _plot(explorer, "learning_rate")
    assert plot.view.viewRange()[1] == pytest.approx([-3.31, -2.81], abs=0.06)
    assert explorer.range == pytest.approx((100, 300))
    explorer.reset()
    explorer.grab()
    explorer.findChild(QCheckBox, "log:learning_rate").click()
    assert plot.view.viewRange()[1][1] == pytest.approx(0.0021, abs=0.0002)


@pytest.mark.slow
def test_a_million_steps_are_drawn_in_a_few_points(opened: Open) -> None:
    explorer = opened(_long(1_000_000))
    items = [item for plot in explorer.findChildren(StepPlot) for item in plot._all_items()]
    assert max(len(item.getData()[0]) for item in items) < 4000
    explorer.zoom_to(500_000, 500_400)
    raw = _plot(explorer, "loss")._items["train:model"][0]
    xs, ys = raw.getData()
    assert 380 < len(xs) < 500, "near, every step is seen"
    explorer.point_at(500_200)
    at = int(np.searchsorted(xs, 500_200))
    assert f"train {ys[at]:.3f}" in _reading(explorer, "loss")


def test_extremes_survive_thinning(opened: Open) -> None:
    history = _long(100_000)
    history._players["model"]._columns[1, 51_234] = 9.0
    explorer = opened(history)
    assert _plot(explorer, "loss")._items["train:model"][0].getData()[1].max() == 9.0


def test_follows_a_run_but_stays_where_it_was_zoomed(opened: Open, qtbot: QtBot) -> None:
    history = synthetic_history()
    explorer = opened(history)
    history.append(steps_taken(401, 440, np.random.default_rng(1), Shape()))
    explorer.mark_stale()
    assert explorer.range == pytest.approx((0, 400)), "not before the next half second"
    qtbot.waitUntil(lambda: explorer.range == pytest.approx((0, 440)), timeout=2000)
    explorer.zoom_to(100, 200)
    history.append(steps_taken(441, 480, np.random.default_rng(1), Shape()))
    explorer.mark_stale()
    explorer.refresh()
    assert explorer.range == pytest.approx((100, 200))
    explorer.hide()
    history.append(steps_taken(481, 500, np.random.default_rng(1), Shape()))
    explorer.mark_stale()
    explorer.refresh()
    assert explorer._course.end == 480, "nothing is drawn while hidden"


@pytest.mark.parametrize("suffix", [".png", ".svg", ".csv"])
def test_takes_curves_away(opened: Open, tmp_path: Path, suffix: str) -> None:
    history = synthetic_history()
    explorer = opened(history)
    _box(explorer, "recall").click()
    path = tmp_path / f"curves{suffix}"
    explorer.export_to(path)
    if suffix == ".png":
        picture = QImage(str(path))
        assert picture.width() > 1000 and not picture.isNull()
    elif suffix == ".svg":
        drawing = path.read_text(encoding="utf-8")
        assert "<image" not in drawing and "clip-path" in drawing and "precision" in drawing
    else:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        assert [int(row["step"]) for row in rows] == list(range(1, 401))
        assert "recall" not in rows[0]
        assert float(rows[79]["train"]) == history.steps()[1][79]
        assert [bool(row["precision"]) for row in rows[38:41]] == [False, True, False]


@pytest.mark.slow
def test_an_export_that_cannot_be_written_says_why(opened: Open, tmp_path: Path) -> None:
    explorer = opened(synthetic_history())
    explorer.export_to(tmp_path / "missing" / "curves.csv")
    assert "cannot be written" in explorer.findChild(ErrorBanner).lines()[0]


def test_a_run_that_has_just_begun(opened: Open) -> None:
    history = History()
    explorer = opened(history)
    explorer.grab()
    history.append(steps_taken(1, 1, np.random.default_rng(0), Shape()))
    explorer.mark_stale()
    explorer.refresh()
    explorer.grab()
    assert _reading(explorer, "loss").startswith("train 0.")


def test_values_that_are_not_finite(opened: Open) -> None:
    history = _long(100)
    history._players["model"]._columns[1, 20:30] = np.nan
    explorer = opened(history)
    explorer.point_at(25)
    assert "train –" in _reading(explorer, "loss")
    explorer.grab()


@pytest.mark.slow
def test_the_training_page_opens_one_for_each_run(qtbot: QtBot) -> None:
    book = SyntheticBook(SyntheticEntry(PATH, synthetic_history()), SyntheticEntry(Path("/b"), synthetic_history()))
    page = TrainingPage(book)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    page.show_run(PATH)
    for name in ("expandLoss", "expandQuality"):
        QTest.mouseClick(page.findChild(QAbstractButton, name), Qt.MouseButton.LeftButton)
    assert len(page.findChildren(Explorer)) == 1
    page.show_run(Path("/b"))
    QTest.mouseClick(page.findChild(QAbstractButton, "expandLoss"), Qt.MouseButton.LeftButton)
    assert [one.windowTitle() for one in page.findChildren(Explorer)] == ["Curves of “Reviews”"] * 2
    book.entry(PATH).history.append(steps_taken(401, 440, np.random.default_rng(1), Shape()))
    book.advanced.emit(PATH)
    first = page.findChildren(Explorer)[0]
    qtbot.waitUntil(lambda: first._course.end == 440, timeout=2000)


@pytest.mark.slow
def test_many_redraws_hold(opened: Open) -> None:
    history, chance, shape = synthetic_history(), np.random.default_rng(2), Shape(total=200_000)
    explorer = opened(history)
    explorer.resize(640, 420)
    for index in range(300):
        last = history.last_step
        history.append(steps_taken(last + 1, last + 100, chance, shape))
        if index % 10 == 0:
            history.append(evaluated(last + 100, 0.9, shape))
            history.append(progressed(last + 100, shape))
        explorer.mark_stale()
        explorer.refresh()
        explorer.point_at(float(chance.integers(1, last)))
        for plot in explorer.findChildren(StepPlot):
            plot.plot.viewport().repaint()
    assert explorer.range == pytest.approx((0, history.last_step))
