"""Arcs: few enough to see, each where it belongs, and read out exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from studio.plots.attention.arc_choice import MOST_ARCS, arcs_of, rounded_up
from studio.plots.attention.arcs_picture import ArcsPicture
from studio.plots.attention.attention_arcs import AttentionArcs, foot_words
from studio.plots.attention.map_data import MapData
from studio.plots.export.files import svg
from studio.theme import tokens
from tests.studio.synthetic_attention import self_attention

pytestmark = pytest.mark.usefixtures("look")
WORDS = ("[CLS]", "not", "clean", "at", "all", "[SEP]")


def _data(length: int = 6, *, seed: int = 1, causal: bool = False) -> MapData:
    weights = self_attention(np.random.default_rng(seed), 1, 1, length)[0, 0]
    if causal:
        weights = np.tril(weights)
        weights = weights / weights.sum(-1, keepdims=True)
    words = WORDS if length == 6 else tuple(f"word{index}" for index in range(length))
    return MapData(weights, words, words, np.array([index in (0, length - 1) for index in range(length)]))


def _pooled(length: int = 6) -> MapData:
    data = _data(length)
    return MapData(data.weights[1:2], ("∑",), data.keys, data.special)


@pytest.fixture
def arcs(qtbot: QtBot) -> AttentionArcs:
    made = AttentionArcs()
    qtbot.addWidget(made)
    made.resize(520, 460)
    made.show()
    qtbot.waitExposed(made)
    return made


@given(st.integers(2, 60), st.integers(0, 50))
@settings(deadline=None)
def test_all_arcs_above_the_stated_threshold_are_shown_and_no_more_than_can_be_seen(length: int, seed: int) -> None:
    data = _data(length, seed=seed) if length != 6 else _data()
    found = arcs_of(data)
    above = {
        (int(query), int(key)) for query, key in np.argwhere(data.weights > found.threshold) if int(query) != int(key)
    }
    assert {(arc.query, arc.key) for arc in found.shown} == above
    assert len(found.shown) <= MOST_ARCS
    assert found.threshold >= 0.75 / length
    assert all(arc.weight == data.weights[arc.query, arc.key] for arc in found.shown)
    weights = [arc.weight for arc in found.shown]
    assert weights == sorted(weights), "the strongest are painted last, on top"


def test_an_even_look_has_no_arcs_and_says_so() -> None:
    words = tuple(f"w{index}" for index in range(40))
    data = MapData(np.full((40, 40), 1 / 40, np.float32), words, words, np.zeros(40, dtype=bool))
    picture = ArcsPicture(data, 400)
    assert not picture.arcs.shown
    assert foot_words(picture).startswith("No arcs")


@given(st.floats(1e-5, 0.99))
def test_a_threshold_has_two_figures_and_is_never_lower(value: float) -> None:
    found = rounded_up(value)
    assert value * 0.999999 <= found <= value * 1.11
    assert float(f"{found:.2g}") == pytest.approx(found)


def test_looking_back_bends_left_and_ahead_right() -> None:
    picture = ArcsPicture(_data(), 520, 400)
    box = picture.box(("query", 0))
    assert picture.arcs.shown
    for arc in picture.arcs.shown:
        bounds = picture.path(arc).boundingRect()
        if arc.key < arc.query:
            assert 0 <= bounds.left() < bounds.right() <= box.left()
        else:
            assert box.right() <= bounds.left() < bounds.right() <= 520


def test_a_causal_map_gives_its_whole_width_to_the_side_that_has_arcs(arcs: AttentionArcs) -> None:
    arcs.set_map(_data(12, causal=True))
    picture = arcs.picture
    assert picture is not None and picture.looks_back and not picture.looks_ahead
    assert picture.box(("query", 0)).left() > 300
    shown = [label.text() for label in arcs.findChildren(QLabel) if label.isVisible()]
    assert "looks back" in shown and "looks ahead" not in shown


def test_the_pointer_reads_a_words_weights(arcs: AttentionArcs, qtbot: QtBot) -> None:
    data = _data()
    arcs.set_map(data)
    assert arcs.picture is not None
    with qtbot.waitSignal(arcs.hovered) as told:
        QTest.mouseMove(arcs.focusProxy(), arcs.picture.box(("query", 2)).center().toPoint())
    assert told.args == [2] and arcs.current == 2
    strongest = arcs.picture.arcs_at(("query", 2))[0]
    spoken = arcs.focusProxy().accessibleDescription()
    assert spoken.startswith(f"“clean” looks at: {data.keys[strongest.key]} {strongest.weight:.3f}")
    drawn = arcs.focusProxy().grab().toImage()
    color, count = QColor(tokens().s2).rgb(), 0
    for x in range(0, drawn.width()):
        for y in range(int(arcs.picture.box(("query", 2)).top()) - 2, int(arcs.picture.box(("query", 2)).bottom()) + 2):
            count += drawn.pixel(x, y) == color
    assert count > 20, "the chosen word has a frame in the second series' colour"


def test_arrows_choose_and_escape_leaves(arcs: AttentionArcs) -> None:
    arcs.set_map(_data())
    told: list[int] = []
    arcs.hovered.connect(told.append)
    arcs.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Escape):
        QTest.keyClick(arcs.focusProxy(), key)
    assert told == [0, 1, 0, -1]
    arcs.set_current(3)
    assert arcs.current == 3 and told == [0, 1, 0, -1], "what the page sets is not told back"


def test_another_head_keeps_the_word_another_text_does_not(arcs: AttentionArcs) -> None:
    arcs.set_map(_data())
    arcs.set_current(2)
    arcs.set_map(_data(seed=4))
    assert arcs.current == 2
    arcs.set_map(_data(9))
    assert arcs.current is None


def test_a_long_text_scrolls_to_the_chosen_word(arcs: AttentionArcs) -> None:
    arcs.set_map(_data(300))
    scroll = arcs.findChild(QScrollArea)
    assert scroll is not None and arcs.focusProxy().height() > 300 * 25
    for _ in range(60):
        QTest.keyClick(arcs.focusProxy(), Qt.Key.Key_Down)
    assert scroll.verticalScrollBar().value() > 500
    assert arcs.picture is not None
    seen = arcs.focusProxy().visibleRegion().boundingRect()
    assert seen.contains(arcs.picture.box(("query", 59)).center().toPoint())
    arcs.grab()
    assert arcs.image(2.0).height() <= 30_000


def test_a_pooling_fans_out_from_the_whole_text(arcs: AttentionArcs) -> None:
    data = _pooled()
    arcs.set_map(data)
    picture = arcs.picture
    assert picture is not None and picture.is_fan
    for arc in picture.arcs.shown:
        path = picture.path(arc)
        assert path.pointAtPercent(0).x() < path.pointAtPercent(1).x()
        assert path.pointAtPercent(1).y() == pytest.approx(picture.box(("key", arc.key)).center().y())
    node = picture.box(("query", 0))
    assert picture.at(node.center()) == ("query", 0)
    assert picture.at(picture.box(("key", 4)).center()) == ("key", 4)
    assert picture.at(QPointF(node.center().x(), node.bottom() + 60)) is None
    QTest.keyClick(arcs.focusProxy(), Qt.Key.Key_Down)
    assert arcs.current == 0
    arcs.grab()


def test_it_is_painted_into_files_too(arcs: AttentionArcs) -> None:
    arcs.set_map(_data())
    picture = arcs.picture
    assert picture is not None
    text = svg(QSizeF(picture.width, picture.height), "Attention arcs", picture.paint).decode()
    assert text.count("<path") >= len(picture.arcs.shown)
    drawn = arcs.image(1.0)
    assert (drawn.width(), drawn.height()) == (round(picture.width), round(picture.height))
    assert drawn.pixelColor(1, 1) == QColor(tokens().card)
    column = picture.box(("query", 0))
    left = [drawn.pixelColor(x, y) for x in range(10, int(column.left()) - 8, 3) for y in range(10, drawn.height(), 3)]
    assert any(color != QColor(tokens().card) for color in left)
