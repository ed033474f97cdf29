"""Long maps: nothing bright is lost when they are small, and what is zoomed into is exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.plots.attention.color_bar import ColorBar
from studio.plots.attention.heat_map import HeatMap
from studio.plots.attention.map_data import MapData, Pyramid
from studio.plots.attention.map_picture import MapPicture
from studio.plots.attention.map_window import LEAST_TOKENS, WHOLE, Window
from studio.plots.attention.map_words import exact_signed
from studio.plots.attention.weights import VIRIDIS, colors, scale_end, shades, signed_colors
from studio.theme import apply_theme, tokens
from tests.studio.synthetic_attention import self_attention

pytestmark = pytest.mark.usefixtures("look")
LENGTH = 400


def _data(length: int = LENGTH, **more: object) -> MapData:
    weights = self_attention(np.random.default_rng(1), 1, 1, length)[0, 0]
    words = tuple(f"word{index}" for index in range(length))
    return MapData(weights, words, words, np.zeros(length, dtype=bool), **more)  # type: ignore[arg-type]


@pytest.fixture
def heat_map(qtbot: QtBot) -> HeatMap:
    made = HeatMap()
    qtbot.addWidget(made)
    made.resize(520, 520)
    made.show()
    return made


def _wheel(widget: HeatMap, spot: QPointF, notches: int) -> None:
    turned = QPoint(0, 120 * notches)
    event = QWheelEvent(
        spot,
        widget.mapToGlobal(spot),
        QPoint(),
        turned,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@pytest.mark.slow
@given(
    st.tuples(st.integers(1, 70), st.integers(1, 70)).flatmap(
        lambda shape: arrays(np.float32, shape, elements=st.floats(-1, 1, width=32))
    ),
    st.integers(0, 3),
    st.booleans(),
)
def test_a_level_keeps_the_strongest_of_its_block(weights: np.ndarray, number: int, signed: bool) -> None:
    level = Pyramid(weights, signed).level(number)
    size = 2**number
    for row in range(level.shape[0]):
        for column in range(level.shape[1]):
            block = weights[row * size : (row + 1) * size, column * size : (column + 1) * size]
            found = level[row, column]
            assert abs(found) == np.abs(block).max() if signed else found == block.max()
            assert found in block


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 200), st.data())
def test_a_piece_covers_what_was_asked_for_in_few_pixels(
    rows: int, columns: int, most: int, data: st.DataObject
) -> None:
    weights = np.zeros((rows, columns), np.float32)
    first = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    last = data.draw(st.integers(first[0] + 1, rows)), data.draw(st.integers(first[1] + 1, columns))
    piece, down, across = Pyramid(weights).piece((first[0], last[0]), (first[1], last[1]), (most, most))
    assert down[0] <= first[0] and down[1] >= last[0]
    assert across[0] <= first[1] and across[1] >= last[1]
    assert max(piece.shape) <= most + 2
    assert piece.shape[0] * (down[1] - down[0]) // max(1, piece.shape[0]) == down[1] - down[0]


@given(
    st.floats(0, 1),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0.2, 5), st.floats(0, 1), st.floats(0, 1)), max_size=8),
)
def test_a_window_stays_inside_and_zooms_around_its_point(
    top: float, left: float, zooms: list[tuple[float, float, float]]
) -> None:
    window = Window(0.5 * top, 0.5 * left, 0.5)
    for factor, down, across in zooms:
        pointed = window.top + down * window.share
        after = window.zoomed(factor, down, across, LENGTH)
        assert 0 <= after.top <= 1 - after.share + 1e-9 and 0 <= after.left <= 1 - after.share + 1e-9
        assert LEAST_TOKENS / LENGTH - 1e-9 <= after.share <= 1
        if factor > 1:
            assert after.top + down * after.share == pytest.approx(pointed, abs=1e-9)
        window = after
    moved = window.moved(100, -100)
    assert (moved.top, moved.left) == (pytest.approx(1 - window.share), 0.0)


def test_one_bright_weight_is_seen_in_the_whole_map(heat_map: HeatMap) -> None:
    length = 1500
    weights = np.full((length, length), 1e-5, np.float32)
    weights[777, 1203] = 1.0
    words = tuple(str(index) for index in range(length))
    heat_map.set_map(MapData(weights, words, words, np.zeros(length, dtype=bool)))
    picture = MapPicture(heat_map.data, QSizeF(heat_map.size()))  # type: ignore[arg-type]
    cell = picture.cell(777, 1203).center()
    drawn = heat_map.image(1.0)
    near = [drawn.pixelColor(int(cell.x()) + dx, int(cell.y()) + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    assert max(color.green() for color in near) > 200


def test_the_wheel_zooms_around_the_pointer(heat_map: HeatMap) -> None:
    heat_map.set_map(_data())
    picture = MapPicture(_data(), QSizeF(heat_map.size()))
    spot = QPointF(picture.cells.left() + 200.3, picture.cells.top() + 100.7)
    place = picture.at(spot)
    for _ in range(6):
        _wheel(heat_map, spot, 1)
    assert heat_map.window.share < 0.4
    assert MapPicture(_data(), QSizeF(heat_map.size()), heat_map.window).at(spot) == place
    for _ in range(12):
        _wheel(heat_map, spot, -1)
    assert heat_map.window == WHOLE


def test_zoomed_cells_have_the_colour_of_their_weight(heat_map: HeatMap) -> None:
    data = _data()
    heat_map.set_map(data)
    heat_map.setFocus()
    for _ in range(8):
        QTest.keyClick(heat_map, Qt.Key.Key_Plus)
    picture = MapPicture(data, QSizeF(heat_map.size()), heat_map.window)
    drawn = heat_map.image(1.0)
    first, left = picture.queries_seen[0] + 2, picture.keys_seen[0] + 3
    for query, key in ((first, left), (first + 4, left + 1)):
        spot = picture.cell(query, key).center()
        blue, green, red, _ = colors(data.weights, data.end)[query, key].tolist()
        found = drawn.pixelColor(int(spot.x()), int(spot.y()))
        assert (found.red(), found.green(), found.blue()) == (red, green, blue)
    QTest.keyClick(heat_map, Qt.Key.Key_Home)
    assert heat_map.window == WHOLE


def test_dragging_moves_and_arrows_take_the_window_along(heat_map: HeatMap) -> None:
    heat_map.set_map(_data())
    for _ in range(6):
        QTest.keyClick(heat_map, Qt.Key.Key_Equal)
    before = heat_map.window
    QTest.mousePress(heat_map, Qt.MouseButton.LeftButton, pos=QPoint(250, 250))
    QTest.mouseMove(heat_map, QPoint(220, 260))
    QTest.mouseRelease(heat_map, Qt.MouseButton.LeftButton, pos=QPoint(220, 260))
    assert heat_map.window.left > before.left and heat_map.window.top < before.top
    QTest.mouseMove(heat_map, QPoint(200, 200))
    assert heat_map.crosshair is not None
    start = heat_map.crosshair
    for _ in range(40):
        QTest.keyClick(heat_map, Qt.Key.Key_Right)
    query, key = heat_map.crosshair
    assert key == min(start[1] + 40, LENGTH - 1)
    picture = MapPicture(_data(), QSizeF(heat_map.size()), heat_map.window)
    assert picture.keys_seen[0] <= key < picture.keys_seen[1] and query == start[0]
    left = heat_map.window.left
    QTest.keyClick(heat_map, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert heat_map.window.left < left


def test_another_head_keeps_the_window_another_text_does_not(heat_map: HeatMap) -> None:
    heat_map.set_map(_data())
    QTest.keyClick(heat_map, Qt.Key.Key_Plus)
    window = heat_map.window
    assert not window.is_whole
    heat_map.set_map(_data())
    assert heat_map.window == window
    heat_map.set_map(_data(300))
    assert heat_map.window == WHOLE


def test_another_head_paints_what_a_new_widget_would(heat_map: HeatMap, qtbot: QtBot) -> None:
    """Words are kept from head to head; the weights are not."""
    first, second = _data(40), _data(40)
    second.weights[:] = second.weights[::-1].copy()
    heat_map.set_map(first)
    heat_map.grab()
    heat_map.set_map(second)
    fresh = HeatMap()
    qtbot.addWidget(fresh)
    fresh.resize(heat_map.size())
    fresh.set_map(second)
    fresh.show()
    for widget in (heat_map, fresh):  # the ring of focus is on one of them alone
        widget.clearFocus()
    assert heat_map.grab().toImage() == fresh.grab().toImage()


def test_a_short_map_leaves_the_wheel_to_what_is_around_it(heat_map: HeatMap) -> None:
    heat_map.set_map(_data(100))
    _wheel(heat_map, QPointF(250, 250), 3)
    QTest.keyClick(heat_map, Qt.Key.Key_Plus)
    assert heat_map.window == WHOLE


def test_bins_are_named_by_their_tokens_and_can_be_asked_for(heat_map: HeatMap, qtbot: QtBot) -> None:
    data = _data(20, bin_size=8, num_tokens=157)
    heat_map.set_map(data)
    picture = MapPicture(data, QSizeF(heat_map.size()))
    spot = picture.cell(2, 19).center().toPoint()
    QTest.mouseMove(heat_map, spot)
    spoken = heat_map.findChild(object, "bubble").accessibleName()
    assert spoken.startswith("tokens 17–24 look at tokens 153–157 ")
    with qtbot.waitSignal(heat_map.zoom_requested) as told:
        QTest.mouseDClick(heat_map, Qt.MouseButton.LeftButton, pos=spot)
    assert told.args == [2, 19]
    with qtbot.waitSignal(heat_map.zoom_requested) as told:
        QTest.keyClick(heat_map, Qt.Key.Key_Return)
    assert told.args == [2, 19]
    heat_map.grab()


def test_exact_maps_ask_for_nothing(heat_map: HeatMap) -> None:
    told: list[object] = []
    heat_map.zoom_requested.connect(lambda *place: told.append(place))
    heat_map.set_map(_data(20))
    QTest.mouseDClick(heat_map, Qt.MouseButton.LeftButton, pos=QPoint(250, 250))
    assert not told


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_difference_is_blue_or_orange_and_nothing_is_the_card(look: QApplication, theme: str) -> None:
    apply_theme(look, theme)
    blue, card, orange = (QColor(name).getRgb()[:3] for name in (tokens().s1, tokens().card, tokens().s2))
    found = signed_colors(np.array([-0.5, 0.0, 0.5, 2.0], np.float32), 0.5)[:, 2::-1]
    assert found.tolist() == [list(blue), list(card), list(orange), list(orange)]


@given(st.floats(0.001, 1), st.floats(0.001, 1))
def test_stronger_differences_are_further_from_the_card(one: float, other: float) -> None:
    card = np.array(QColor(tokens().card).getRgb()[:3], dtype=float)
    near, far = sorted((one, other))
    for sign in (-1, 1):
        made = signed_colors(np.array([sign * near, sign * far]), 1.0)[:, 2::-1].astype(float)
        assert np.abs(made[1] - card).sum() >= np.abs(made[0] - card).sum()


def test_a_differences_scale_is_the_same_to_both_sides(heat_map: HeatMap) -> None:
    weights = np.array([[0.1, -0.4], [0.0, 0.2]], np.float32)
    data = MapData(weights, ("a", "b"), ("a", "b"), np.zeros(2, dtype=bool), signed=True)
    assert data.end == pytest.approx(0.4)
    assert scale_end(weights, np.array([False, True]), signed=True) == pytest.approx(0.1)
    heat_map.set_map(data)
    QTest.mouseMove(heat_map, MapPicture(data, QSizeF(heat_map.size())).cell(0, 1).center().toPoint())
    assert heat_map.findChild(object, "bubble").accessibleName() == "“a” looks at “b” −0.400"
    assert (exact_signed(0.1234), exact_signed(0.0), exact_signed(-0.0002)) == ("+0.123", "0.000", "−0.0002")


def test_colours_by_table_are_those_of_the_formula() -> None:
    weights = np.random.default_rng(0).random(4000).astype(np.float32) ** 6
    rows = colors(weights, 0.5)
    exactly = colors(np.ones(1), 1.0)
    assert rows[weights >= 0.5].tolist() == [exactly[0].tolist()] * int((weights >= 0.5).sum())
    expected = VIRIDIS[(shades(weights, 0.5) * 255).round().astype(int)]
    assert np.abs(rows[:, 2::-1].astype(int) - expected.astype(int)).max() <= 3


def test_the_colour_bar_shows_either_scale(qtbot: QtBot) -> None:
    bar = ColorBar()
    qtbot.addWidget(bar)
    narrow = bar.sizeHint().width()
    bar.set_end(0.25, signed=True)
    assert bar.accessibleName() == "Scale from −0.25 to +0.25"
    assert bar.sizeHint().width() > narrow
    bar.resize(bar.sizeHint())
    bar.show()
    drawn = bar.grab().toImage()
    left, right = drawn.pixelColor(52, 10), drawn.pixelColor(170, 10)
    assert left.blue() > left.red() and right.red() > right.blue()
    bar.set_end(0.5)
    assert bar.accessibleName() == "Scale from 0 to 0.50"


def test_a_key_is_marked_from_elsewhere_and_pointing_is_told(heat_map: HeatMap) -> None:
    heat_map.set_map(_data(20))
    told: list[tuple[int, int]] = []
    heat_map.pointed.connect(lambda query, key: told.append((query, key)))
    plain = heat_map.grab().toImage()
    heat_map.set_marked(5)
    assert heat_map.grab().toImage() != plain and not told
    picture = MapPicture(_data(20), QSizeF(heat_map.size()))
    QTest.mouseMove(heat_map, picture.cell(3, 4).center().toPoint())
    QTest.mouseMove(heat_map, QPoint(1, 1))
    assert told == [(3, 4), (-1, -1)]
    heat_map.set_map(_data(12))
    heat_map.set_marked(500)
    heat_map.grab()
