"""The grid of heads sorts, marks and switches without ever changing a head by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.records import HeadFacts
from studio.plots.attention.head_grid import HeadGrid
from studio.plots.attention.head_tiles import HeadTiles
from studio.plots.attention.head_words import PATTERNS, Order, legend_words, ordered, pattern_letter, pattern_words
from studio.theme import tokens
from studio.translation import set_language
from tests.studio.synthetic_attention import self_attention

pytestmark = pytest.mark.usefixtures("look")
LAYERS, HEADS = 4, 6


def _facts(layers: int = LAYERS, heads: int = HEADS) -> HeadFacts:
    chance = np.random.default_rng(3)

    def table() -> np.ndarray:
        return chance.random((layers, heads)).astype(np.float32)

    names = (*PATTERNS, "")
    pattern = tuple(tuple(names[(layer + head) % len(names)] for head in range(heads)) for layer in range(layers))
    return HeadFacts(table(), 9 * table(), table(), table(), pattern)


@pytest.fixture
def grid(qtbot: QtBot) -> HeadGrid:
    made = HeadGrid()
    qtbot.addWidget(made)
    made.set_maps(self_attention(np.random.default_rng(0), LAYERS, HEADS, 8), np.zeros(8, dtype=bool))
    made.set_facts(_facts())
    made.resize(260, made.heightForWidth(260))
    made.show()
    return made


@pytest.mark.parametrize(
    ("order", "name", "sign"),
    [("entropy", "entropy", 1), ("distance", "distance", -1), ("importance", "importance", -1)],
)
def test_sorted_heads_flow_row_by_row(grid: HeadGrid, order: Order, name: str, sign: int) -> None:
    grid.set_order(order)
    places = sorted(
        ((layer, head) for layer in range(LAYERS) for head in range(HEADS)),
        key=lambda place: (grid.place_of(*place).top(), grid.place_of(*place).left()),
    )
    values = [sign * float(getattr(_facts(), name)[place]) for place in places]
    assert values == sorted(values)
    grid.grab()


def test_without_facts_every_order_is_by_layer() -> None:
    places = ordered((2, 3), "entropy", None)
    assert places == ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2))


@given(st.integers(1, 12), st.integers(1, 32), st.integers(60, 700), st.booleans())
def test_every_head_is_found_where_it_is_shown(layers: int, heads: int, width: int, is_flow: bool) -> None:
    order = ordered((layers, heads), "layer", None)[::-1] if is_flow else ordered((layers, heads), "layer", None)
    tiles = HeadTiles((layers, heads), width, order, is_flow)
    for place in order:
        centre = tiles.rect(place).center()
        assert tiles.at(centre.x(), centre.y()) == place
        assert tiles.rect(place).bottom() < tiles.height
        assert tiles.neighbour(tiles.neighbour(place, (0, 0)), (0, 0)) == place
    assert tiles.at(1e4, 1e4) is None


def test_arrows_follow_what_is_shown(grid: HeadGrid) -> None:
    grid.set_order("importance")
    best = max(
        ((layer, head) for layer in range(LAYERS) for head in range(HEADS)),
        key=lambda place: _facts().importance[place],
    )
    grid.set_current(best)
    QTest.keyClick(grid, Qt.Key.Key_Left)
    assert grid.current == best
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.current == ordered((LAYERS, HEADS), "importance", _facts())[1]


def test_switching_is_asked_for_and_shown_when_it_is_done(grid: HeadGrid, qtbot: QtBot) -> None:
    grid.set_current((1, 2))
    before = grid.grab().toImage()
    centre = grid.place_of(1, 2).center()
    with qtbot.waitSignal(grid.toggled) as told:
        QTest.keyClick(grid, Qt.Key.Key_M)
    assert told.args == [1, 2]
    assert grid.grab().toImage() == before, "nothing is off until it is said to be"
    with qtbot.waitSignal(grid.toggled) as told:
        QTest.mouseClick(grid, Qt.MouseButton.MiddleButton, pos=grid.place_of(3, 5).center())
    assert told.args == [3, 5] and grid.current == (1, 2)
    grid.set_off({(1, 2)})
    after = grid.grab().toImage()
    corner = grid.place_of(1, 2).topLeft() + QPoint(4, 4)
    assert after.pixelColor(corner) == QColor(tokens().track)
    assert after.pixelColor(centre) != QColor(tokens().track), "the cross"
    assert "switched off" in grid.tooltip_of((1, 2)) and "switched off" in grid.accessibleDescription()


def test_a_layer_is_switched_at_its_number(grid: HeadGrid, qtbot: QtBot) -> None:
    row = grid.place_of(2, 0)
    with qtbot.waitSignal(grid.layer_toggled) as told:
        QTest.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(8, row.center().y()))
    assert told.args == [2]
    grid.set_current((3, 1))
    with qtbot.waitSignal(grid.layer_toggled) as told:
        QTest.keyClick(grid, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert told.args == [3]


def test_the_menu_says_what_it_would_do(grid: HeadGrid, qtbot: QtBot) -> None:
    grid.set_off({(0, 1)})
    assert [action.text() for action in grid.menu_for((0, 1)).actions()] == ["Switch head 1·2 on", "Switch layer 1 off"]
    grid.set_off({(0, head) for head in range(HEADS)})
    menu = grid.menu_for((0, 1))
    assert menu.actions()[1].text() == "Switch layer 1 on"
    with qtbot.waitSignal(grid.layer_toggled):
        menu.actions()[1].trigger()


def test_a_model_that_cannot_be_switched_is_not_offered_to(grid: HeadGrid) -> None:
    grid.set_can_switch(False)
    told: list[object] = []
    grid.toggled.connect(lambda *place: told.append(place))
    QTest.keyClick(grid, Qt.Key.Key_M)
    QTest.mouseClick(grid, Qt.MouseButton.MiddleButton, pos=grid.place_of(0, 0).center())
    assert not told


def test_the_tooltip_tells_the_facts(grid: HeadGrid) -> None:
    facts = _facts()
    told = grid.tooltip_of((1, 0))
    assert told.splitlines() == [
        "Layer 2, head 1",
        f"next token ({100 * facts.share[1, 0]:.0f} %)",
        f"entropy {facts.entropy[1, 0]:.2f} · distance {facts.distance[1, 0]:.1f} tokens",
        f"importance {facts.importance[1, 0]:.3f}",
    ]
    grid.set_facts(None)
    assert grid.tooltip_of((1, 0)) == "Layer 2, head 1"


def test_another_models_maps_drop_what_does_not_fit(grid: HeadGrid) -> None:
    grid.set_off({(3, 5), (0, 0)})
    grid.set_maps(self_attention(np.random.default_rng(0), 2, 2, 8), np.zeros(8, dtype=bool))
    assert grid.tooltip_of((0, 0)).splitlines() == ["Layer 1, head 1", "switched off"]
    grid.grab()


@pytest.mark.parametrize(("layers", "heads"), [(48, 32), (12, 64), (1, 1)])
def test_any_number_of_heads_fits_the_width(qtbot: QtBot, layers: int, heads: int) -> None:
    grid = HeadGrid()
    qtbot.addWidget(grid)
    grid.set_maps(self_attention(np.random.default_rng(0), layers, heads, 4), np.zeros(4, dtype=bool))
    grid.set_facts(_facts(layers, heads))
    for order in ("layer", "entropy"):
        grid.set_order(order)  # type: ignore[arg-type]
        grid.resize(480, grid.heightForWidth(480))
        grid.grab()
        assert max(grid.place_of(layer, heads - 1).right() for layer in range(layers)) <= 480


def test_patterns_have_words_and_letters_of_their_own() -> None:
    for chosen in ("en", "zh"):
        set_language(chosen)
        assert len({pattern_letter(pattern) for pattern in PATTERNS}) == len(PATTERNS)
        assert len({pattern_words(pattern) for pattern in PATTERNS}) == len(PATTERNS)
        assert all(len(pattern_letter(pattern)) == 1 for pattern in PATTERNS)
        words = legend_words().replace("\N{NO-BREAK SPACE}", " ")
        assert all(pattern_words(pattern) in words for pattern in PATTERNS)
        assert legend_words(("self",)).split()[-1] == pattern_words("self")
    assert pattern_words("") == pattern_letter("") == ""
