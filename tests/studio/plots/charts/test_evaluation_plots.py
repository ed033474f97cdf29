"""The Evaluation page's plots: confusion of few and many labels, precision against recall, reliability, numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.metrics.decision_rules import ABSTAINED
from engine.metrics.precision_curve import PrecisionCurve
from engine.records import UNDECIDED, Decision
from engine.targets import Decided
from studio.plots.charts.precision_curves import floor_of, stepped, thinned, threshold_at
from studio.plots.charts.precision_recall import PrecisionPlot
from studio.plots.charts.predicted_against_true import NumberPlot
from studio.plots.charts.reliability import ReliabilityPlot, told
from studio.plots.confusion.confusion import Confusion, contrast, fill_of, ink_on
from studio.plots.confusion.confusion_matrix import ConfusionMatrix
from studio.plots.confusion.confusion_picture import ConfusionPicture
from studio.theme import apply_theme
from tests.studio.pages.evaluation.desk import THREE, made_answers, made_calibration

pytestmark = pytest.mark.usefixtures("look")
Accessible = Qt.ItemDataRole.AccessibleTextRole


def confusion(labels: tuple[str, ...] = THREE, decision: Decision = UNDECIDED) -> Confusion:
    decided = Decided(made_answers(labels), decision)
    assert decided.table is not None
    return Confusion(labels, decided.table, bool(decision.thresholds))


def curve(num: int = 3000) -> PrecisionCurve:
    found = Decided(made_answers(num=num)).curve(1)
    assert found is not None
    return found


# -- confusion ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_cell_can_be_read(theme: str, qapp: QApplication) -> None:
    apply_theme(qapp, theme)
    for kind in ("right", "wrong", "abstained"):
        for share in np.linspace(0, 1, 101):
            fill = fill_of(float(share), kind)
            assert contrast(ink_on(fill), fill) >= 4.5, (kind, share)


def test_pairs_come_with_the_most_frequent_first() -> None:
    counts = np.array([[50, 1, 9, 0], [0, 40, 0, 5], [3, 0, 30, 0]])
    found = Confusion(THREE, counts, can_abstain=True)
    assert [(one.truth, one.said, one.count) for one in found.pairs(10)] == [(0, 2, 9), (2, 0, 3), (0, 1, 1)]
    assert found.pairs(1)[0].share == pytest.approx(9 / 60)
    assert found.told(1, 3) == "billing, left to a person: 5 (11.1 %)"
    assert found.told(0, 2) == "delivery, said to be praise: 9 (15.0 %)"


def test_cells_rows_and_columns_are_chosen(qtbot: QtBot) -> None:
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.resize(420, 260)
    matrix.show_confusion(confusion(decision=Decision(thresholds={"billing": 0.9})), in_percent=False)
    matrix.show()
    found: list[tuple[object, object]] = []
    matrix.chosen.connect(lambda truth, column: found.append((truth, column)))
    for truth, column in ((1, 2), (1, None), (None, 0), (2, 3)):
        centre = matrix.visualRect(matrix.index_of(truth, column)).center()
        QTest.mouseClick(matrix.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert found == [(1, 2), (1, None), (None, 0), (2, 3)]
    matrix.grab()


def test_cells_are_reached_by_keys_and_named(qtbot: QtBot) -> None:
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.resize(420, 260)
    shown = confusion()
    matrix.show_confusion(shown, in_percent=True)
    matrix.show()
    found: list[tuple[object, object]] = []
    matrix.chosen.connect(lambda truth, column: found.append((truth, column)))
    matrix.setCurrentIndex(matrix.index_of(0, 0))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(matrix, key)
    QTest.keyClick(matrix, Qt.Key.Key_Left)
    QTest.keyClick(matrix, Qt.Key.Key_Left)
    QTest.keyClick(matrix, Qt.Key.Key_Space)
    assert found == [(1, 1), (1, None)]
    count = f"{shown.counts[0, 2]}"
    assert matrix.index_of(0, 2).data(Accessible).startswith(f"delivery, said to be praise: {count} (")
    assert matrix.index_of(None, 1).data(Accessible).startswith("it says billing: ")
    assert matrix.index_of(2, None).data(Accessible).startswith("your label praise: ")
    assert matrix.index_of(0, 0).data().endswith("%")


def test_a_dragged_threshold_keeps_the_chosen_cell(qtbot: QtBot) -> None:
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    one, other = (confusion(decision=Decision(thresholds={"billing": value})) for value in (0.9, 0.5))
    matrix.show_confusion(one, in_percent=False)
    matrix.set_choice((0, 1))
    matrix.setCurrentIndex(matrix.index_of(0, 1))
    matrix.show_confusion(other, in_percent=False)
    assert matrix.choice == (0, 1) and matrix.currentIndex() == matrix.index_of(0, 1)
    assert one.said_at(3) == ABSTAINED and one.column_of(ABSTAINED) == 3


def test_many_labels_are_a_picture(qtbot: QtBot) -> None:
    labels = tuple(f"label {number}" for number in range(40))
    picture = ConfusionPicture()
    qtbot.addWidget(picture)
    picture.resize(400, 420)
    picture.show_confusion(confusion(labels))
    picture.show()
    found: list[tuple[object, object]] = []
    picture.chosen.connect(lambda truth, column: found.append((truth, column)))
    centre = picture.box_of((3, 17)).center()
    assert picture.cell_at(centre) == (3, 17) and picture.cell_at(QPoint(0, 0)) is None
    QTest.mouseMove(picture, centre)
    qtbot.waitUntil(picture._bubble.isVisible, timeout=1000)
    assert "label 17" in picture._bubble.accessibleName()
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=centre)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(picture, key)
    assert found == [(3, 17), (4, 18)] and "label 4, said to be label 18" in picture.accessibleDescription()
    for _ in range(19):
        QTest.keyClick(picture, Qt.Key.Key_Left)
    QTest.keyClick(picture, Qt.Key.Key_Space)
    assert found[-1] == (4, None) and picture.accessibleDescription() == "your label label 4"
    picture.grab()


# -- precision against recall ------------------------------------------------------------------------------------------


def test_a_thinned_curve_keeps_its_ends() -> None:
    whole = curve()
    thin = thinned(whole, 200)
    assert len(thin.recall) <= 201 < len(whole)
    assert thin.recall[0] == whole.recall[0] and thin.recall[-1] == whole.recall[-1] == 1.0
    assert (np.diff(thin.recall) >= 0).all() and 0 <= floor_of(whole) <= whole.precision.min() + 0.3
    assert len(thinned(curve(50), 200).recall) == len(curve(50))


def test_a_recall_and_the_next_threshold() -> None:
    whole = curve()
    threshold = threshold_at(whole, 0.8)
    assert whole.at(threshold).recall >= 0.8 > whole.at(np.nextafter(threshold, 1.0)).recall
    assert stepped(whole, threshold, 3) < threshold < stepped(whole, threshold, -3)
    assert stepped(whole, threshold, -(10**6)) == whole.thresholds[0]


class _Told(PrecisionPlot):
    """Remembers where its words stand."""

    def __init__(self) -> None:
        super().__init__()
        self.stood: dict[str, QRectF] = {}

    def label(self, key: str, *args: Any, **options: Any) -> QRectF:
        self.stood[key] = super().label(key, *args, **options)
        return self.stood[key]


@pytest.mark.parametrize("num_true", [3, 4, 5])
@pytest.mark.parametrize("target", [0.3, 0.5, 0.52, 0.6])
def test_word_counting_is_named_beside_the_target(qtbot: QtBot, target: float, num_true: int) -> None:
    """Few texts: its curve falls from the top in the first third, where the target's words stand."""
    plot = _Told()
    qtbot.addWidget(plot)
    plot.resize(600, 320)
    truths = np.array([True, False, False, False, *[True] * (num_true - 1)])
    counted = PrecisionCurve(np.linspace(0.9, 0.2, len(truths)), truths)
    plot.show_curves(counted, counted, target)
    plot.show()
    plot.grab()
    assert not plot.stood["counted"].intersects(plot.stood["target"])
    assert plot.frame_rect().adjusted(-2, -2, 2, 2).contains(plot.stood["counted"])


def test_the_handle_is_dragged_and_moved_by_keys(qtbot: QtBot) -> None:
    whole, plot = curve(), PrecisionPlot()
    qtbot.addWidget(plot)
    plot.resize(600, 320)
    plot.show_curves(whole, curve(500), 0.95)
    plot.show_threshold(0.5, is_set=False)
    plot.moved.connect(lambda threshold: plot.show_threshold(threshold, is_set=True))
    plot.show()
    plot.grab()
    for recall in (0.4, 0.7):
        spot = QPointF(plot.spot(recall, 1.0).x(), plot.frame_rect().center().y()).toPoint()
        QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        assert plot.point is not None and plot.point.recall == pytest.approx(recall, abs=0.01)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    more = plot.point
    assert more is not None and more.recall > 0.695
    QTest.keyClick(plot, Qt.Key.Key_PageUp)
    assert plot.point.recall > more.recall
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot.point.threshold == whole.thresholds[0]
    QTest.keyClick(plot, Qt.Key.Key_End)
    assert plot.point.recall == 1.0 and "recall 100.0 %" in plot.accessibleDescription()
    plot.grab()


def test_a_curve_of_nothing_draws_nothing(qtbot: QtBot) -> None:
    plot = PrecisionPlot()
    qtbot.addWidget(plot)
    plot.show_curves(PrecisionCurve(np.zeros(4), np.ones(4, bool)), None, None)
    plot.show_threshold(0.5, is_set=False)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton)
    assert plot.point is None
    plot.grab()


# -- reliability and numbers -------------------------------------------------------------------------------------------


def test_reliability_is_told_bin_by_bin(qtbot: QtBot) -> None:
    plot, found = ReliabilityPlot(), made_calibration()
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.show()
    plot.show_reliability(found.before, "too sure", found.after, "corrected")
    assert plot.accessibleDescription().count("it says") == 8
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.findChild(QWidget, "bubble").accessibleName() == told(found.before)[-1]
    assert told(found.before)[0] == "it says 55.0 %, right in 50.0 % (47.0 % to 53.0 %) of 20 texts"
    plot.grab()


def test_numbers_lie_on_the_diagonal_when_they_are_right(qtbot: QtBot) -> None:
    plot, true = NumberPlot(), np.linspace(-3, 12, 500)
    qtbot.addWidget(plot)
    plot.resize(420, 400)
    plot.show_numbers(np.append(true, np.nan), np.append(true, 1.0))
    low, high = plot.span()
    assert low < -3 and high > 12
    corner, middle = plot.spot(low, low), plot.spot((low + high) / 2, (low + high) / 2)
    assert middle.x() > corner.x() and middle.y() < corner.y()
    plot.grab()
