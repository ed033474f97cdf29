"""Figures stand beside their controls, heads in the order of what they cost, and both are told in words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.records import HeadTable, SwitchEffect, Switches
from studio.plots.attention.head_ranking import HeadRanking, RankedHead, ranked
from studio.plots.attention.joined_tokens import joined
from studio.plots.attention.marked_text import MarkedText, Marks
from studio.plots.attention.trust_bars import Compared, Measure, TrustBars, TrustPill, figure_words
from studio.theme import tokens
from tests.studio.desk import tooltip_at, word_boxes

pytestmark = pytest.mark.usefixtures("look")
HEADS = [
    RankedHead(5, 4, "“cracked”", -0.014, 0.004),
    RankedHead(5, 9, "“nobody”", -0.009, 0.003),
    RankedHead(1, 8, "next token", -0.007),
    RankedHead(0, 0, "", 0.002, 0.003),
]


def _row(bars: TrustBars, y: int) -> list[QColor]:
    drawn = bars.grab().toImage()
    return [drawn.pixelColor(x, y) for x in range(drawn.width())]


def _lengths(bars: TrustBars, color: str) -> list[int]:
    """Pixels in this colour, of each row that has many of them."""
    drawn, found = bars.grab().toImage(), []
    for y in range(drawn.height()):
        count = sum(drawn.pixelColor(x, y) == QColor(color) for x in range(drawn.width()))
        found.append(count)
    return found


def test_a_bar_is_as_long_as_its_figure_and_the_control_is_grey(qtbot: QtBot) -> None:
    bars = TrustBars()
    qtbot.addWidget(bars)
    bars.set_groups([Compared("", (Measure("looked at", 0.5), Measure("random", 0.25)))])
    bars.resize(400, bars.heightForWidth(400))
    bars.show()
    assert max(_lengths(bars, tokens().accent)) == pytest.approx(200, abs=8)
    assert max(_lengths(bars, tokens().text3)) == pytest.approx(100, abs=8)
    assert bars.accessibleDescription() == ": looked at 0.50, random 0.25"


@pytest.mark.parametrize(("value", "side"), [(0.5, 1), (-0.5, -1)])
def test_a_signed_bar_begins_in_the_middle(qtbot: QtBot, value: float, side: int) -> None:
    bars = TrustBars()
    qtbot.addWidget(bars)
    bars.set_groups([Compared("", (Measure("tau", value),), signed=True)])
    bars.resize(400, bars.heightForWidth(400))
    bars.show()
    y = int(np.argmax(_lengths(bars, tokens().accent)))
    places = [x for x, color in enumerate(_row(bars, y)) if color == QColor(tokens().accent)]
    assert len(places) == pytest.approx(100, abs=6)
    assert all((x - 200) * side >= -2 for x in places)


def test_what_is_not_measured_yet_is_a_dash(qtbot: QtBot) -> None:
    assert figure_words(Measure("", None)) == "–"
    assert figure_words(Measure("", -0.214, 0.031), signed=True) == "−0.21 ± 0.03"
    assert figure_words(Measure("", -0.001)) == "0.00"
    bars = TrustBars()
    qtbot.addWidget(bars)
    assert bars.heightForWidth(200) == 0
    one, long = Compared("Short", (Measure("a", None),)), Compared("A title that wraps " * 4, (Measure("a", 1.0),))
    bars.set_groups([one])
    low = bars.heightForWidth(200)
    bars.set_groups([long])
    assert bars.heightForWidth(200) > low + 20
    bars.resize(200, bars.heightForWidth(200))
    bars.grab()


def test_the_pill_says_it_in_a_word(qtbot: QtBot) -> None:
    pill = TrustPill()
    qtbot.addWidget(pill)
    pill.show()
    assert pill.accessibleName() == "Measuring …"
    for trust, word, ground in (
        ("strong", "Strong", "ok_soft"),
        ("fair", "Fair", "warn_soft"),
        ("weak", "Weak", "bad_soft"),
    ):
        pill.set_trust(trust)  # type: ignore[arg-type]
        pill.resize(pill.sizeHint())
        assert pill.accessibleName() == word == pill.text()
        drawn = pill.grab().toImage()
        assert drawn.pixelColor(drawn.width() // 2, 2) == QColor(getattr(tokens(), ground))


@pytest.fixture
def ranking(qtbot: QtBot) -> HeadRanking:
    made = HeadRanking(num_rows=3)
    qtbot.addWidget(made)
    made.resize(340, 80)
    made.set_heads(HEADS)
    made.show()
    return made


def test_changes_are_points_with_their_interval() -> None:
    assert [one.change_words for one in HEADS] == ["−1.4 ± 0.4", "−0.9 ± 0.3", "−0.7", "+0.2 ± 0.3"]
    assert RankedHead(0, 0, "", -0.0001).change_words == "0.0"
    assert HEADS[1].name == "6 · 10"


def test_a_head_is_chosen_by_mouse_and_by_key(ranking: HeadRanking, qtbot: QtBot) -> None:
    with qtbot.waitSignal(ranking.chosen) as told:
        spot = ranking.visualRect(ranking.model().index(1, 0)).center()
        QTest.mouseClick(ranking.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert told.args == [5, 9]
    with qtbot.waitSignal(ranking.chosen) as told:
        QTest.keyClick(ranking, Qt.Key.Key_Down)
    assert told.args == [1, 8] and ranking.current == (1, 8)


def test_the_page_marks_without_being_told(ranking: HeadRanking) -> None:
    told: list[object] = []
    ranking.chosen.connect(lambda *place: told.append(place))
    ranking.set_current((5, 9))
    assert ranking.current == (5, 9)
    ranking.set_heads(HEADS[::-1])
    assert ranking.current == (5, 9), "it is the same head in another row"
    ranking.set_heads(HEADS[:1])
    assert ranking.current is None
    ranking.set_current((11, 11))
    assert ranking.current is None and not told
    ranking.grab()


def test_it_is_as_high_as_its_rows_up_to_a_limit(ranking: HeadRanking) -> None:
    high = ranking.sizeHint().height()
    ranking.set_heads(HEADS[:2])
    assert ranking.sizeHint().height() < high
    ranking.set_heads(HEADS * 20)
    assert ranking.sizeHint().height() == high
    row = ranking.model().index(0, 0)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "Layer 6, head 5: “cracked”, −1.4 ± 0.4"


def test_a_table_of_measured_heads_becomes_rows() -> None:
    def effect(layer: int, head: int, change: float) -> SwitchEffect:
        muted = Switches(frozenset({("self-attention", layer, head)}))
        return SwitchEffect(muted, {}, {}, {"precision": change}, {"precision": 0.002}, 100, "validation")

    table = HeadTable((effect(1, 2, -0.02), effect(0, 1, -0.01)), {"precision": 0.9}, 100, "validation")
    rows = ranked(table, "precision", lambda layer, head: f"{layer}/{head}")
    assert rows == [RankedHead(1, 2, "1/2", -0.02, 0.002), RankedHead(0, 1, "0/1", -0.01, 0.002)]


def test_signed_marks_are_orange_for_and_blue_against(qtbot: QtBot) -> None:
    text, spans = joined(["not", "clean", "at", "all"])
    label = MarkedText()
    qtbot.addWidget(label)
    label.set_marks(Marks(text, spans, np.array([-0.4, 0.4, 0.0, -0.1]), signed=True))
    label.resize(400, 60)
    picture, boxes = label.grab().toImage(), word_boxes(label)

    def colour(index: int) -> QColor:
        box = boxes[index]
        return picture.pixelColor(int(box.center().x()), int(box.top() + 2))

    assert colour(0).blue() > colour(0).red() + 30
    assert colour(1).red() > colour(1).blue() + 30
    assert abs(colour(2).red() - colour(2).blue()) < 12
    assert tooltip_at(label, boxes[0].center()) == "“not”: −0.400"
    assert tokens().s1 not in label.html() and "background-color" in label.html()


def test_one_line_shows_the_strongest_whatever_their_sign(qtbot: QtBot) -> None:
    words = ["word"] * 60
    text, spans = joined(words)
    scores = np.zeros(60)
    scores[50] = -1.0
    label = MarkedText(is_single_line=True)
    qtbot.addWidget(label)
    label.resize(200, 32)
    label.set_marks(Marks(text, spans, scores, signed=True))
    first, last = label.window
    assert first <= 50 <= last
