"""Attention page: rollout, marks by each method, zoom into a long text, side by side, in time, built anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from engine.records import AttentionRecord, Method, Switches
from engine.runs.probes import write_probes
from engine.runs.run import Run
from studio.pages.attention.comparison_model import Other
from studio.plots.attention.marked_text import MarkedText
from studio.plots.attention.pair_view import PairView
from studio.plots.timeline.film_strip import FilmStrip
from studio.theme import apply_theme
from studio.translation import set_language
from tests.studio.pages.attention.desk import PATH, TEXT, Desk
from tests.studio.synthetic_attention import synthetic_attribution, synthetic_record, synthetic_rollout, synthetic_table
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, captured, synthetic_history

LONG = "long " + "word " * 99
PROBE = "The new phone screen cracked after two days and nobody answers my emails"


def choose_map(desk: Desk, words: str) -> None:
    chooser = desk.find("mapChooser", QComboBox)
    place = chooser.findText(words)
    assert place >= 0, [chooser.itemText(index) for index in range(chooser.count())]
    chooser.setCurrentIndex(place)
    chooser.activated.emit(place)


def choose_view(desk: Desk, view: str) -> None:
    desk.press(f"segment_{view}")


def choose_method(desk: Desk, method: str) -> None:
    chooser = desk.find("methodChooser", QComboBox)
    chooser.setCurrentIndex(chooser.findData(method))
    chooser.activated.emit(chooser.currentIndex())


def record_of(desk: Desk) -> AttentionRecord:
    record = desk.page._known.looker.record
    assert record is not None
    return record


# rollout


def test_rollout_is_asked_for_when_it_is_wanted(answered: Desk) -> None:
    assert answered.num_asked("rollout") == 0
    before = answered.heat_map.data
    choose_map(answered, "rollout")
    assert answered.heat_map.data is before, "the last picture stays until it is there"
    found = synthetic_rollout(record_of(answered))
    answered.worker("rollout").answer(found)
    np.testing.assert_array_equal(answered.heat_map.data.weights, found[0].weights[1, 0])
    choose_map(answered, "this head")
    choose_map(answered, "rollout")
    assert answered.num_asked("rollout") == 1, "it is known"
    np.testing.assert_array_equal(answered.heat_map.data.weights, found[0].weights[1, 0])


def test_rollout_stays_chosen_for_the_next_text(answered: Desk) -> None:
    choose_map(answered, "rollout")
    answered.worker("rollout").answer(synthetic_rollout(record_of(answered)))
    record = answered.read("quite clean indeed")
    assert "room" in answered.heat_map.data.keys, "no other map flashes up meanwhile"
    found = synthetic_rollout(record)
    answered.wait_asked("rollout", 2).answer(found)
    np.testing.assert_array_equal(answered.heat_map.data.weights, found[0].weights[1, 0])


def test_a_rollout_that_cannot_be_had_says_so(answered: Desk) -> None:
    choose_map(answered, "rollout")
    answered.worker("rollout").fail("There is no self-attention.")
    assert answered.banner.lines()[0] == "There is no self-attention."
    assert answered.find("mapChooser", QComboBox).currentText() == "this head"
    assert answered.heat_map.isVisible()
    answered.read("another text")
    assert answered.heat_map.data.keys[1] == "another"


# marks


@pytest.mark.parametrize("method", ["gradient", "integrated-gradients", "attention", "rollout"])
def test_marks_by_each_method(answered: Desk, method: Method) -> None:
    choose_view(answered, "text")
    text = answered.find("markedText", MarkedText)
    by_map = text.marks
    choose_method(answered, method)
    assert not text.marks.weights.any(), "the marks of another method do not stand under this one's name"
    found = synthetic_attribution(record_of(answered), method, strongest=3, score=-0.5)
    answered.worker("marks").answer(found)
    np.testing.assert_allclose(text.marks.weights, found.scores[1:-1])
    assert text.marks.signed is (method in ("gradient", "integrated-gradients"))
    choose_method(answered, "")
    np.testing.assert_array_equal(text.marks.weights, by_map.weights)


def test_marks_by_leaving_one_out_need_no_other_question(answered: Desk) -> None:
    choose_view(answered, "text")
    choose_method(answered, "leave-one-out")
    answered.answer_reasons(record_of(answered))
    assert answered.find("markedText", MarkedText).marks.weights.argmax() == 3
    assert answered.num_asked("marks") == 0


def test_marks_that_cannot_be_had_say_why(answered: Desk) -> None:
    choose_view(answered, "text")
    choose_method(answered, "gradient")
    answered.worker("marks").fail("No gradient flows.")
    assert answered.banner.lines()[0] == "No gradient flows."
    assert answered.find("methodChooser", QComboBox).currentData() == ""
    assert answered.find("markedText", MarkedText).marks.weights.any()


def test_the_method_stays_for_the_next_text(answered: Desk) -> None:
    choose_view(answered, "text")
    choose_method(answered, "gradient")
    answered.worker("marks").answer(synthetic_attribution(record_of(answered), "gradient"))
    record = answered.read("quite clean indeed")
    answered.worker("marks").answer(synthetic_attribution(record, "gradient", strongest=2))
    assert answered.find("markedText", MarkedText).marks.weights.argmax() == 1


def test_a_model_without_attention_is_marked_at_once(desk: Desk) -> None:
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
def long(desk: Desk) -> Desk:
    desk.read(LONG, bin_size=4)
    return desk


def test_zoom_into_a_long_text_and_back(long: Desk) -> None:
    num_bins = len(long.heat_map.data.keys)
    long.heat_map.zoom_requested.emit(3, 4)
    asked = long.worker("exact").asked[-1]
    assert asked.arguments[1:] == (long.editor.toPlainText(), ("self-attention", 1, 0), "best")
    assert long.said == "Reading …"
    length = len(record_of(long).tokens)
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


def test_zoom_out_of_a_mean_shows_the_head(long: Desk) -> None:
    choose_map(long, "mean of heads")
    long.heat_map.zoom_requested.emit(0, 0)
    length = len(record_of(long).tokens)
    long.worker("exact").answer(np.eye(length, dtype=np.float32))
    assert len(long.heat_map.data.keys) == length


def test_a_zoom_that_fails_leaves_the_overview(long: Desk) -> None:
    num_bins = len(long.heat_map.data.keys)
    long.heat_map.zoom_requested.emit(0, 0)
    long.worker("exact").fail("The memory is full.")
    assert long.banner.lines()[0] == "The memory is full."
    assert len(long.heat_map.data.keys) == num_bins
    assert long.said.startswith("It says")


# side by side


def test_compare_with_a_checkpoint(answered: Desk) -> None:
    answered.page._parts.compare.chosen.emit(Other(PATH, "step-40"))
    asked = answered.worker("second").asked[-1]
    assert asked.arguments == (Run(PATH), TEXT, "step-40")
    assert answered.find("secondName", QLabel).text() == "Reviews, step 40"
    other = synthetic_record(TEXT, layers=2, heads=4, labels=("positive", "negative"))
    answered.worker("second").answer(other)
    pair = answered.page.findChild(PairView)
    assert pair is not None and pair.isVisible()
    assert pair.picture.has_difference
    assert answered.find("secondSays", QLabel).text().startswith("B says “positive”")
    choose_view(answered, "arcs")
    assert not pair.isVisible()
    choose_view(answered, "map")
    answered.press("endComparison")
    assert not pair.isVisible() and answered.heat_map.isVisible()
    answered.page._parts.compare.chosen.emit(Other(PATH, "step-40"))
    assert answered.num_asked("second") == 2, "it can be begun anew"


def test_the_comparison_follows_the_text_without_a_jump(answered: Desk) -> None:
    answered.page._parts.compare.chosen.emit(Other(PATH, "step-40"))
    answered.worker("second").answer(synthetic_record(TEXT, layers=2, heads=4))
    pair = answered.page.findChild(PairView)
    answered.read("quite clean")
    assert pair.isVisible() and "room" in pair.picture.left.keys, "both change together"
    answered.worker("second").answer(synthetic_record("quite clean", layers=2, heads=4))
    assert pair.picture.left.keys == pair.picture.right.keys == ("[CLS]", "quite", "clean", "[SEP]")


def test_compare_with_another_text(answered: Desk) -> None:
    answered.page._parts.compare.chosen.emit(Other(PATH, text=TEXT))
    field = answered.find("secondText", QLineEdit)
    assert field.isVisible()
    answered.worker("second").answer(synthetic_record(TEXT, layers=2, heads=4))
    pair = answered.page.findChild(PairView)
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
    desk = Desk(qtbot, book=book)
    desk.read()
    menu = desk.page._parts.compare
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
        self.desk = Desk(qtbot, path=path, book=book)
        qtbot.waitUntil(lambda: self.timeline.steps == [40, 80, 120])
        self.desk.answer(self.now)

    def capture(self, step: int) -> None:
        record = synthetic_record(PROBE, layers=2, heads=4, labels=("positive", "negative"))
        weights = np.roll(record.maps[0].weights, step, axis=-1)
        one = record.maps[0].__class__("self-attention", weights, record.tokens, record.tokens)
        self.records[step] = record.__class__(**{**record.__dict__, "maps": (one,)})
        write_probes(self.run, step, [self.records[step]], room=10**9, best=None)

    @property
    def now(self) -> AttentionRecord:
        return synthetic_record(PROBE, layers=2, heads=4)

    @property
    def timeline(self):  # type: ignore[no-untyped-def]
        return self.desk.page._known.timeline

    @property
    def strip(self) -> FilmStrip:
        found = self.desk.page.findChild(FilmStrip)
        assert found is not None
        return found

    def advance(self, step: int) -> None:
        from tests.studio.synthetic_history import Shape

        self.capture(step)
        self.history.append(captured(step, Shape()))
        self.desk.book.advanced.emit(self.run.path)
        self.desk.qtbot.waitUntil(lambda: self.timeline.steps[-1] == step)


@pytest.fixture
def film(qtbot: QtBot, look: object, tmp_path: Path) -> Film:
    return Film(qtbot, tmp_path)


def assert_column_fits(desk: Desk) -> None:
    """In a narrow window nothing in the left column is cut off."""
    desk.page.resize(968, 644)
    QTest.qWait(50)
    desk.page.grab()
    area = desk.page._columns._left
    assert area.verticalScrollBar().isVisible()
    assert area.widget().width() == area.viewport().width()


def test_a_film_fits_a_narrow_column(film: Film) -> None:
    assert_column_fits(film.desk)
    assert film.strip.isVisible()


def test_frames_of_a_probe_text(film: Film) -> None:
    assert film.strip.isVisible()
    assert (film.strip.count, film.strip.current) == (3, 2)
    top = film.strip.mapTo(film.desk.page, film.strip.rect().topLeft()).y()
    film.strip._go_to(1)
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
    card = film.desk.page._parts.film
    assert_column_fits(film.desk)
    assert card._buttons[0].text().endswith("…")
    assert film.desk.is_shown("filmAbout")
    card._buttons[0].click()
    assert film.desk.editor.toPlainText() == PROBE
    film.desk.qtbot.waitUntil(lambda: film.timeline.steps == [40, 80, 120])


def test_a_new_frame_is_followed_from_the_newest_alone(film: Film) -> None:
    film.strip._go_to(1)
    film.advance(160)
    assert (film.timeline.step, film.strip.count, film.strip.current) == (80, 4, 1)
    film.strip._go_to(3)
    film.advance(200)
    assert (film.timeline.step, film.strip.current) == (200, 4)
    assert film.desk.said.startswith("At step 200")
    film.desk.press("backToNow")
    film.advance(240)
    assert (film.timeline.step, film.strip.current) == (None, 5)


def test_a_frame_that_is_dropped_leads_back_to_now(film: Film) -> None:
    film.strip._go_to(0)
    (film.run.path / "probes" / "step-40.npz").unlink()
    film.advance(160)
    assert film.timeline.step is None
    assert film.timeline.steps == [80, 120, 160]


def test_a_damaged_frame_is_left_out(film: Film) -> None:
    (film.run.path / "probes" / "step-160.npz").write_bytes(b"not a zip")
    film.advance(200)
    assert film.timeline.steps == [40, 80, 120, 200]


def test_switching_a_head_leads_back_to_now(film: Film) -> None:
    film.strip._go_to(0)
    film.desk.page._gestures._toggle_head(1, 1)
    assert film.timeline.step is None
    assert film.desk.page._known.looker.switches.muted == {("self-attention", 1, 1)}


def test_the_film_of_another_head_and_of_the_mean(film: Film) -> None:
    film.desk.grid.chosen.emit(0, 2)
    np.testing.assert_allclose(film.strip._frames._maps[0], film.records[40].maps[0].weights[0, 2], atol=1e-3)
    choose_map(film.desk, "mean of heads")
    np.testing.assert_allclose(film.strip._frames._maps[0], film.records[40].maps[0].weights[0].mean(0), atol=1e-3)


def test_rollout_was_not_filmed(film: Film) -> None:
    choose_map(film.desk, "rollout")
    film.desk.worker("rollout").answer(synthetic_rollout(film.now))
    assert not film.strip.isVisible()
    assert "not captured" in film.desk.find("filmAbout", QLabel).text()


def test_typing_reads_no_folder(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_run: Run) -> tuple[int, ...]:
        raise AssertionError("the folder is read again")

    monkeypatch.setattr("studio.pages.attention.timeline.captured_steps", never)
    film.desk.read("another text")
    film.desk.read(PROBE)
    film.desk.qtbot.waitUntil(lambda: film.timeline.steps == [40, 80, 120])


# a page built anew, pictures


@pytest.mark.parametrize("change", [lambda _app: set_language("zh"), lambda app: apply_theme(app, "dark")])
def test_a_page_built_anew_shows_the_same(answered: Desk, qapp: QApplication, change) -> None:  # type: ignore[no-untyped-def]
    switches = Switches(frozenset({("self-attention", 0, 1)}))
    table = synthetic_table(("self-attention", 0, 3))
    answered.press("rankHeads")
    answered.worker("heads").answer(table)
    answered.page._parts.heads.set_order("distance")
    answered.page._screen.choose(layer=0, head=3)
    answered.page._known.looker.switch(switches)
    answered.page._parts.compare.chosen.emit(Other(PATH, "step-40"))
    choose_view(answered, "text")
    choose_method(answered, "gradient")
    state = answered.page.state()
    answered.page.close_workers()
    change(qapp)
    answered.page = answered.new_page()
    answered.page.restore(state)
    answered.page.show()
    assert answered.page.state() == state
    assert answered.worker("answer").asked[-1].options == {"switches": switches}
    answered.answer(synthetic_record(TEXT, layers=2, heads=4, switches=switches))
    assert answered.grid.current == (0, 3) and answered.grid._off == {(0, 1)} and answered.grid.order == "distance"
    assert answered.worker("second").asked[-1].arguments[2] == "step-40"
    assert answered.is_shown("markedText")
    assert answered.find("methodChooser", QComboBox).currentData() == "gradient"
    assert answered.page._parts.ranking.list.model().rowCount() == 1, "what took a minute is not lost"


@pytest.mark.parametrize("view", ["arcs", "pair"])
def test_a_drawing_is_what_is_seen(answered: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, view: str) -> None:
    if view == "pair":
        answered.page._parts.compare.chosen.emit(Other(PATH, "step-40"))
        answered.worker("second").answer(synthetic_record(TEXT, layers=2, heads=4))
    else:
        choose_view(answered, "arcs")
    for suffix in (".svg", ".png"):
        path = tmp_path / f"map{suffix}"
        monkeypatch.setattr(answered.page._gestures, "_ask_path", lambda _suffix, path=path: path)
        answered.page._gestures._export_as(suffix)
    assert QImage(str(tmp_path / "map.png")).width() > 400
    drawn = (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert ("difference" in drawn) == (view == "pair")


@pytest.mark.parametrize("size", [(1192, 844), (968, 644), (720, 600)])
@pytest.mark.parametrize("kind", ["transformer", "pooled", "both", "long", "pair", "none", "chinese"])
def test_nothing_is_wider_than_the_page(qtbot: QtBot, look: object, kind: str, size: tuple[int, int]) -> None:
    desk = Desk(qtbot, size=size)
    long_words = "unbelievably-long-compound-" * 4
    shapes = {"pooled": {"pooled": True}, "both": {"both": True}, "long": {"bin_size": 4}, "transformer": {"heads": 12}}
    texts = {"long": LONG, "chinese": "房间一点也不干净但是早餐非常好我还会再来", "transformer": f"{long_words} is bad"}
    record = synthetic_record(texts.get(kind, TEXT), layers=6, **{"heads": 4, **shapes.get(kind, {})})
    if kind == "none":
        record = record.__class__(**{**record.__dict__, "maps": ()})
    desk.type(record.text)
    desk.answer(record)
    if kind == "pair":
        desk.page._parts.compare.chosen.emit(Other(PATH, "step-40"))
        desk.worker("second").answer(record)
    desk.answer_reasons(record)
    QTest.qWait(20)
    desk.page.grab()
    assert (desk.page.width(), desk.page.height()) == size
    parts = desk.page._parts
    for widget in [*desk.page.findChildren(QLabel), parts.map, parts.chips, parts.text]:
        if widget.isVisible():
            left = widget.mapTo(desk.page, widget.rect().topLeft()).x()
            assert left >= 0 and left + widget.width() <= size[0], widget
    for area in (desk.page._columns._left, desk.page._columns._right):
        assert not area.isVisible() or area.widget().minimumSizeHint().width() <= area.viewport().width()
    if kind in ("transformer", "both") and size[0] > 900:
        assert desk.heat_map.width() * desk.heat_map.height() > 0.22 * size[0] * size[1], "the map is the hero"


def test_trust_is_within_reach_in_a_narrow_window(qtbot: QtBot, look: object) -> None:
    desk = Desk(qtbot, size=(720, 600))
    record = desk.read()
    desk.answer_reasons(record)
    trust, area = desk.page._parts.trust, desk.page._columns._left
    assert area.isAncestorOf(trust)
    QTest.keyClick(area, Qt.Key.Key_End)
    area.ensureWidgetVisible(trust)
    assert trust.visibleRegion().boundingRect().height() > 40
