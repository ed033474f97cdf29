"""The Samples page on runs on disk: slider, texts, alarm, meters, game, drawing, exporting, live."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDoubleSpinBox, QLabel, QScrollArea, QTableView, QWidget
from pytestqt.qtbot import QtBot

from engine.commands import GoBack, SetTemperature
from engine.records import Sample, Samples, Sweep, SweepPoint
from engine.runs.run import Run
from engine.runs.samples import samples_path, write_samples
from studio.main_window import MainWindow
from studio.main_window.makers import MAKERS
from studio.pages.samples import SamplesPage
from studio.pages.samples.alarm import AlarmBanner
from studio.pages.samples.export_dialog import ExportDialog, Wish
from studio.pages.samples.game import pairs_of
from studio.pages.samples.game_card import GameCard
from studio.pages.samples.layout import MeasureCard
from studio.pages.samples.meter_column import Meters
from studio.pages.samples.page import Shown
from studio.pages.samples.sample_columns import CRITIC, TEXT
from studio.pages.samples.step_card import StepCard
from studio.pages.samples.sweep_panel import SweepPanel
from studio.pages.samples.texts_card import TextsCard
from studio.plots.timeline.player import Pace
from studio.plots.timeline.step_slider import Mark, StepSlider
from studio.preferences import Preferences
from studio.translation import set_language
from studio.widgets.empty_state import EmptyState
from studio.workers.run_book import RunBook
from tests.studio.desk import LARGE, Desk
from tests.studio.made_gan_runs import Course, evaluated, make_gan_run, samples_at
from tests.studio.made_runs import make_run

pytestmark = pytest.mark.usefixtures("look")
COURSE = Course(steps=7_600, num_samples=24)


def copied_run(folder: Path) -> Run:
    """One run is made for all tests; each has a copy of its own."""
    made = made_run()
    return Run(Path(shutil.copytree(made.path, folder / "captions")).resolve())


@cache
def made_run() -> Run:
    return make_gan_run(Path(tempfile.mkdtemp(prefix="gan-run-")), course=COURSE)


class LiveBook(RunBook):
    """A book that says which run it trains."""

    trained: Path | None = None

    @property
    def active(self) -> Path | None:
        return self.trained


class SamplesDesk(Desk[SamplesPage]):
    """A page on the screen, with workers that answer when they are told to. Pages are slow to make: one serves all
    tests of this file, each with a run of its own."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(qtbot)
        self.book = LiveBook(folder)
        self.page = self.new_page()
        self.fresh = self.page.state()

    def new_page(self) -> SamplesPage:
        return SamplesPage(self.book, self.make_worker)  # type: ignore[arg-type]

    def show(self, run: Run, size: tuple[int, int] = LARGE) -> None:
        """As a new page would show it."""
        self.run = run
        self.book.trained = None
        self.part(GameCard).restart()
        self.page.restore(self.fresh | {"shown": Shown()})
        self.page.resize(*size)
        self.page.show()
        self.page.show_run(run.path)

    def go_live(self) -> None:
        self.book.trained = self.run.path
        self.book.entry(self.run.path).state = "running"
        self.page.show_run(self.run.path)

    def advance(self, step: int, course: Course = COURSE) -> None:
        """The run's next measurement arrives."""
        write_samples(self.run, samples_at(step, course))
        for event in evaluated(step, course):
            self.book.entry(self.run.path).history.append(event)
        self.book.advanced.emit(self.run.path)
        self.page.refresh()

    @property
    def step(self) -> str:
        return self.part(StepCard).title.text()

    @property
    def card(self) -> TextsCard:
        return self.part(TextsCard)

    @property
    def empty(self) -> EmptyState:
        """The newest one: it is made anew for each reason."""
        return self.page.findChildren(EmptyState)[-1]

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.card.model.rows]


@pytest.fixture(scope="module")
def desks(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[SamplesDesk]]:
    made: list[SamplesDesk] = []
    yield made
    for desk in made:
        shiboken6.delete(desk.page)


@pytest.fixture
def bare(desks: list[SamplesDesk], look: QApplication, qtbot: QtBot, tmp_path: Path) -> SamplesDesk:
    """A desk that shows no run yet."""
    if not desks:
        desks.append(SamplesDesk(qtbot, tmp_path))
    desks[0].qtbot = qtbot
    return desks[0]


@pytest.fixture
def desk(bare: SamplesDesk, tmp_path: Path) -> SamplesDesk:
    bare.show(copied_run(tmp_path))
    return bare


def press(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


# -- steps and texts ---------------------------------------------------------------------------------------------------


def test_the_newest_step_is_shown(desk: SamplesDesk) -> None:
    assert desk.step == "Step 7,600 of 8,000"
    assert desk.card.title.text() == "What it writes at step 7,600"
    probabilities = [one.probability for one in desk.card.model.rows]
    assert probabilities == sorted(probabilities, reverse=True)
    assert len(probabilities) == 24
    assert "Variety is falling" in desk.says("samplesSentence")


def test_slider_goes_through_the_steps_by_key(desk: SamplesDesk, qtbot: QtBot) -> None:
    before = desk.texts
    slider = desk.find("stepSlider")
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert desk.card.title.text() == "What it writes at step 7,200"
    assert desk.texts != before
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert desk.step == "Step 400 of 8,000"
    assert "rehearses" in desk.says("samplesSentence")


def test_film_plays_from_the_beginning_to_the_end(desk: SamplesDesk, qtbot: QtBot) -> None:
    film = desk.part(StepCard).film
    press(qtbot, film.rewind)
    assert film.current == 0
    film.player.pace = Pace(1, 1, 1)
    press(qtbot, film.play)
    qtbot.waitUntil(lambda: not film.is_playing, timeout=15_000)
    assert film.current == 18
    assert desk.card.title.text() == "What it writes at step 7,600"


def test_repeated_opening_is_marked(desk: SamplesDesk) -> None:
    assert {desk.card.marked(text) for text in desk.texts if text.startswith("a man ")} == {5}
    assert {desk.card.marked(text) for text in desk.texts if not text.startswith("a man ")} == {0}


def test_texts_are_found(desk: SamplesDesk) -> None:
    desk.card.search.setText("a man")
    assert desk.texts
    assert all("man" in text for text in desk.texts)
    assert desk.card.caption.text() == f"{len(desk.texts)} of 24"


def test_screen_reader_hears_text_and_judgement(desk: SamplesDesk) -> None:
    model = desk.card.model
    role = Qt.ItemDataRole.AccessibleTextRole
    assert "nearest training text" in model.index(0, TEXT).data(role)
    assert "%" in model.index(0, CRITIC).data(role)


def test_chosen_text_shows_where_the_critic_looks(desk: SamplesDesk, qtbot: QtBot) -> None:
    table = desk.find("samples", QTableView)
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(1, 0)).center()
    )
    reading = desk.card.reading
    assert reading.isVisible()
    assert reading.text.marks.text == desk.texts[1]
    assert len(reading.text.marks.weights) == len(desk.texts[1].split())
    with qtbot.waitSignal(desk.page.attention_wanted) as told:
        press(qtbot, reading.inside)
    assert told.args == [desk.texts[1]]
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert not reading.isVisible()


def test_a_critic_that_was_not_asked_has_no_column(desk: SamplesDesk) -> None:
    desk.card.show_texts("x", [Sample("a"), Sample("b")], [])
    assert desk.find("samples", QTableView).isColumnHidden(CRITIC)


def test_damaged_texts_are_said_and_the_rest_goes_on(desk: SamplesDesk, qtbot: QtBot) -> None:
    (desk.run.path / samples_path(7_200)).write_text("{", encoding="utf-8")
    qtbot.keyClick(desk.find("stepSlider"), Qt.Key.Key_Left)
    assert desk.banner.isVisible()
    assert desk.texts == []
    qtbot.keyClick(desk.find("stepSlider"), Qt.Key.Key_Left)
    assert not desk.banner.isVisible()
    assert len(desk.texts) == 24


# -- the alarm ---------------------------------------------------------------------------------------------------------


def test_alarm_sends_commands_while_the_run_trains(desk: SamplesDesk, qtbot: QtBot) -> None:
    desk.go_live()
    assert "a man" in desk.part(AlarmBanner).accessibleDescription()
    with qtbot.waitSignal(desk.page.commanded) as told:
        desk.press("goBack")
    assert told.args == [GoBack()]
    assert desk.find("goBack", QAbstractButton).text() == "Go back to step 6,400"
    assert not desk.find("goBack").isEnabled()
    with qtbot.waitSignal(desk.page.commanded) as told:
        desk.press("soften")
    assert told.args == [SetTemperature(0.5)]


def test_alarm_of_a_run_that_does_not_train_only_tells(desk: SamplesDesk) -> None:
    assert desk.part(AlarmBanner).isVisible()
    assert not desk.is_shown("goBack")
    assert not desk.is_shown("soften")


def test_alarm_put_aside_comes_with_the_next_collapse_only(desk: SamplesDesk, qtbot: QtBot) -> None:
    desk.go_live()
    desk.press("goOnAnyway")
    assert not desk.part(AlarmBanner).isVisible()
    desk.page.show_run(desk.run.path)
    assert not desk.part(AlarmBanner).isVisible()
    desk.advance(8_000)
    assert desk.part(AlarmBanner).isVisible()


def test_alarm_goes_when_the_writer_recovers(desk: SamplesDesk) -> None:
    desk.advance(8_000, Course(collapses_after=None, num_samples=24))
    assert not desk.part(AlarmBanner).isVisible()


# -- meters and the sweep ----------------------------------------------------------------------------------------------


def test_meters_say_what_is_far_from_real_text(desk: SamplesDesk) -> None:
    assert "far from real text" in desk.find("meter_self_bleu_4").accessibleName()
    assert "real text 0.52" in desk.find("meter_distinct_2").accessibleName()
    assert not desk.is_shown("meter_copied_share")
    desk.part(Meters).choose_keys(["copied_share"])
    assert desk.is_shown("meter_copied_share")
    assert not desk.is_shown("meter_distinct_2")


def test_meters_follow_the_slider(desk: SamplesDesk, qtbot: QtBot) -> None:
    before = desk.find("meter_distinct_2").accessibleName()
    qtbot.keyClick(desk.find("stepSlider"), Qt.Key.Key_Home)
    assert desk.find("meter_distinct_2").accessibleName() != before


def test_sweep_is_measured_with_progress_and_can_be_stopped(desk: SamplesDesk, qtbot: QtBot) -> None:
    desk.part(MeasureCard).show_view("sweep")
    desk.press("measureSweep")
    worker = desk.worker("sweep")
    stops = worker.num_stops
    assert worker.asked[-1].arguments == (desk.run,)
    worker.tell(3, 10)
    assert desk.part(SweepPanel).track.share() == pytest.approx(0.3)
    desk.press("measureSweep")
    assert worker.num_stops == stops + 1
    assert not desk.part(SweepPanel).track.isVisible()
    desk.press("measureSweep")
    metrics = {"bleu_4": 0.4, "self_bleu_4": 0.5}
    points = [
        SweepPoint("maximum_likelihood", t, {"bleu_4": 0.6 - 0.3 * t, "self_bleu_4": 0.9 - 0.4 * t}) for t in (0.5, 1)
    ]
    worker.answer(Sweep((*points, SweepPoint("gan", 1.0, metrics))))
    assert "At equal quality" in desk.says("comparison")
    assert len(desk.part(SweepPanel).plot.points()) == 3
    assert "maximum likelihood" in desk.part(SweepPanel).plot.accessibleDescription()


# -- the game ----------------------------------------------------------------------------------------------------------


def test_game_is_played_with_keys(desk: SamplesDesk, qtbot: QtBot) -> None:
    game = desk.part(GameCard)
    pair = game.pair
    qtbot.keyClick(game, Qt.Key.Key_A if pair.real == 0 else Qt.Key.Key_B)
    assert game.score.answered == game.score.person == 1
    assert desk.says("gameSaid") == "Right."
    assert "a person wrote this" in game.choices[pair.real].accessibleName()
    game.window().activateWindow()
    qtbot.keyClick(game.next, Qt.Key.Key_Return)
    assert game.pair != pair
    press(qtbot, game.choices[1 - game.pair.real])
    assert (game.score.answered, game.score.person) == (2, 1)


def test_a_pair_does_not_change_under_the_hand(desk: SamplesDesk, qtbot: QtBot) -> None:
    game = desk.part(GameCard)
    game.choose(0)
    game.go_on()
    pair = game.pair
    qtbot.keyClick(desk.find("stepSlider"), Qt.Key.Key_Left)
    assert game.pair == pair
    game.choose(0)
    game.go_on()
    newer = {one.text for one in samples_at(7_200, COURSE).real}
    assert game.pair.texts[game.pair.real].text in newer
    assert game.score.answered == 2


def test_round_ends_and_the_score_goes_on(desk: SamplesDesk) -> None:
    game = desk.part(GameCard)
    total = len(pairs_of(samples_at(7_600, COURSE), 0))
    for _ in range(total):
        game.choose(game.pair.real)
        game.go_on()
    assert game.score.person == total
    assert game.pair is not None
    game.restart()
    assert game.score.answered == 0


# -- drawing and taking away -------------------------------------------------------------------------------------------


def test_more_texts_are_drawn_at_a_temperature(desk: SamplesDesk, qtbot: QtBot) -> None:
    desk.find("drawTemperature", QDoubleSpinBox).setValue(0.7)
    desk.press("drawMore")
    worker = desk.worker("draw")
    assert worker.asked[-1].arguments == (desk.run,)
    assert worker.asked[-1].options == {"num": 50, "temperature": 0.7, "checkpoint": "best"}
    worker.tell(1, 2)
    assert desk.find("drawMore", QAbstractButton).text() == "Stop (50 %)"
    worker.answer(Samples(6_400, "adversarial", (Sample("a new text", 0.4),), ()))
    assert desk.texts == ["a new text"]
    assert desk.card.title.text() == "Drawn now at step 6,400, T 0.7"
    desk.press("backToStep")
    assert len(desk.texts) == 24


def test_drawing_can_fail_and_be_stopped(desk: SamplesDesk, qtbot: QtBot) -> None:
    desk.press("drawMore")
    worker = desk.worker("draw")
    stops = worker.num_stops
    worker.fail("No checkpoint.")
    assert desk.banner.lines()[0] == "No checkpoint."
    assert desk.find("drawMore", QAbstractButton).text() == "Draw more"
    desk.press("drawMore")
    desk.press("drawMore")
    assert worker.num_stops == stops + 1


def test_shown_texts_are_exported(desk: SamplesDesk, tmp_path: Path) -> None:
    desk.page.export(tmp_path / "texts.txt", Wish(".txt"))
    assert (tmp_path / "texts.txt").read_text(encoding="utf-8").splitlines() == desk.texts


def test_new_texts_are_invented_and_exported(desk: SamplesDesk, tmp_path: Path) -> None:
    desk.page.export(tmp_path / "texts.csv", Wish(".csv", 1000, 1.2))
    worker = desk.worker("export")
    assert worker.asked[-1].options["num"] == 1000
    worker.tell(250, 1000)
    assert "25 %" in desk.find("exportTexts", QAbstractButton).text()
    worker.answer(Samples(6_400, "adversarial", (Sample("brand new", 0.4),), ()))
    assert "brand new" in (tmp_path / "texts.csv").read_text(encoding="utf-8-sig")
    assert desk.find("exportTexts", QAbstractButton).text() == "Export texts"


def test_a_folder_that_is_not_there_is_said(desk: SamplesDesk, tmp_path: Path) -> None:
    desk.page.export(tmp_path / "nowhere" / "texts.txt", Wish(".txt"))
    assert desk.banner.isVisible()


def test_export_dialog_asks_what_and_as_what(qtbot: QtBot) -> None:
    dialog = ExportDialog(24, 0.8)
    qtbot.addWidget(dialog)
    assert dialog.wish() == Wish(".txt")
    assert not dialog.count.isEnabled()
    dialog.which.segment("new").click()
    dialog.kind.segment(".jsonl").click()
    with qtbot.waitSignal(dialog.wished) as told:
        dialog.go.click()
    assert told.args == [Wish(".jsonl", 1000, 0.8)]


# -- live --------------------------------------------------------------------------------------------------------------


def test_a_new_step_is_followed_from_the_newest_only(desk: SamplesDesk, qtbot: QtBot) -> None:
    desk.go_live()
    desk.advance(8_000)
    assert desk.step == "Step 8,000 of 8,000"
    qtbot.keyClick(desk.find("stepSlider"), Qt.Key.Key_Home)
    desk.advance(8_400)
    assert desk.step == "Step 400 of 8,000"


def test_nothing_is_read_while_nobody_looks(desk: SamplesDesk, qtbot: QtBot) -> None:
    desk.page.hide()
    desk.advance(8_000)
    assert desk.step == "Step 7,600 of 8,000"
    desk.page.show()
    assert desk.step == "Step 8,000 of 8,000"


def test_a_writer_that_has_not_written_says_when_it_will(bare: SamplesDesk, qtbot: QtBot, tmp_path: Path) -> None:
    desk, run = bare, make_gan_run(tmp_path, course=Course(steps=0))
    desk.show(run)
    desk.go_live()
    title = desk.empty.findChildren(QLabel)[1].text()
    assert title == f"The first texts come after step {run.config.training.evaluate_every}"
    with qtbot.waitSignal(desk.page.training_requested) as told:
        desk.press("empty_action")
    assert told.args == [run.path]
    desk.advance(400)
    assert len(desk.texts) == 24
    assert not desk.empty.isVisible()


def test_a_run_that_is_no_gan_explains_itself(bare: SamplesDesk, tmp_path: Path) -> None:
    bare.show(make_run(tmp_path, "Tickets"))
    assert bare.empty.isVisible()
    assert not bare.is_shown("exportTexts")


def test_page_built_anew_shows_the_same(desk: SamplesDesk, qtbot: QtBot) -> None:
    qtbot.keyClick(desk.find("stepSlider"), Qt.Key.Key_Home)
    desk.card.set_order("copied")
    desk.card.search.setText("a")
    desk.part(GameCard).choose(0)
    state = desk.page.state()
    set_language("zh")
    page = desk.new_page()
    qtbot.addWidget(page)
    page.resize(1192, 844)
    page.show()
    page.restore(state)
    assert page.findChild(StepCard).title.text() == "第 400 步，共 8,000 步"
    assert page.state() == state


@pytest.mark.parametrize("size", [(1192, 844), (968, 644), (824, 544)])
def test_nothing_is_wider_than_the_page(desk: SamplesDesk, size: tuple[int, int]) -> None:
    desk.page.resize(*size)
    content = desk.find("samplesScroll", QScrollArea).widget()
    assert content.width() <= desk.page.width()
    assert content.minimumSizeHint().width() <= desk.page.width()


# -- the slider and the window -----------------------------------------------------------------------------------------


def test_steps_stand_in_proportion_to_the_training(qtbot: QtBot) -> None:
    slider = StepSlider()
    qtbot.addWidget(slider)
    slider.resize(418, 40)
    slider.set_course([0, 100, 400], 400, [Mark(100, "the game begins", "edge")])
    assert slider.x_of(1) - slider.x_of(0) == pytest.approx((slider.x_of(2) - slider.x_of(0)) / 4)
    assert [slider.index_at(slider.x_of(index) + 3) for index in range(3)] == [0, 1, 2]
    places = [place for _, place, _, _ in slider.written()]
    assert not any(one.intersects(other) for one in places for other in places if one is not other)
    assert "the game begins" in [words for words, _, _, _ in slider.written()]


class Attention(QWidget):
    """Takes the place of the real page, which would load a model."""

    text = ""

    def take_text(self, text: str) -> None:
        self.text = text

    def show_run(self, path: Path) -> None:
        pass


def test_only_a_writer_has_the_stage(qtbot: QtBot, tmp_path: Path, preferences: Preferences) -> None:
    gan, other = copied_run(tmp_path / "runs"), make_run(tmp_path / "runs", "Tickets")
    window = MainWindow(RunBook(tmp_path / "runs"), preferences, {**MAKERS, "attention": lambda _window: Attention()})
    qtbot.addWidget(window)
    window.show()
    window.opening.open_run(other.path)
    assert not window.findChild(QWidget, "stage_samples").isVisible()
    window.opening.open_run(gan.path, "samples")
    assert window.findChild(QWidget, "stage_samples").isVisible()
    page: Any = window.page("samples")
    with qtbot.waitSignal(page.attention_wanted) as told:
        press(qtbot, page.findChild(QWidget, "writerAndCritic"))
    assert window.place == "attention"
    assert window.findChild(Attention).text == told.args[0] != ""
