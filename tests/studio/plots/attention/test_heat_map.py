"""The heat map shows each weight in its place and reads it out exactly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.plots.attention.heat_map import HeatMap, exact
from studio.plots.attention.map_data import MapData
from studio.plots.attention.map_picture import MapPicture
from studio.plots.attention.strip_picture import StripPicture, balanced, wrapped
from studio.plots.attention.weights import VIRIDIS, colors, looked_at, scale_end, shades, shrunk
from tests.studio.synthetic_attention import self_attention

pytestmark = pytest.mark.usefixtures("look")
WORDS = ("[CLS]", "not", "clean", "at", "all", "[SEP]")


def _data(length: int = 6, queries: int | None = None) -> MapData:
    weights = self_attention(np.random.default_rng(1), 1, 1, length)[0, 0][: queries or length]
    keys = WORDS if length == 6 else tuple(f"word{index}" for index in range(length))
    special = np.array([index in (0, length - 1) for index in range(length)])
    return MapData(weights, ("∑",) if queries == 1 else keys, keys, special)


@pytest.fixture
def heat_map(qtbot: QtBot) -> HeatMap:
    heat_map = HeatMap()
    qtbot.addWidget(heat_map)
    heat_map.resize(500, 520)
    heat_map.show()
    return heat_map


@pytest.mark.parametrize("length", [2, 6, 24, 64, 65, 300])
def test_cells_are_square_where_there_is_height_and_in_the_widget(length: int) -> None:
    for height in (500, 340):
        picture = MapPicture(_data(length), QSizeF(480, height))
        cell = picture.cell(1, 1)
        assert cell.height() * 0.99 <= cell.width() <= cell.height() * (1.01 if length == 2 else 1.76)
        assert picture.cells.right() <= 480
        assert picture.height <= height


@given(st.lists(st.floats(10, 200), min_size=1, max_size=60), st.floats(210, 900))
def test_balanced_lines_are_as_few_and_fit(widths: list[float], room: float) -> None:
    lines = balanced(widths, room)
    assert len(lines) == len(wrapped(widths, room))
    assert [index for start, end in lines for index in range(start, end)] == list(range(len(widths)))
    assert all(sum(widths[start:end]) <= room + 1e-6 for start, end in lines)


@pytest.mark.parametrize(("length", "room"), [(2, 400), (14, 400), (14, 90), (60, 400), (300, 400)])
def test_a_pooled_map_wraps_like_its_text(length: int, room: int) -> None:
    picture = StripPicture(_data(length, queries=1), QSizeF(700, room))
    cells = [picture.cell(0, key) for key in range(length)]
    for key, cell in enumerate(cells):
        assert cell.left() >= 0 and cell.right() <= 700 and cell.height() >= 26
        assert picture.at(cell.center()) == (0, key)
        assert picture.at(QPointF(cell.center().x(), cell.top() - 8)) == (0, key), "the word belongs to its cell"
    for before, after in pairwise(cells):
        is_same_line = after.top() == before.top()
        assert after.left() > before.right() if is_same_line else after.left() == 0
    assert picture.height <= room or cells[0].height() == 26, "it grows only where cells cannot be lower"


def test_a_short_text_is_written_larger() -> None:
    scales = [StripPicture(_data(length, queries=1), QSizeF(800, 420)).scale for length in (5, 60)]
    assert scales[0] > 1.3 and scales[1] == 1.0


def test_arrows_move_between_the_lines_of_a_pooled_map() -> None:
    picture = StripPicture(_data(40, queries=1), QSizeF(500, 300))
    below = picture.neighbour((0, 2), (1, 0))
    assert picture.cell(*below).top() > picture.cell(0, 2).top()
    assert abs(picture.cell(*below).center().x() - picture.cell(0, 2).center().x()) < 80
    assert picture.neighbour(below, (-1, 0))[1] in (1, 2, 3)
    assert picture.neighbour((0, 0), (-1, 0)) == (0, 0)
    assert picture.neighbour((0, 39), (0, 1)) == (0, 39)


def test_a_pooled_map_is_as_high_as_its_lines(heat_map: HeatMap) -> None:
    heat_map.set_room(300)
    heat_map.set_map(_data(200, queries=1))
    high = heat_map.minimumHeight()
    assert high == heat_map.maximumHeight() > 300
    heat_map.set_map(_data(6))
    assert heat_map.minimumHeight() < 300 < heat_map.maximumHeight()
    heat_map.set_map(_data(5, queries=1))
    assert heat_map.minimumHeight() <= 300


def test_the_pointer_reads_a_pooled_weight(heat_map: HeatMap) -> None:
    heat_map.set_room(300)
    data = _data(6, queries=1)
    heat_map.set_map(data)
    QTest.mouseMove(heat_map, StripPicture(data, QSizeF(heat_map.width(), 300)).cell(0, 2).center().toPoint())
    assert heat_map.findChild(object, "bubble").accessibleName() == f"it looks at “clean” {data.weights[0, 2]:.3f}"
    heat_map.grab()


@given(st.integers(0, 5), st.integers(0, 5))
def test_a_cell_is_found_under_its_centre(query: int, key: int) -> None:
    picture = MapPicture(_data(), QSizeF(400, 400))
    assert picture.at(picture.cell(query, key).center()) == (query, key)
    assert picture.at(QPointF(1, 1)) is None


@pytest.mark.parametrize("length", [6, 80])
def test_cells_have_the_colour_of_their_weight(heat_map: HeatMap, length: int) -> None:
    data = _data(length)
    heat_map.set_map(data)
    picture = heat_map.image(scale=1.0)
    layout = MapPicture(data, QSizeF(heat_map.size()))
    for query, key in ((0, 0), (3, 2), (5, 4)):
        centre = layout.cell(query, key).center()
        found = picture.pixelColor(int(centre.x()), int(centre.y()))
        blue, green, red, _ = colors(data.weights, data.end)[query, key].tolist()
        assert (found.red(), found.green(), found.blue()) == (red, green, blue)


def test_the_pointer_reads_the_exact_weight(heat_map: HeatMap) -> None:
    data = _data()
    heat_map.set_map(data)
    centre = MapPicture(data, QSizeF(heat_map.size())).cell(2, 4).center()
    QTest.mouseMove(heat_map, centre.toPoint())
    assert heat_map.crosshair == (2, 4)
    spoken = heat_map.findChild(object, "bubble").accessibleName()
    assert spoken == f"“clean” looks at “all” {data.weights[2, 4]:.3f}"


def test_arrows_move_the_crosshair(heat_map: HeatMap) -> None:
    heat_map.set_map(_data())
    heat_map.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(heat_map, key)
    assert heat_map.crosshair == (2, 1)
    for _ in range(20):
        QTest.keyClick(heat_map, Qt.Key.Key_Up)
    assert heat_map.crosshair == (0, 1)
    QTest.keyClick(heat_map, Qt.Key.Key_Escape)
    assert heat_map.crosshair is None


def test_another_head_keeps_the_crosshair_another_text_does_not(heat_map: HeatMap) -> None:
    heat_map.set_map(_data())
    QTest.keyClick(heat_map, Qt.Key.Key_Right)
    assert heat_map.crosshair == (0, 0)
    heat_map.set_map(MapData(_data().weights[::-1].copy(), WORDS, WORDS, _data().special))
    assert heat_map.crosshair == (0, 0)
    heat_map.set_map(_data(9))
    assert heat_map.crosshair is None


def test_paints_at_any_size(heat_map: HeatMap) -> None:
    for data in (_data(2), _data(64), _data(200), _data(40, queries=1)):
        heat_map.set_map(data)
        for size in ((40, 40), (220, 220), (900, 700)):
            heat_map.resize(*size)
            heat_map.grab()


def test_special_tokens_do_not_bleach_the_scale() -> None:
    weights = np.array([[0.9, 0.1, 0.0], [0.8, 0.15, 0.05]])
    assert scale_end(weights, np.array([True, False, False])) == 0.15
    assert scale_end(weights, np.array([True, True, True])) == 0.9
    assert shades(weights, 0.15).max() == 1.0
    assert scale_end(np.zeros((2, 2)), np.array([False, False])) == 1.0


def test_shades_rise_with_weights() -> None:
    places = shades(np.linspace(0, 1, 50), 1.0)
    assert (np.diff(places) > 0).all()
    assert places[0] == 0.0
    assert VIRIDIS.shape == (256, 3)
    brightness = VIRIDIS.astype(float) @ np.array([0.299, 0.587, 0.114])
    assert (np.diff(brightness) > -0.6).all()


def test_looked_at_sums_to_one() -> None:
    assert looked_at(self_attention(np.random.default_rng(0), 2, 3, 8)).sum() == pytest.approx(1.0)


@given(st.integers(1, 100), st.integers(1, 100))
def test_shrinking_loses_no_key_that_all_look_at(rows: int, columns: int) -> None:
    weights = np.zeros((rows, columns))
    weights[:, (rows * 7) % columns] = 1.0
    small = shrunk(weights, 32)
    assert max(small.shape) <= 32
    assert (small.max(axis=-1) == 1.0).all()


def test_small_weights_are_not_read_as_nothing() -> None:
    assert (exact(0.4421), exact(0.0002), exact(0.00001), exact(0.0)) == ("0.442", "0.0002", "< 0.0001", "0.000")
