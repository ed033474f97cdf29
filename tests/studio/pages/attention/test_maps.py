"""Attention page: rollout, marks by each method, zoom into a long text, side by side, in time, built anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QScrollArea
from pytestqt.qtbot import QtBot

from engine.records import AttentionRecord, Method, Switches
from engine.runs.probes import read_probe, write_probes
from engine.runs.run import Run
from studio.pages.attention.comparison_bar import CompareMenu
from studio.pages.attention.comparison_model import Other
from studio.pages.attention.map_card import MapCard
from studio.pages.attention.reading import special_keys
from studio.pages.attention.trust_card import TrustCard
from studio.plots.attention.head_ranking import HeadRanking
from studio.plots.attention.marked_text import MarkedText
from studio.plots.attention.pair_view import PairView
from studio.plots.timeline.film_frames import FilmFrames
from studio.plots.timeline.film_slider import FilmSlider
from studio.plots.timeline.film_strip import FilmStrip
from studio.theme import apply_theme
from studio.translation import set_language
from studio.widgets.text_bar import TextBar
from tests.studio.desk import painted
from tests.studio.pages.attention.desk import PATH, TEXT, AttentionDesk
from tests.studio.synthetic_attention import synthetic_attribution, synthetic_record, synthetic_rollout, synthetic_table
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, captured, synthetic_history

LONG = "long " + "word " * 99
PROBE = "The new phone screen cracked after two days and nobody answers my emails"


# rollout


def test_rollout_is_asked_for_when_it_is_wanted(answered: AttentionDesk) -> None:
    assert answered.num_asked("rollout") == 0
    before = answered.heat_map.data
    answered.pick("mapChooser", "rollout")
    assert answered.heat_map.data is before, "the last picture stays until it is there"
    found = synthetic_rollout(answered.record)
    answered.worker("rollout").answer(found)
    np.testing.assert_array_equal(answered.heat_map.data.weights, found[0].weights[1, 0])
    answered.pick("mapChooser", "this head")
    answered.pick("mapChooser", "rollout")
    assert answered.num_asked("rollout") == 1, "it is known"
    np.testing.assert_array_equal(answered.heat_map.data.weights, found[0].weights[1, 0])


def test_rollout_stays_chosen_for_the_next_text(answered: AttentionDesk) -> None:
    answered.pick("mapChooser", "rollout")
    answered.worker("rollout").answer(synthetic_rollout(answered.record))
    record = answered.read("quite clean indeed")
    assert "room" in answered.heat_map.data.keys, "no other map flashes up meanwhile"
    found = synthetic_rollout(record)
    answered.wait_asked("rollout", 2).answer(found)
    np.testing.assert_array_equal(answered.heat_map.data.weights, found[0].weights[1, 0])


def test_a_rollout_that_cannot_be_had_says_so(answered: AttentionDesk) -> None:
    answered.pick("mapChooser", "rollout")
    answered.worker("rollout").fail("There is no self-attention.")
    assert answered.banner.lines()[0] == "There is no self-attention."
    assert answered.find("mapChooser", QComboBox).currentText() == "this head"
    assert answered.heat_map.isVisible()
    answered.read("another text")
    assert answered.heat_map.data.keys[1] == "another"


# marks


@pytest.mark.parametrize("method", ["gradient", "integrated-gradients", "attention", "rollout"])
def test_marks_by_each_method(answered: AttentionDesk, method: Method) -> None:
    answered.press("segment_text")
    text = answered.find("markedText", MarkedText)
    by_map = text.marks
    answered.pick("methodChooser", method)
    assert not text.marks.weights.any(), "the marks of another method do not stand under this one's name"
    found = synthetic_attribution(answered.record, method, strongest=3, score=-0.5)
    answered.worker("marks").answer(found)
    np.testing.assert_allclose(text.marks.weights, found.scores[1:-1])
    assert text.marks.signed is (method in ("gradient", "integrated-gradients"))
    answered.pick("methodChooser", "")
    np.testing.assert_array_equal(text.marks.weights, by_map.weights)


def test_marks_by_leaving_one_out_need_no_other_question(answered: AttentionDesk) -> None:
    answered.press("segment_text")
    answered.pick("methodChooser", "leave-one-out")
    answered.answer_reasons()
    assert answered.find("markedText", MarkedText).marks.weights.argmax() == 3
    assert answered.num_asked("marks") == 0


def test_marks_that_cannot_be_had_say_why(answered: AttentionDesk) -> None:
    answered.press("segment_text")
    answered.pick("methodChooser", "gradient")
    answered.worker("marks").fail("No gradient flows.")
    assert answered.banner.lines()[0] == "No gradient flows."
    assert answered.find("methodChooser", QComboBox).currentData() == ""
    assert answered.find("markedText", MarkedText).marks.weights.any()


def test_the_method_stays_for_the_next_text(answered: AttentionDesk) -> None:
    answered.press("segment_text")
    answered.pick("methodChooser", "gradient")
    answered.worker("marks").answer(synthetic_attribution(answered.record, "gradient"))
    record = answered.read("quite clean indeed")
    answered.worker("marks").answer(synthetic_attribution(record, "gradient", strongest=2))
    assert answered.find("markedText", MarkedText).marks.weights.argmax() == 1


def test_a_model_without_attention_is_marked_at_once(desk: AttentionDesk) -> None:
    record = synthetic_record(TEXT)
    record = record.__class__(**{**record.__dict__, "maps": ()})
    desk.answer(record)
    assert desk.is_shown("markedText")
    desk.wait_asked("one-out").answer(synthetic_attribution(record, strongest=4))
    text = desk.find("markedText", MarkedText)
    assert text.marks.weights.argmax() == 3
    chooser = desk.find("methodChooser", QComboBox)
    offered = [chooser.itemData(place) for place in range(chooser.count())]
    assert offered == ["leave-one-out", "gradient", "integrated-gradients"], "nothing that needs attention"
    assert not desk.is_shown("copyPicture")


# a long text


@pytest.fixture
def long(desk: AttentionDesk) -> AttentionDesk:
    desk.read(LONG, bin_size=4)
    return desk


def test_zoom_into_a_long_text_and_back(long: AttentionDesk) -> None:
    num_bins = len(long.heat_map.data.keys)
    long.heat_map.zoom_requested.emit(3, 4)
    asked = long.worker("exact").asked[-1]
    assert asked.arguments[1:] == (long.editor.toPlainText(), ("self-attention", 1, 0), "best")
    assert long.said == "Reading …"
    length = len(long.record.tokens)
    assert num_bins < length
    exact = np.full((length, length), 1 / length, dtype=np.float32)
    long.worker("exact").answer(exact)
    assert long.heat_map.data.keys[1] == "long" and len(long.heat_map.data.keys) == length
    assert long.said.startswith("It says")
    assert long.is_shown("leaveZoom")
    long.grid.chosen.emit(0, 2)
    assert long.worker("exact").asked[-1].arguments[2] == ("self-attention", 0, 2), "another head stays close"
    long.worker("exact").answer(exact)
    assert len(long.heat_map.data.keys) == length
    long.press("leaveZoom")
    assert len(long.heat_map.data.keys) == num_bins
    assert not long.is_shown("leaveZoom")


def test_zoom_out_of_a_mean_shows_the_head(long: AttentionDesk) -> None:
    long.pick("mapChooser", "mean of heads")
    long.heat_map.zoom_requested.emit(0, 0)
    length = len(long.record.tokens)
    long.worker("exact").answer(np.eye(length, dtype=np.float32))
    assert len(long.heat_map.data.keys) == length


def test_a_zoom_that_fails_leaves_the_overview(long: AttentionDesk) -> None:
    num_bins = len(long.heat_map.data.keys)
    long.heat_map.zoom_requested.emit(0, 0)
    long.worker("exact").fail("The memory is full.")
    assert long.banner.lines()[0] == "The memory is full."
    assert len(long.heat_map.data.keys) == num_bins
    assert long.said.startswith("It says")


# side by side


def test_compare_with_a_checkpoint(answered: AttentionDesk) -> None:
    answered.compare_with(Other(PATH, "step-40"))
    asked = answered.worker("second").asked[-1]
    assert asked.arguments == (Run(PATH), TEXT, "step-40")
    assert answered.says("secondName") == "Reviews, step 40"
    other = synthetic_record(TEXT, layers=2, heads=4, labels=("positive", "negative"))
    answered.worker("second").answer(other)
    pair = answered.part(PairView)
    assert pair.isVisible()
    assert pair.picture.has_difference
    assert answered.says("secondSays").startswith("B says “positive”")
    answered.press("segment_arcs")
    assert not pair.isVisible()
    answered.press("segment_map")
    answered.press("endComparison")
    assert not pair.isVisible() and answered.heat_map.isVisible()
    answered.compare_with(Other(PATH, "step-40"))
    assert answered.num_asked("second") == 2, "it can be begun anew"


def test_the_comparison_follows_the_text_without_a_jump(answered: AttentionDesk) -> None:
    answered.compare_with(Other(PATH, "step-40"))
    answered.worker("second").answer(synthetic_record(TEXT, layers=2, heads=4))
    pair = answered.part(PairView)
    answered.read("quite clean")
    assert pair.isVisible() and "room" in pair.picture.left.keys, "both change together"
    answered.worker("second").answer(synthetic_record("quite clean", layers=2, heads=4))
    assert pair.picture.left.keys == pair.picture.right.keys == ("[CLS]", "quite", "clean", "[SEP]")


def test_compare_with_another_text(answered: AttentionDesk) -> None:
    answered.compare_with(Other(PATH, text=TEXT))
    field = answered.find("secondText", QLineEdit)
    assert field.isVisible()
    answered.worker("second").answer(synthetic_record(TEXT, layers=2, heads=4))
    pair = answered.part(PairView)
    field.clear()
    QTest.keyClicks(field, "the room was clean")
    answered.qtbot.waitUntil(lambda: answered.worker("second").asked[-1].arguments[1] == "the room was clean")
    assert pair.isVisible(), "the last picture stays"
    answered.worker("second").answer(synthetic_record("the room was clean", layers=2, heads=4))
    assert not pair.picture.has_difference
    assert field.text() == "the room was clean"


def test_compare_with_another_run(qtbot: QtBot, look: object, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "checkpoints.json").write_text("{}")
    book = SyntheticBook(
        SyntheticEntry(PATH, synthetic_history()),
        SyntheticEntry(other, synthetic_history(), state="finished", name="The other"),
        SyntheticEntry(tmp_path / "new", synthetic_history(), name="Nothing yet"),
    )
    desk = AttentionDesk(qtbot, book=book)
    desk.read()
    menu = desk.part(CompareMenu)
    menu.fill()
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == ["Another text", "Run “The other”"]
    menu.actions()[-1].trigger()
    assert desk.worker("second").asked[-1].arguments == (Run(other), TEXT, "best")
    desk.worker("second").fail("A checkpoint is damaged.")
    assert desk.banner.lines()[0] == "A checkpoint is damaged."
    assert desk.heat_map.isVisible()


# in time


class Film:
    """A run on disk whose probe text was captured at some steps."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        path = folder / "filmed"
        path.mkdir()
        self.run, self.history = Run(path), synthetic_history()
        self.records: dict[int, AttentionRecord] = {}
        for step in (40, 80, 120):
            self.capture(step)
        book = SyntheticBook(SyntheticEntry(path, self.history))
        self.desk = AttentionDesk(qtbot, path=path, book=book)
        self.desk.answer(self.now)
        self.wait_filmed(40, 80, 120)

    def capture(self, step: int) -> None:
        record = synthetic_record(PROBE, layers=2, heads=4, labels=("positive", "negative"))
        weights = np.roll(record.maps[0].weights, step, axis=-1)
        one = record.maps[0].__class__("self-attention", weights, record.tokens, record.tokens)
        self.records[step] = record.__class__(**{**record.__dict__, "maps": (one,)})
        write_probes(self.run, step, [self.records[step]], room=10**9, best=None)

    @property
    def now(self) -> AttentionRecord:
        return synthetic_record(PROBE, layers=2, heads=4)

    def wait_filmed(self, *steps: int) -> None:
        self.desk.qtbot.waitUntil(lambda: self.strip.isVisible() and self.slider.steps == list(steps))

    @property
    def slider(self) -> FilmSlider:
        return self.desk.part(FilmSlider)

    @property
    def strip(self) -> FilmStrip:
        return self.desk.part(FilmStrip)

    @property
    def moment(self) -> str:
        """Which frame is looked at; "" in the present."""
        button = self.desk.find("backToNow", QAbstractButton)
        return button.text().split(" · ")[0] if button.isVisible() else ""

    def advance(self, step: int) -> None:
        from tests.studio.synthetic_history import Shape

        self.capture(step)
        self.history.append(captured(step, Shape()))
        self.desk.book.advanced.emit(self.run.path)
        self.desk.qtbot.waitUntil(lambda: self.slider.steps[-1] == step)

    def drawn(self, of: Callable[[np.ndarray], np.ndarray]) -> QImage:
        """What the strip looks like with these maps of what was captured."""
        frames = FilmFrames()
        self.desk.qtbot.addWidget(frames)
        frames.resize(self.desk.part(FilmFrames).size())
        captures = {step: read_probe(self.run, step, 0) for step in self.slider.steps}
        record, best = captures[40], self.history.best
        frames.set_frames(
            [of(one.maps[0].weights) for one in captures.values()],
            list(captures),
            best.step if best else None,
            special_keys(record, record.maps[0]),
        )
        frames.set_current(self.strip.current)
        return painted(frames)


@pytest.fixture
def film(qtbot: QtBot, look: object, tmp_path: Path) -> Film:
    return Film(qtbot, tmp_path)


def assert_column_fits(desk: AttentionDesk) -> None:
    """In a narrow window nothing in the left column is cut off."""
    desk.page.resize(968, 644)
    desk.qtbot.wait(50)
    desk.page.grab()
    area = desk.spoken("Heads", QScrollArea)
    assert area.verticalScrollBar().isVisible()
    assert area.widget().width() == area.viewport().width()


def test_a_film_fits_a_narrow_column(film: Film) -> None:
    assert_column_fits(film.desk)
    assert film.strip.isVisible()


def test_frames_of_a_probe_text(film: Film) -> None:
    assert film.strip.isVisible()
    assert (film.strip.count, film.strip.current) == (3, 2)
    top = film.strip.mapTo(film.desk.page, film.strip.rect().topLeft()).y()
    film.slider.setValue(1)
    assert film.desk.said.startswith("At step 80 it said “positive”")
    np.testing.assert_allclose(
        film.desk.heat_map.data.weights, film.records[80].maps[0].weights[1, 0], atol=1e-3, rtol=1e-2
    )
    assert film.desk.is_shown("backToNow")
    QApplication.processEvents()
    assert film.strip.mapTo(film.desk.page, film.strip.rect().topLeft()).y() == top, "it stays under the pointer"
    film.desk.press("backToNow")
    assert film.desk.said.startswith("It says “negative”")
    assert not film.desk.is_shown("backToNow")
    assert film.strip.current == 2


def test_another_text_offers_the_probes(film: Film) -> None:
    film.desk.type("another text")
    film.desk.answer(synthetic_record("another text", layers=2, heads=4))
    assert not film.strip.isVisible()
    assert_column_fits(film.desk)
    probe = film.desk.page.findChildren(QAbstractButton, "probeText")[0]
    assert probe.text().endswith("…")
    assert film.desk.is_shown("filmAbout")
    probe.click()
    assert film.desk.editor.toPlainText() == PROBE
    film.wait_filmed(40, 80, 120)


def test_a_new_frame_is_followed_from_the_newest_alone(film: Film) -> None:
    film.slider.setValue(1)
    film.advance(160)
    assert (film.moment, film.strip.count, film.strip.current) == ("as it was at step 80", 4, 1)
    film.slider.setValue(3)
    film.advance(200)
    assert (film.moment, film.strip.current) == ("as it was at step 200", 4)
    assert film.desk.said.startswith("At step 200")
    film.desk.press("backToNow")
    film.advance(240)
    assert (film.moment, film.strip.current) == ("", 5)


def test_a_frame_that_is_dropped_leads_back_to_now(film: Film) -> None:
    film.slider.setValue(0)
    (film.run.path / "probes" / "step-40.npz").unlink()
    film.advance(160)
    assert film.moment == ""
    assert film.slider.steps == [80, 120, 160]


def test_a_damaged_frame_is_left_out(film: Film) -> None:
    (film.run.path / "probes" / "step-160.npz").write_bytes(b"not a zip")
    film.advance(200)
    assert film.slider.steps == [40, 80, 120, 200]


def test_switching_a_head_leads_back_to_now(film: Film) -> None:
    film.slider.setValue(0)
    film.desk.grid.toggled.emit(1, 1)
    assert film.moment == ""
    assert film.desk.switches.muted == {("self-attention", 1, 1)}


def test_the_film_of_another_head_and_of_the_mean(film: Film) -> None:
    film.desk.grid.chosen.emit(0, 2)
    other_head = film.drawn(lambda weights: weights[0, 2])
    assert painted(film.desk.part(FilmFrames)) == other_head
    film.desk.pick("mapChooser", "mean of heads")
    mean = film.drawn(lambda weights: weights[0].mean(axis=0))
    assert painted(film.desk.part(FilmFrames)) == mean != other_head


def test_rollout_was_not_filmed(film: Film) -> None:
    film.desk.pick("mapChooser", "rollout")
    film.desk.worker("rollout").answer(synthetic_rollout(film.now))
    assert not film.strip.isVisible()
    assert "not captured" in film.desk.says("filmAbout")


def test_typing_reads_no_folder(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_run: Run) -> tuple[int, ...]:
        raise AssertionError("the folder is read again")

    monkeypatch.setattr("studio.pages.attention.timeline.captured_steps", never)
    film.desk.read("another text")
    film.desk.read(PROBE)
    film.wait_filmed(40, 80, 120)


# a page built anew, pictures


@pytest.mark.parametrize("change", [lambda _app: set_language("zh"), lambda app: apply_theme(app, "dark")])
def test_a_page_built_anew_shows_the_same(answered: AttentionDesk, qapp: QApplication, change) -> None:  # type: ignore[no-untyped-def]
    switches = Switches(frozenset({("self-attention", 0, 1)}))
    table = synthetic_table(("self-attention", 0, 3))
    answered.press("rankHeads")
    answered.worker("heads").answer(table)
    answered.pick("headOrder", "distance")
    answered.grid.chosen.emit(0, 3)
    answered.grid.toggled.emit(0, 1)
    answered.compare_with(Other(PATH, "step-40"))
    answered.press("segment_text")
    answered.pick("methodChooser", "gradient")
    state = answered.page.state()
    answered.page.close_workers()
    change(qapp)
    answered.new_page().restore(state)
    assert answered.page.state() == state
    assert answered.worker("answer").asked[-1].options == {"switches": switches}
    answered.answer(synthetic_record(TEXT, layers=2, heads=4, switches=switches))
    assert answered.grid.current == (0, 3) and answered.heads_off == {(0, 1)} and answered.grid.order == "distance"
    assert answered.worker("second").asked[-1].arguments[2] == "step-40"
    assert answered.is_shown("markedText")
    assert answered.find("methodChooser", QComboBox).currentData() == "gradient"
    assert answered.part(HeadRanking).model().rowCount() == 1, "what took a minute is not lost"


@pytest.mark.parametrize("view", ["arcs", "pair"])
def test_a_drawing_is_what_is_seen(
    answered: AttentionDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    if view == "pair":
        answered.compare_with(Other(PATH, "step-40"))
        answered.worker("second").answer(synthetic_record(TEXT, layers=2, heads=4))
    else:
        answered.press("segment_arcs")
    for suffix in (".svg", ".png"):
        answered.export_to(tmp_path / f"map{suffix}", monkeypatch)
    assert QImage(str(tmp_path / "map.png")).width() > 400
    drawn = (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert ("difference" in drawn) == (view == "pair")


KINDS = ("transformer", "pooled", "both", "long", "many", "pair", "none", "chinese")
SIZES = ((1192, 844), (968, 644), (720, 600))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wider_than_the_page(qtbot: QtBot, look: object, kind: str) -> None:
    desk = AttentionDesk(qtbot, size=SIZES[0])
    long_words = "unbelievably-long-compound-" * 4
    shapes = {"pooled": {"pooled": True}, "both": {"both": True}, "long": {"bin_size": 4}, "transformer": {"heads": 12}}
    texts = {
        "long": LONG,
        "many": TEXT + " word" * 180,
        "chinese": "房间一点也不干净但是早餐非常好我还会再来",
        "transformer": f"{long_words} is bad",
    }
    layers = 2 if kind == "many" else 6
    record = synthetic_record(texts.get(kind, TEXT), layers=layers, **{"heads": 4, **shapes.get(kind, {})})
    if kind == "none":
        record = record.__class__(**{**record.__dict__, "maps": ()})
    desk.type(record.text)
    desk.answer(record)
    if kind == "pair":
        desk.compare_with(Other(PATH, "step-40"))
        desk.worker("second").answer(record)
    desk.answer_reasons()
    for size in SIZES:
        desk.page.resize(*size)
        QApplication.processEvents()
        desk.page.grab()
        assert_everything_is_inside(desk, size)
        assert desk.heat_map.isVisible() == (kind not in ("pair", "none"))
        if kind in ("transformer", "both") and size[0] > 900:
            assert desk.heat_map.width() * desk.heat_map.height() > 0.22 * size[0] * size[1], "the map is the hero"


def assert_everything_is_inside(desk: AttentionDesk, size: tuple[int, int]) -> None:
    assert (desk.page.width(), desk.page.height()) == size
    for widget in [*desk.page.findChildren(QLabel), desk.part(MapCard), desk.chips, desk.part(TextBar)]:
        if widget.isVisible():
            left = widget.mapTo(desk.page, widget.rect().topLeft()).x()
            assert left >= 0 and left + widget.width() <= size[0], widget
    for area in (desk.spoken("Heads", QScrollArea), desk.spoken("Answer and trust", QScrollArea)):
        assert not area.isVisible() or area.widget().minimumSizeHint().width() <= area.viewport().width()


def test_trust_is_within_reach_in_a_narrow_window(qtbot: QtBot, look: object) -> None:
    desk = AttentionDesk(qtbot, size=(720, 600))
    desk.read()
    desk.answer_reasons()
    trust, area = desk.part(TrustCard), desk.spoken("Heads", QScrollArea)
    assert area.isAncestorOf(trust)
    QTest.keyClick(area, Qt.Key.Key_End)
    area.ensureWidgetVisible(trust)
    assert trust.visibleRegion().boundingRect().height() > 40
