"""No curve leaves its plot, whatever it is given: outliers, holes, infinities, one point, equal values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.metrics.precision_curve import PrecisionCurve
from engine.records import Figure, Reliability, SweepPoint
from studio.numbers import share_interval
from studio.pages.evaluation.sentences import interval_words
from studio.plots.attention.trust_bars import Compared, Measure, TrustBars, figure_words
from studio.plots.charts.interval_dots import IntervalDots, ScaleTicks, scale_of
from studio.plots.charts.learning_curve import CurvePlot
from studio.plots.charts.precision_recall import PrecisionPlot
from studio.plots.charts.predicted_against_true import NumberPlot
from studio.plots.charts.quality_diversity import SweepPlot
from studio.plots.charts.reliability import ReliabilityPlot
from studio.plots.charts.seed_dots import DotRow, SeedDots, SeedValue
from studio.plots.charts.small_curve import MeterCurve
from studio.theme import tokens
from studio.widgets.sparkline import Sparkline

pytestmark = [pytest.mark.usefixtures("look"), pytest.mark.slow]

INK = "#ff00d0"
CHANCE = np.random.default_rng(0)
STEPS = np.arange(1.0, 41.0)
CURVES = {
    "usual": np.linspace(0.2, 0.9, 40),
    "first far below": np.concatenate([[-40.0], np.linspace(0.5, 0.9, 39)]),
    "spike": np.where(STEPS == 20, 1e9, 0.5),
    "beyond floats": np.where(STEPS == 20, 1e300, np.where(STEPS == 30, -1e300, 0.5)),
    "beyond one": np.linspace(0.5, 3.0, 40),
    "negative": np.linspace(-5.0, -1.0, 40),
    "holes": np.where(STEPS % 3 == 0, np.nan, 0.7),
    "infinite": np.where(STEPS % 5 == 0, np.inf, 0.7),
    "all holes": np.full(40, np.nan),
    "equal": np.full(40, 0.25),
    "zero": np.zeros(40),
    "huge equal": np.full(40, 1e12),
    "noise": CHANCE.normal(0, 1e3, 40),
}


def drawn(qtbot: QtBot, widget: QWidget, size: tuple[int, int] = (360, 240)) -> QImage:
    qtbot.addWidget(widget)
    widget.resize(*size)
    widget.show()
    redraw = getattr(widget, "redraw", None)
    if redraw is not None:
        redraw()
    return widget.grab().toImage()


def inked(image: QImage, area: QRect) -> int:
    """How many pixels of an area are in the curve's colour, faint ones too."""
    part = colors(image)[max(0, area.top()) : area.bottom() + 1, max(0, area.left()) : area.right() + 1]
    red, green, blue = (part[..., place] for place in range(3))
    return int(((red - green > 60) & (blue - green > 40)).sum())


def colors(image: QImage) -> np.ndarray:
    """int [height, width, (red, green, blue)]."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine() // 4, 4)
    return pixels[:, : plain.width(), 2::-1].astype(np.int64)


def around(rect: QRectF, image: QImage) -> list[QRect]:
    """Left of a frame, over and under it; right of it stand names in the curves' colours."""
    inner = rect.toAlignedRect().adjusted(-3, -4, 3, 3)
    width, height = image.width(), image.height()
    return [
        QRect(0, 0, inner.left(), height),
        QRect(0, 0, width, inner.top()),
        QRect(0, inner.bottom() + 1, width, height - inner.bottom() - 1),
    ]


@pytest.mark.parametrize("is_share", [True, False])
@pytest.mark.parametrize("name", CURVES)
def test_curves(qtbot: QtBot, name: str, is_share: bool) -> None:
    values = CURVES[name]
    plot = CurvePlot(name="curve", is_share=is_share)
    plot.set_series("one", STEPS, values, INK, "")
    plot.set_series("raw", STEPS, values[::-1].copy(), INK, "", is_raw=True)
    plot.set_series("dashed", STEPS, values, INK, "", is_dashed=True)
    plot.set_band("one", STEPS, values - 3, values + 3)
    plot.set_baseline(0.5, "")
    for key, level in (("far", 7e6), ("under", -3.0), ("nothing", math.nan)):
        plot.set_level(key, level, INK)
    plot.set_best(4_000, 1e9, "")
    plot.set_turn(90_000, "")
    image = drawn(qtbot, plot)
    assert sum(inked(image, area) for area in around(plot.frame_rect(), image)) == 0


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_points(qtbot: QtBot, count: int) -> None:
    plot = CurvePlot(name="curve", is_share=False)
    plot.set_series("one", STEPS[:count], np.full(count, 3.0), INK, "")
    image = drawn(qtbot, plot)
    assert sum(inked(image, area) for area in around(plot.frame_rect(), image)) == 0
    assert (inked(image, plot.frame_rect().toAlignedRect()) > 0) == bool(count)


@pytest.mark.parametrize("name", CURVES)
def test_meters_and_sparks(qtbot: QtBot, name: str) -> None:
    meter, spark = MeterCurve("meter"), Sparkline()
    meter.set_curve(STEPS, CURVES[name], 40)
    meter.set_lines(math.nan, 0.5)
    meter.set_step(20, INK)
    drawn(qtbot, meter, (200, 50))
    spark.set_curve(STEPS, CURVES[name], INK)
    assert not drawn(qtbot, spark, (60, 28)).isNull()
    frame = meter.frame_rect()
    known = CURVES[name][np.isfinite(CURVES[name])]
    for value in known.tolist():
        assert frame.top() - 1 <= meter.spot(0, value).y() <= frame.bottom() + 1


def reliability(said: np.ndarray, true: np.ndarray, reach: float) -> Reliability:
    return Reliability(said, true, true - reach, true + reach, np.full(len(said), 10), 0.1)


@pytest.mark.parametrize(
    ("said", "true", "reach"),
    [
        (np.linspace(0, 1, 6), np.linspace(0, 1, 6), 0.4),
        (np.array([0.2, 0.8]), np.array([np.nan, 0.8]), 0.1),
        (np.array([0.5]), np.array([1.7]), 2.0),
        (np.empty(0), np.empty(0), 0.1),
        (np.array([0.5, 0.6]), np.array([0.5, 0.6]), math.nan),
    ],
)
def test_reliability_keeps_between_never_and_always(
    qtbot: QtBot, said: np.ndarray, true: np.ndarray, reach: float
) -> None:
    plot = ReliabilityPlot()
    plot.show_reliability(reliability(said, true, reach), "")
    image = drawn(qtbot, plot)
    rect = plot.frame_rect().toAlignedRect().adjusted(-7, -7, 7, 7)
    blue = QColor(tokens().s1)
    found = (colors(image) == np.array([blue.red(), blue.green(), blue.blue()])).all(axis=2)
    found[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1] = False
    assert not found.any()
    told = plot.accessibleDescription()
    assert "-" not in told and "170" not in told


def test_precision_of_few_rows(qtbot: QtBot) -> None:
    for scores, right in (([0.9], [True]), ([0.5, 0.5], [True, False]), ([0.2, 0.1], [False, False])):
        plot = PrecisionPlot()
        curve = PrecisionCurve(np.array(scores), np.array(right))
        plot.show_curves(curve, curve, 0.99)
        plot.show_threshold(0.5, is_set=True)
        assert not drawn(qtbot, plot).isNull()


@pytest.mark.parametrize("values", [[0.0], [1.0, 1.0], [math.nan], [0.2, math.inf], [-3.0, 4.0]])
def test_dots_of_seeds(qtbot: QtBot, values: list[float]) -> None:
    dots = SeedDots()
    found = tuple(SeedValue(value, "", str(place)) for place, value in enumerate(values))
    dots.show_rows(("F1",), (DotRow("plain", (found,)),))
    image = drawn(qtbot, dots, (360, dots.sizeHint().height()))
    assert not image.isNull()
    for place, value in enumerate(values):
        if math.isfinite(value):
            assert 0 <= dots.place_of(str(place)).x() <= dots.width()


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0, math.nan, 7.0])
def test_intervals_of_a_table(qtbot: QtBot, value: float) -> None:
    scale = scale_of([value, 0.5], [value - 0.4, value + 0.4])
    assert 0.0 <= scale.low < scale.high <= 1.0
    row = IntervalDots(value, 0.4, (value, 0.5), INK, scale)
    assert not drawn(qtbot, row, (220, 40)).isNull()
    assert 0 <= row.place_of(value + 0.4) <= 220
    assert not drawn(qtbot, ScaleTicks(scale), (220, 20)).isNull()


@pytest.mark.parametrize("bleu", [0.0, 0.4, 1.0, math.nan, math.inf])
def test_sweeps(qtbot: QtBot, bleu: float) -> None:
    points = [
        SweepPoint("maximum_likelihood", 1.0, {"bleu_4": bleu, "self_bleu_4": 0.4}),
        SweepPoint("gan", 1.0, {"bleu_4": 0.3, "self_bleu_4": bleu}),
    ]
    plot = SweepPlot()
    plot.set_points(points)
    assert not drawn(qtbot, plot).isNull()
    for point in plot.points():
        assert plot.rect().toRectF().contains(plot.spot_of(point))


@pytest.mark.parametrize("numbers", [[1e12] * 3, [0.0], [-1e300, 1e300], [math.nan, 2.0], [1e-12, 2e-12]])
def test_numbers(qtbot: QtBot, numbers: list[float]) -> None:
    plot = NumberPlot()
    plot.show_numbers(np.array(numbers), np.array(numbers[::-1]))
    assert not drawn(qtbot, plot).isNull()


@pytest.mark.parametrize("value", [None, 0.0, 1.0, -1.0, math.nan, 9.0])
def test_trust(qtbot: QtBot, value: float | None) -> None:
    bars = TrustBars()
    bars.set_groups([Compared("a", (Measure("b", value, 0.2),), signed=signed) for signed in (True, False)])
    assert not drawn(qtbot, bars, (240, 160)).isNull()


# -- intervals in words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "width", "words"),
    [
        (0.94, 0.014, "± 1.4"),
        (0.99, 0.014, "97.6 to 100"),
        (0.01, 0.02, "0.0 to 3.0"),
        (1.0, 0.0, "± 0.0"),
        (0.5, 0.5, "± 50.0"),
        (0.5, 0.7, "0.0 to 100"),
        (math.nan, 0.1, ""),
        (0.5, math.nan, ""),
    ],
)
def test_intervals_never_pass_nought_or_a_hundred(share: float, width: float, words: str) -> None:
    assert share_interval(share, width) == words


def test_intervals_of_an_evaluation_stay_between() -> None:
    assert interval_words(Figure(0.99, 0.97, 1.02, "bootstrap")) == "97.0 to 100.0"
    assert interval_words(Figure(0.01, -0.02, 0.05, "bootstrap")) == "0.0 to 5.0"


def test_intervals_of_trust_stay_between() -> None:
    assert figure_words(Measure("x", 0.97, 0.05)) == "0.97 (0.92 to 1.00)"
    assert figure_words(Measure("x", -0.5, 0.2), signed=True) == "−0.50 ± 0.20"
    assert figure_words(Measure("x", -0.9, 0.2), signed=True) == "−0.90 (−1.00 to −0.70)"
