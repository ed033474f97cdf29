"""Two maps share a scale and a crosshair; their difference is exact."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSizeF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.plots.attention.map_data import MapData
from studio.plots.attention.pair_picture import PairPicture
from studio.plots.attention.pair_view import PairView
from studio.plots.attention.weights import colors, signed_colors
from studio.plots.export.files import svg
from studio.theme import tokens
from tests.studio.synthetic_attention import self_attention

pytestmark = pytest.mark.usefixtures("look")
WORDS = ("[CLS]", "not", "clean", "at", "all", "[SEP]")


def _data(seed: int, words: tuple[str, ...] = WORDS, queries: int | None = None) -> MapData:
    weights = self_attention(np.random.default_rng(seed), 1, 1, len(words))[0, 0]
    special = np.array([word.startswith("[") for word in words])
    if queries == 1:
        return MapData(weights[:1], ("∑",), words, special)
    return MapData(weights, words, words, special)


@pytest.fixture
def pair(qtbot: QtBot) -> PairView:
    made = PairView()
    qtbot.addWidget(made)
    made.resize(800, 360)
    made.show()
    made.set_maps(_data(1), _data(2), "epoch 1", "epoch 4")
    return made


def test_both_share_a_scale_and_the_difference_has_its_own(pair: PairView) -> None:
    picture = pair.picture
    assert picture is not None and len(picture.maps) == 3
    assert picture.maps[0].end == picture.maps[1].end == picture.end
    assert picture.end == max(_data(1).end, _data(2).end)
    assert np.array_equal(picture.maps[2].weights, _data(1).weights - _data(2).weights)
    ordinary = ~_data(1).special
    assert picture.difference_end == pytest.approx(np.abs(picture.maps[2].weights[:, ordinary]).max())


def test_cells_have_the_colours_of_their_scale(pair: PairView) -> None:
    picture, drawn = pair.picture, pair.image(1.0)
    assert picture is not None and picture.difference_end is not None
    for index in range(3):
        data = picture.maps[index]
        made = signed_colors(data.weights, data.end) if data.signed else colors(data.weights, picture.end)
        spot = picture.cell(index, (2, 3)).center()
        found = drawn.pixelColor(int(spot.x()), int(spot.y()))
        assert [found.blue(), found.green(), found.red()] == made[2, 3, :3].tolist()


def test_the_crosshair_moves_in_all(pair: PairView) -> None:
    picture = pair.picture
    assert picture is not None
    for index in range(3):
        QTest.mouseMove(pair, picture.cell(index, (2, 4)).center().toPoint())
        assert pair.crosshair == (index, (2, 4))
    one, two = float(_data(1).weights[2, 4]), float(_data(2).weights[2, 4])
    sign = "+" if one > two else "−"
    assert pair.findChild(object, "bubble").accessibleName() == (
        f"“clean” looks at “all”; epoch 1 {one:.3f}; epoch 4 {two:.3f}; "
        f"difference: epoch 1 − epoch 4 {sign}{abs(one - two):.3f}"
    )
    drawn = pair.grab().toImage()
    for index in range(2):
        row = picture.cell(index, (2, 0))
        colour = drawn.pixelColor(int(row.left()) + 3, int(row.top()) - 1)
        assert abs(colour.hue() - QColor(tokens().crosshair).hue()) < 12


def test_arrows_move_the_crosshair(pair: PairView) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(pair, key)
    assert pair.crosshair == (0, (1, 1))
    QTest.keyClick(pair, Qt.Key.Key_B)
    assert pair.crosshair == (1, (1, 1))
    QTest.keyClick(pair, Qt.Key.Key_Escape)
    assert pair.crosshair is None


def test_another_head_of_the_same_words_keeps_the_crosshair(pair: PairView) -> None:
    QTest.keyClick(pair, Qt.Key.Key_Down)
    pair.set_maps(_data(5), _data(6), "a", "b")
    assert pair.crosshair == (0, (0, 0))
    pair.set_maps(_data(5, (*WORDS, "x")), _data(6, (*WORDS, "x")), "a", "b")
    assert pair.crosshair is None


def test_other_words_have_no_difference(pair: PairView) -> None:
    pair.set_maps(_data(1), _data(2, ("[CLS]", "very", "clean", "[SEP]")), "one", "other")
    picture = pair.picture
    assert picture is not None and len(picture.maps) == 2 and picture.difference_end is None
    QTest.mouseMove(pair, picture.cell(1, (1, 2)).center().toPoint())
    weight = float(picture.maps[1].weights[1, 2])
    assert pair.findChild(object, "bubble").accessibleName() == f"“very” looks at “clean”; other {weight:.3f}"
    pair.grab()
    QTest.keyClick(pair, Qt.Key.Key_A)
    assert pair.crosshair == (0, (1, 2))


@pytest.mark.parametrize("size", [(800, 360), (1200, 700), (460, 760), (330, 260)])
def test_maps_lie_inside_and_apart(size: tuple[int, int]) -> None:
    picture = PairPicture(_data(1), _data(2), ("a", "b", "a − b"), QSizeF(*size))
    areas = []
    for index in range(3):
        first, last = picture.cell(index, (0, 0)), picture.cell(index, (5, 5))
        areas.append(first.united(last))
        assert first.left() >= 0 and last.right() <= size[0] and last.bottom() <= size[1]
    assert not any(areas[one].intersects(areas[two]) for one, two in ((0, 1), (0, 2), (1, 2)))


def test_pooled_maps_lie_one_under_another_and_grow(pair: PairView) -> None:
    words = tuple(f"word{index}" for index in range(120))
    pair.set_maps(_data(1, words, queries=1), _data(2, words, queries=1), "one", "other")
    picture = pair.picture
    assert picture is not None and pair.minimumHeight() >= picture.height > 360
    tops = [picture.cell(index, (0, 0)).top() for index in range(3)]
    assert tops == sorted(tops)
    pair.resize(800, pair.minimumHeight())
    picture = pair.picture
    assert picture is not None
    QTest.mouseMove(pair, picture.cell(2, (0, 1)).center().toPoint())
    assert pair.crosshair == (2, (0, 1))
    pair.grab()


def test_it_is_written_into_files_too(pair: PairView) -> None:
    picture = pair.picture
    assert picture is not None
    text = svg(QSizeF(800, picture.height), "Two maps", picture.paint).decode()
    assert text.count("<image") == 3 and "epoch 4" in text
    assert pair.image(2.0).devicePixelRatio() == 2.0
    pair.resize(40, 40)
    pair.grab()
    QTest.mouseMove(pair, QPoint(2, 2))


@pytest.mark.parametrize("size", [(490, 490), (600, 260), (900, 420), (420, 700)])
@pytest.mark.parametrize("other", ["same", "other words"])
def test_all_maps_lie_inside_the_picture(look: object, size: tuple[int, int], other: str) -> None:
    words = tuple(f"word{number}" for number in range(25))
    weights = np.full((25, 25), 1 / 25, dtype=np.float32)
    left = MapData(weights, words, words, np.zeros(25, dtype=bool))
    right = left if other == "same" else MapData(weights, words[::-1], words[::-1], np.zeros(25, dtype=bool))
    picture = PairPicture(left, right, ("A", "B", "A − B"), QSizeF(*size))
    assert picture.has_difference is (other == "same")
    assert picture.height <= size[1]
    assert all(corner.x() + part.size.width() <= size[0] for corner, part in picture.parts)
