"""The film strip reaches every frame, thins its pictures and plays to the end."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget
from pytestqt.qtbot import QtBot

from studio.plots.attention.weights import VIRIDIS
from studio.plots.timeline.film_frames import FilmFrames
from studio.plots.timeline.film_slider import FilmSlider
from studio.plots.timeline.film_strip import FilmStrip

pytestmark = pytest.mark.usefixtures("look")


def _maps(num: int, length: int = 6) -> list[np.ndarray]:
    """Each sharper than the one before."""
    logits = np.random.default_rng(0).normal(0, 2, (length, length))
    made = [np.exp(logits * (index + 1) / num) for index in range(num)]
    return [(one / one.sum(-1, keepdims=True)).astype(np.float32) for one in made]


@pytest.fixture
def strip(qtbot: QtBot) -> FilmStrip:
    made = FilmStrip()
    qtbot.addWidget(made)
    made.resize(340, 120)
    made.show()
    made.set_frames([0, 200, 480, 760, 1060, 1340, 1400], _maps(7), best=1340)
    return made


def _frames(strip: FilmStrip) -> FilmFrames:
    found = strip.findChild(FilmFrames)
    assert isinstance(found, FilmFrames)
    return found


def _slider(strip: FilmStrip) -> FilmSlider:
    found = strip.findChild(QSlider)
    assert isinstance(found, FilmSlider)
    return found


def test_the_newest_frame_is_shown_first_and_followed(strip: FilmStrip) -> None:
    assert strip.current == 6
    strip.set_frames([0, 200, 480, 760, 1060, 1340, 1400, 1600], _maps(8), best=1340)
    assert strip.current == 7, "who looked at the newest goes on doing so"
    strip.set_current(2)
    strip.set_frames([0, 200, 480, 760, 1060, 1340, 1400, 1600, 1800], _maps(9), best=1800)
    assert strip.current == 2, "who looked back is left there"
    strip.set_frames([0, 100], _maps(2))
    assert strip.current == 1


def test_keys_go_through_time_and_tell(strip: FilmStrip) -> None:
    told: list[int] = []
    strip.chosen.connect(told.append)
    slider = _slider(strip)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_End):
        QTest.keyClick(slider, key)
    assert told == [5, 4, 5, 0, 6]
    strip.set_current(3)
    assert told == [5, 4, 5, 0, 6] and strip.current == 3
    assert slider.accessibleName() == "step 760"


def test_a_frame_is_chosen_by_clicking_it(strip: FilmStrip, qtbot: QtBot) -> None:
    frames = _frames(strip)
    with qtbot.waitSignal(strip.chosen) as told:
        QTest.mouseClick(frames, Qt.MouseButton.LeftButton, pos=frames.rect(2).center())
    assert told.args == [2]


def test_the_slider_stands_under_the_frames_and_can_be_dragged(strip: FilmStrip) -> None:
    frames, slider = _frames(strip), _slider(strip)
    for index in range(7):
        assert slider.x_of(index) == pytest.approx(frames.rect(index).center().x(), abs=2.0)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(slider.x_of(1)), 11))
    assert strip.current == 1
    QTest.mouseMove(slider, QPoint(round(slider.x_of(4)) + 3, 11))
    assert strip.current == 4
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(slider.x_of(4)), 11))
    QTest.mouseMove(slider, QPoint(round(slider.x_of(0)), 11))
    assert strip.current == 4


def test_playing_stops_at_the_end(strip: FilmStrip, qtbot: QtBot) -> None:
    told: list[int] = []
    strip.chosen.connect(told.append)
    strip.set_current(4)
    QTest.mouseClick(strip.play, Qt.MouseButton.LeftButton)
    assert strip.is_playing and strip.play.accessibleName() == "Stop playing"
    assert 150 <= strip.player.pace.interval(strip.player.num_frames) <= 400
    qtbot.waitUntil(lambda: not strip.is_playing, timeout=5000)
    assert told == [5, 6] and strip.play.accessibleName() == "Play"
    QTest.mouseClick(strip.play, Qt.MouseButton.LeftButton)
    assert strip.current == 0, "from the end it begins anew"
    QTest.mouseClick(strip.play, Qt.MouseButton.LeftButton)
    assert not strip.is_playing


def test_the_play_button_may_stand_elsewhere(strip: FilmStrip, qtbot: QtBot) -> None:
    header = QWidget()
    qtbot.addWidget(header)
    QHBoxLayout(header).addWidget(strip.play)
    header.show()
    QTest.mouseClick(strip.play, Qt.MouseButton.LeftButton)
    assert strip.is_playing
    strip.stop()


@given(st.integers(1, 300), st.integers(120, 900), st.integers(0, 299))
@settings(deadline=None, max_examples=60)
def test_as_many_frames_as_fit_are_shown_the_current_one_among_them(num: int, width: int, current: int) -> None:
    frames = FilmFrames()
    frames.resize(width, 60)
    frames.set_frames([np.eye(3, dtype=np.float32)] * num, list(range(num)), None, None)
    frames.set_current(min(current, num - 1))
    shown = frames.shown()
    assert min(current, num - 1) in shown
    assert shown == sorted(set(shown))
    rects = [frames.rect(place) for place in range(len(shown))]
    assert rects[-1].right() < width
    assert all(before.right() < after.left() for before, after in pairwise(rects))
    frames.deleteLater()


@given(st.lists(st.integers(0, 2_000_000), min_size=1, max_size=200, unique=True), st.integers(130, 800), st.data())
@settings(deadline=None, max_examples=60)
def test_step_labels_do_not_touch_and_the_current_one_is_there(
    steps: list[int], width: int, data: st.DataObject
) -> None:
    slider = FilmSlider()
    slider.resize(width, 40)
    slider.set_ends(20.0, width - 20.0)
    slider.set_steps(sorted(steps))
    slider.setValue(data.draw(st.integers(0, len(steps) - 1)))
    labels = slider.labels()
    assert slider.value() in [index for index, _ in labels]
    for number, (_, place) in enumerate(labels):
        assert place.left() >= 0 and place.right() <= width
        assert not any(place.intersects(other) for _, other in labels[number + 1 :])
    slider.deleteLater()


def test_frames_share_one_scale(strip: FilmStrip) -> None:
    frames = _frames(strip)
    images = [frames._image(index) for index in (0, 6)]
    brightest = [
        max(image.pixelColor(x, y).green() for x in range(image.width()) for y in range(image.height()))
        for image in images
    ]
    assert brightest[0] < brightest[1] == int(VIRIDIS[255][1])
    strip.grab()


def test_one_frame_and_none_are_painted(strip: FilmStrip) -> None:
    strip.set_frames([5], _maps(1))
    strip.grab()
    assert not strip.play.isEnabled() and strip.current == 0
    strip.set_frames([], [])
    strip.grab()
