"""The Study page on made-up studies: its words, its table, its dots; and how a study stands in lists and the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from engine.commands import Stop
from engine.config.run import RunConfig
from engine.runs.study import Study
from engine.studies.ablation import run_ablation
from engine.studies.table import study_report
from engine.studies.variants import create_ablation
from studio.main_window import MainWindow
from studio.main_window.ablation_dialog import AblationDialog
from studio.main_window.run_list import RunList
from studio.main_window.side_bar import SideBar
from studio.pages.study import StudyPage
from studio.pages.study.figures import best_rows, cell, csv_of, with_running
from studio.pages.study.findings_card import FindingsCard
from studio.pages.study.head import StudyHead, StudyProgress
from studio.pages.study.settings_card import differences
from studio.pages.wizard.review import ReviewStep
from studio.plots.charts.seed_dots import SeedDots
from studio.preferences import Preferences
from studio.translation import set_language
from studio.widgets import ProgressTrack
from studio.widgets.run_summary import summarize
from studio.workers.run_book import RunBook
from studio.workers.study_worker import StudyStanding
from tests.engine.studies.pretended import pretend
from tests.engine.studies.test_ablation import follow, stop_within
from tests.engine.studies.test_variants import THREE, recipe
from tests.engine.training.conftest import TINY
from tests.studio.desk import Desk
from tests.studio.made_runs import make_run

pytestmark = pytest.mark.usefixtures("look")


class StudyDesk(Desk[StudyPage]):
    """A Study page over the studies of a folder; the engine answers at once."""

    def __init__(self, qtbot: QtBot, book: RunBook) -> None:
        super().__init__(qtbot, lambda _verb, study: study_report(study))
        self.book = book
        self.put(StudyPage(book, self.make_worker), (1100, 900))

    @property
    def found(self) -> str:
        return self.part(FindingsCard).text()

    def button(self, name: str) -> QAbstractButton:
        return self.find(name, QAbstractButton)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two studies and a run: one study is whole, one was stopped after seven of its runs."""
    folder = tmp_path_factory.mktemp("runs")
    config = recipe(**THREE)
    whole, half = (create_ablation(config, folder, 3, name) for name in ("Whole", "Half"))
    follow(run_ablation(whole, pretend(whole)))
    follow(run_ablation(half, pretend(half)), stop_within("accumulation-seed1"))
    make_run(folder, "Tickets")
    return folder


@pytest.fixture
def book(folder: Path) -> RunBook:
    return RunBook(folder)


@pytest.fixture
def desk(qtbot: QtBot, book: RunBook) -> StudyDesk:
    return StudyDesk(qtbot, book)


def test_a_whole_study_answers_its_question(desk: StudyDesk, folder: Path) -> None:
    desk.page.show_run(folder / "Whole")
    assert "15 runs, 3 seeds a variant" in desk.says("study_told")
    said = desk.found.splitlines()
    assert said[0].startswith("+ attention helped: precision +6.1 points (± 0.7, more than chance), recall +6.1")
    assert desk.says("attention-precision") == "87.2 ± 1.1 %" and desk.says("all-f1") == "★ 87.2 ± 1.1 %"
    assert not desk.part(StudyProgress).isVisible() and desk.button("stop_study").isHidden()
    assert desk.button("go_on_study").isHidden(), "nothing is left to do"


def test_words_are_chinese_in_chinese(qtbot: QtBot, book: RunBook, folder: Path) -> None:
    set_language("zh")
    desk = StudyDesk(qtbot, book)
    desk.page.show_run(folder / "Whole")
    assert desk.found.startswith("+ 注意力：有帮助；精确率 +6.1 个百分点（± 0.7，超出偶然），召回率")


def test_a_stopped_study_offers_to_go_on(desk: StudyDesk, book: RunBook, folder: Path, qtbot: QtBot) -> None:
    desk.page.show_run(folder / "Half")
    assert desk.part(StudyProgress).isVisible() and desk.button("go_on_study").isVisible()
    assert desk.found.startswith("Not judged yet, for want of three finished seeds: + attention")
    assert desk.find("study_track", ProgressTrack).share() == pytest.approx(7 / 15, abs=1e-3)
    resumed: list[Path] = []
    book.resume = resumed.append  # type: ignore[method-assign]
    desk.press("go_on_study")
    assert resumed == [folder / "Half"]


def test_a_live_study_shows_its_bar_and_stops(
    desk: StudyDesk, book: RunBook, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "Half"
    monkeypatch.setattr(RunBook, "active", property(lambda _self: path))
    sent: list[object] = []
    desk.part(StudyHead).wished.connect(sent.append)
    entry = book.entry(path)
    study = Study.open(path)
    entry.state = "running"
    entry.standing = StudyStanding(0.5, 312.0, study_report(study), study.members[7].path)
    desk.page.show_run(path)
    assert desk.says("study_left") == "about 5 min left"
    assert "now: + accumulation, seed 1" in desk.part(StudyProgress).caption.text()
    assert desk.button("open_accumulation-seed1").isEnabled(), "the run that trains can be watched"
    assert not desk.button("open_all-seed2").isEnabled()
    desk.press("stop_study")
    assert sent == [Stop()] and not desk.button("stop_study").isEnabled()


def test_a_seed_or_a_dot_opens_its_run(desk: StudyDesk, folder: Path, qtbot: QtBot) -> None:
    desk.page.show_run(folder / "Whole")
    with qtbot.waitSignal(desk.page.run_chosen) as told:
        desk.press("open_adversary-seed2")
    assert told.args == [folder / "Whole" / "adversary-seed2"]
    dots = desk.part(SeedDots)
    place = dots.place_of("attention-seed0", axis=2)
    assert dots.dot_at(place).words == "+ attention, seed 0: 85.2 %"  # type: ignore[union-attr]
    with qtbot.waitSignal(desk.page.run_chosen) as told:
        qtbot.mouseClick(dots, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert told.args == [folder / "Whole" / "attention-seed0"]


@pytest.mark.parametrize("width", [824, 968, 1190])
def test_nothing_is_wider_than_the_page(desk: StudyDesk, folder: Path, width: int) -> None:
    desk.page.resize(width, 640)
    desk.page.show_run(folder / "Whole")
    area = desk.part(QScrollArea)
    assert area.widget().minimumSizeHint().width() <= area.viewport().width()
    assert desk.find("lstm-memory_bytes").isHidden() == (width < 900)


def test_the_table_as_csv(desk: StudyDesk, folder: Path, qtbot: QtBot) -> None:
    desk.page.show_run(folder / "Whole")
    desk.press("copy_csv")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "variant,seed,run,split,precision,recall,f1,accuracy,seconds,memory_bytes,texts"
    assert lines[4] == "attention,0,attention-seed0,test,0.862,0.842,0.852,0.862,10,700,76800" and len(lines) == 16


def test_only_what_differs_is_listed(folder: Path) -> None:
    found = dict(differences(Study.open(folder / "Whole").variants))
    assert set(found) == {"Summing up", "Updates", "Accumulation", "Adversary", "Evaluate every"}
    assert found["Updates"] == ["1,200", "1,200", "150", "1,200", "150"]
    assert found["Accumulation"][2] == "Fixed × 8" and found["Summing up"][0] == "Last state"


def test_the_best_is_marked_among_equals_alone(folder: Path) -> None:
    whole, half = (study_report(Study.open(folder / name)) for name in ("Whole", "Half"))
    assert best_rows(whole, "f1") == {"all"} and best_rows(half, "f1") == set()
    assert cell(half.rows[4], "precision") == "87.0 %", "one seed has no spread"
    assert csv_of(half).count("\n") == 8
    assert with_running(half, folder / "Half" / "all-seed2").rows[4].states[2] == "running"
    assert with_running(half, folder / "Half" / "all-seed0").rows[4].states[0] == "finished"


def test_a_study_is_one_line_in_lists(book: RunBook, folder: Path) -> None:
    child = book.entry(folder / "Whole" / "all-seed1")
    assert sorted(entry.name for entry in book.entries()) == ["Half", "Tickets", "Whole"]
    assert child.name == "Whole · all-seed1" and child.whole == folder / "Whole"
    whole, half = (summarize(book.entry(folder / name)) for name in ("Whole", "Half"))
    assert whole.words == "done · 15 runs" and half.words == "stopped · 7 of 15 runs"
    assert (
        len(whole.values) == 15
        and whole.values[-1] == pytest.approx(0.881)
        and all(whole.values[1:] >= whole.values[:-1])
    )
    book.entry(folder / "Half").state = "running"
    assert summarize(book.entry(folder / "Half")).words == "ablation · 7 of 15 runs"


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences, book: RunBook) -> MainWindow:
    made = MainWindow(book, preferences)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_window_opens_a_study_and_its_runs(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    window.opening.open_run(folder / "Whole")
    assert window.place == "study" and window.windowTitle() == "Whole · Attune"
    page: Any = window.page("study")
    qtbot.waitUntil(lambda: page.findChild(QLabel, "all-f1") is not None, timeout=60_000)
    page.run_chosen.emit(folder / "Whole" / "lstm-seed0")
    assert window.place == "training" and window.run == folder / "Whole" / "lstm-seed0"
    runs = window.findChild(RunList)
    assert runs is not None and runs.currentIndex().data() == "Whole", "the list marks the study of a run"
    window.opening.open_path(folder / "Half")
    assert window.place == "study"
    window.close()


def test_the_dialog_counts_and_warns(qtbot: QtBot) -> None:
    dialog = AblationDialog("Tickets", 5, seconds=60.0)
    qtbot.addWidget(dialog)
    cost = dialog.findChild(QLabel, "ablation_cost")
    assert cost is not None and "15 runs" in cost.text() and "about 15 min" in cost.text()
    qtbot.mouseClick(dialog.seeds.segment("1"), Qt.MouseButton.LeftButton)
    assert "5 runs" in cost.text() and "Fewer than three" in cost.text()
    with qtbot.waitSignal(dialog.confirmed) as told:
        qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    assert told.args == [1] and dialog.result() == QDialog.DialogCode.Accepted


def test_every_way_in_asks_for_the_seeds(
    window: MainWindow, book: RunBook, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    begun: list[tuple[RunConfig, int]] = []

    def start(config: RunConfig, num_seeds: int, name: str | None = None) -> Path:
        begun.append((config, num_seeds))
        return folder / "Whole"

    monkeypatch.setattr(book, "start_study", start)
    ways: list[Callable[[], object]] = [
        lambda: window.page("home").ablation_wished.emit("attention"),  # type: ignore[attr-defined]
        lambda: window.findChild(SideBar).ablation_wished.emit(folder / "Whole" / "all-seed0"),
        lambda: window.page("wizard").ablation_wished.emit(recipe(), "Mine", 10.0),  # type: ignore[attr-defined]
    ]
    for way in ways:
        way()
        dialog = next(one for one in window.findChildren(AblationDialog) if one.isVisible())
        qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    assert [seeds for _, seeds in begun] == [3, 3, 3] and begun[2][0].title == "Mine"
    assert window.place == "study"
    window.beginning.ask_ablation(recipe("transformer"), "T")
    assert any("without its attention" in label.text() for label in window.troubles.banner.findChildren(QLabel))
    window.close()
    window.close()


def test_the_review_step_has_the_button(qtbot: QtBot) -> None:
    step = ReviewStep()
    qtbot.addWidget(step)
    with qtbot.waitSignal(step.ablation_wished):
        qtbot.mouseClick(step.ablate, Qt.MouseButton.LeftButton)


@pytest.mark.slow
def test_a_real_study_runs_in_its_thread(qtbot: QtBot, tmp_path: Path) -> None:
    tiny = {**TINY, "data.builtin.num_rows": 60, "training.max_steps": 2, "training.evaluate_every": 2}
    book = RunBook(tmp_path.resolve())
    stood: list[Path] = []
    book.advanced.connect(stood.append)
    path = book.start_study(recipe().with_values(tiny), 1, "real")
    assert book.active == path and book.entry(path).state == "running"
    qtbot.waitUntil(lambda: book.active is None, timeout=60_000)
    entry = book.entry(path)
    assert entry.state == "finished" and entry.standing is not None and entry.standing.report is not None
    assert entry.standing.report.num_done == 5 and path in stood
    child = book.entry(path / "all-seed0")
    assert child.state == "finished" and child.history.last_step == 1 and len(child.history.evaluations["test"]) == 1
    assert [one.name for one in book.entries()] == ["real"]
