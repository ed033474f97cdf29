"""Marked text wraps, shades words by weight and names each weight."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.plots.attention.head_grid import HeadGrid
from studio.plots.attention.joined_tokens import joined
from studio.plots.attention.marked_text import MarkedText, Marks, best_window
from tests.studio.desk import word_boxes

pytestmark = pytest.mark.usefixtures("look")


def _marks(words: list[str], weights: list[float]) -> Marks:
    text, spans = joined(words)
    return Marks(text, spans, np.array(weights))


def test_joined_tokens_read_like_text() -> None:
    text, spans = joined(["I", "was", "disap", "##point", "##ed", ",", "(", "truly", ")", "!"])
    assert text == "I was disappointed, (truly)!"
    assert [text[start:end] for start, end in spans][2:5] == ["disap", "point", "ed"]


def test_joined_chinese_has_no_spaces() -> None:
    assert joined(["早", "餐", "非", "常", "好", "，", "OK"])[0] == "早餐非常好，OK"


def test_the_heaviest_word_is_shaded_most(qtbot: QtBot) -> None:
    label = MarkedText()
    qtbot.addWidget(label)
    label.set_marks(_marks(["not", "clean", "at", "all"], [0.6, 0.2, 0.1, 0.1]))
    label.resize(400, 60)
    picture, boxes = label.grab().toImage(), word_boxes(label)

    def colour(index: int) -> QColor:
        box = boxes[index]
        return picture.pixelColor(int(box.center().x()), int(box.top() + 2))

    assert colour(0).hslSaturation() > colour(1).hslSaturation() or colour(0).lightness() < colour(1).lightness()
    assert len(boxes) == 4


@pytest.mark.parametrize("words", [["word"] * 60, list("房间一点也不干净但是早餐非常好") * 12])
def test_long_texts_wrap_and_one_line_does_not(qtbot: QtBot, words: list[str]) -> None:
    wrapped, line = MarkedText(), MarkedText(is_single_line=True)
    for label in (wrapped, line):
        qtbot.addWidget(label)
        label.set_marks(_marks(words, [1.0] * len(words)))
        label.resize(300, label.heightForWidth(300))
        label.grab()
    assert wrapped.heightForWidth(300) > 3 * line.heightForWidth(300)
    assert wrapped.heightForWidth(200) > wrapped.heightForWidth(600)


def test_words_that_touch_do_not_overlap(qtbot: QtBot) -> None:
    label = MarkedText()
    qtbot.addWidget(label)
    label.set_marks(_marks(list("早餐非常好"), [1.0] * 5))
    label.resize(300, 40)
    boxes = word_boxes(label)
    assert all(left.right() < right.left() for left, right in pairwise(boxes))
    assert abs(boxes[0].width() - boxes[-1].width()) <= 1, "none takes room from the next one"


def test_nothing_to_mark(qtbot: QtBot) -> None:
    label = MarkedText()
    qtbot.addWidget(label)
    label.set_marks(Marks("", (), np.empty(0)))
    label.grab()
    label.set_marks(Marks("quiet", ((0, 5),), np.zeros(1)))
    label.grab()


def test_heads_are_chosen_by_mouse_and_keys(qtbot: QtBot) -> None:
    grid = HeadGrid()
    qtbot.addWidget(grid)
    grid.resize(320, 200)
    grid.show()
    weights = np.random.default_rng(0).dirichlet(np.ones(70), size=(6, 12, 70)).astype(np.float32)
    grid.set_maps(weights, np.zeros(70, dtype=bool))
    grid.grab()
    with qtbot.waitSignal(grid.chosen) as told:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.place_of(4, 9).center())
    assert told.args == [4, 9]
    with qtbot.waitSignal(grid.chosen) as told:
        QTest.keyClick(grid, Qt.Key.Key_Down)
    assert told.args == [5, 9]
    with qtbot.assertNotEmitted(grid.chosen):
        QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current == (5, 9)


def _spread(count: int, strongest: int) -> Marks:
    words = [f"word{index}" for index in range(count)]
    text, spans = joined(words)
    weights = np.full(count, 0.01)
    weights[strongest] = 0.5
    return Marks(text, spans, weights)


@pytest.mark.parametrize("strongest", [0, 1, 12, 38, 39])
def test_one_line_shows_the_words_that_are_looked_at(qtbot: QtBot, strongest: int) -> None:
    line = MarkedText(size=13, is_single_line=True)
    qtbot.addWidget(line)
    line.resize(260, 30)
    line.set_marks(_spread(40, strongest))
    first, last = line.window
    assert first <= strongest <= last
    assert 1 <= last - first <= 6
    line.grab()


def test_one_line_with_room_shows_all(qtbot: QtBot) -> None:
    line = MarkedText(size=13, is_single_line=True)
    qtbot.addWidget(line)
    line.resize(900, 30)
    line.set_marks(_spread(8, 5))
    assert line.window == (0, 7)
    line.set_marks(Marks("", (), np.empty(0)))
    line.grab()


def test_the_tooltip_of_one_line_has_the_whole_text(qtbot: QtBot) -> None:
    line = MarkedText(size=13, is_single_line=True)
    qtbot.addWidget(line)
    line.set_marks(Marks("not <good> & more", ((0, 3), (4, 10), (13, 17)), np.array([0.7, 0.2, 0.1])))
    told = line.html()
    assert re.sub(r"<[^>]+>", "", told) == "not &lt;good&gt; &amp; more"
    shades = re.findall("background-color:(#[0-9a-f]{6})", told)
    assert len(set(shades)) == 3


@given(
    st.lists(st.tuples(st.floats(1, 80), st.floats(0, 1)), min_size=1, max_size=40),
    st.floats(10, 300),
)
def test_the_best_window_is_the_best(words: list[tuple[float, float]], room: float) -> None:
    rights = np.cumsum([width for width, _ in words])
    lefts = np.concatenate([[0.0], rights[:-1]])
    weights = np.array([weight for _, weight in words])
    first, last = best_window(lefts, rights, weights, room)
    assert 0 <= first <= last < len(words)
    assert first == last or rights[last] - lefts[first] <= room + 1e-6
    found = weights[first : last + 1].sum()
    for start in range(len(words)):
        for end in range(start, len(words)):
            if rights[end] - lefts[start] <= room - 1e-6:
                assert weights[start : end + 1].sum() <= found + 1e-6
