"""The heat map shows each weight in its place and reads it out exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from synthetic_attention import self_attention

from studio.plots.heat_map import HeatMap, exact
from studio.plots.map_picture import MapData, MapPicture
from studio.plots.weights import VIRIDIS, colors, looked_at, scale_end, shades, shrunk

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


def test_cells_are_square_and_in_the_widget() -> None:
    for length in (2, 6, 24, 64, 65, 300):
        picture = MapPicture(_data(length), QSizeF(480, 500))
        cell = picture.cell(1, 1)
        assert cell.width() == pytest.approx(cell.height(), rel=0.01)
        assert picture.cells.right() <= 480
        assert picture.height <= 500


def test_a_pooled_map_is_one_tall_row() -> None:
    picture = MapPicture(_data(30, queries=1), QSizeF(480, 500))
    assert picture.cell(0, 0).height() > 2 * picture.cell(0, 0).width()
    assert picture.at(picture.cell(0, 29).center()) == (0, 29)


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
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
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
