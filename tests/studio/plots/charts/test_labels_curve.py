"""The curve of labels: what is drawn is what was measured, and names have room at the lines' ends."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.messages import message
from engine.records import Figure, LabelsLearned, LearningCurve, Projection
from studio.plots.charts.labels_curve import LabelsCurve

pytestmark = pytest.mark.usefixtures("look")

CURVE = LearningCurve(
    np.array([15, 60, 140]),
    np.array([0.5, 0.7, 0.86]),
    np.array([0.35, 0.55, 0.73]),
    np.array([0.65, 0.82, 0.94]),
    np.array([0.48, 0.66, np.nan]),
)
AHEAD = Projection(0.95, 310, 260, 380, ahead=np.array([[140.0, 0.86], [310.0, 0.95]]))
UNSAID = Projection(0.95, why_not=message("The curve is too short for it yet."), ahead=np.array([[140.0, 0.8]]))


def learned(projection: Projection | None = None, curve: LearningCurve | None = CURVE) -> LabelsLearned:
    return LabelsLearned(94, 140, 38, 44, Figure(0.86, 0.73, 0.94, "wilson"), curve, None, projection)


@pytest.fixture
def chart(qtbot: QtBot) -> LabelsCurve:
    made = LabelsCurve()
    qtbot.addWidget(made)
    made.resize(300, 220)
    made.show()
    return made


def test_its_figures_are_those_that_were_measured(chart: LabelsCurve) -> None:
    chart.show_learned(learned())
    figures = dict(chart.figures())
    assert figures["labels"].tolist() == [15, 60, 140]
    np.testing.assert_array_equal(figures["by chance"], CURVE.chance)
    told = [" ".join(str(part) for part in line[:2]) for line in chart.words_of(1)]
    assert told == ["60 labels: 70 % (55 % to 82 %) ", "by chance 66 %"]
    assert len(chart.words_of(2)) == 1, "chance was not measured there"


def test_the_axis_goes_to_the_end_of_what_is_needed(chart: LabelsCurve) -> None:
    chart.show_learned(learned(AHEAD))
    assert chart.ranges[1] >= 380


@pytest.mark.parametrize("width", [260, 340, 600])
def test_a_name_at_the_end_has_room(chart: LabelsCurve, width: int) -> None:
    chart.resize(width, 220)
    chart.show_learned(learned(UNSAID))
    end = chart.spot(140, 0.86).x()
    assert end + chart.label_size("by the model 86 %", 600, 12)[0] <= chart.frame_rect().right()


def test_nothing_measured_draws_nothing(chart: LabelsCurve) -> None:
    chart.show_learned(learned(AHEAD))
    chart.show_learned(None)
    assert not chart.has_figures
    chart.show_learned(learned(None, None))
    assert chart.figures() == []
