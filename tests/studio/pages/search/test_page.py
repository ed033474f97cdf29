"""The Search page on records that were written down: what it says, one selection for all parts, ranges that change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from engine.commands import Pause, Resume, Stop
from engine.config.search import Range, SearchPlan
from engine.records.search import SearchRecord
from engine.runs.search_folder import create_search, keep_found, plan_of
from studio.forms.range_chip import FixedChip, RangeChip
from studio.forms.range_editor import RangeEditor
from studio.forms.range_row import RangeRow
from studio.pages.search import SearchPage
from studio.pages.search.budget_card import BudgetBar
from studio.pages.search.trial_rows import TrialRow
from studio.pages.search.trials_card import TrialsCard, TrialsTable
from studio.plots.charts.parallel_axes import ParallelAxes
from studio.plots.charts.trial_curves import TrialCurves
from studio.plots.charts.trial_front import TrialFront
from studio.tables.column_model import ROW
from studio.translation import set_language
from studio.widgets import SegmentedControl
from studio.widgets.run_summary import summarize
from studio.widgets.undo_toast import UndoToast
from studio.workers.run_book import RunBook
from studio.workers.study_worker import StudyStanding
from tests.studio.desk import Desk, menu_of
from tests.studio.pages.search.made_searches import RANGES, config, finished, repeated, searching, with_two_goals

pytestmark = pytest.mark.usefixtures("look")
RATE = RANGES[0].path


class SearchDesk(Desk[SearchPage]):
    """A Search page over one search; `record` is what the engine answers, or (`is_live`) tells while it runs."""

    def __init__(
        self, qtbot: QtBot, folder: Path, record: SearchRecord, state: str = "", *, is_live: bool = False
    ) -> None:
        super().__init__(qtbot, lambda _verb, _study: record)
        self.study = create_search(config(), SearchPlan(ranges=RANGES), folder, "Tickets")
        self.study.become(state or ("stopped" if record.state == "running" else record.state))  # type: ignore[arg-type]
        self.book = RunBook(folder)
        self.sent: list[object] = []
        self.opened: list[Path] = []
        self.put(SearchPage(self.book, self.make_worker), (1200, 900))
        self.page.run_chosen.connect(self.opened.append)
        if is_live:
            self.live(record)
        self.page.show_run(self.study.path)
        QApplication.processEvents()

    def live(self, record: SearchRecord, *, is_paused: bool = False) -> None:
        entry = self.book.entry(self.study.path)
        entry.state = "running"
        entry.standing = StudyStanding(0.5, 60.0, record, None, (), is_paused)
        self.book.send = self.sent.append  # type: ignore[method-assign]

    @property
    def rows(self) -> list[TrialRow]:
        return self.part(TrialsCard).rows()

    def chips(self) -> dict[str, str]:
        return {one.title(): one.text() for one in self.part(RangeRow).chips()}

    def key(self, widget: object, key: Qt.Key) -> None:
        QApplication.sendEvent(widget, QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever runs is run by this window."""
    running = property(lambda self: next((one.path for one in self.entries() if one.state == "running"), None))
    monkeypatch.setattr(RunBook, "active", running)


def drag(chart: ParallelAxes, axis: int, low: float, high: float) -> None:
    ends = [chart.place_of(axis, value).toPoint() for value in (low, high)]
    place = chart.viewport()
    QTest.mousePress(place, Qt.MouseButton.LeftButton, pos=ends[0])
    for point in (ends[0] + QPoint(0, -8 if ends[1].y() < ends[0].y() else 8), ends[1]):
        QTest.mouseMove(place, point)
    QTest.mouseRelease(place, Qt.MouseButton.LeftButton, pos=ends[1])


# -- what it says ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("live")
def test_a_search_that_runs_says_who_is_ahead_and_what_is_left(qtbot: QtBot, tmp_path: Path) -> None:
    record = searching()
    desk = SearchDesk(qtbot, tmp_path, record, is_live=True)
    assert "is ahead" in desk.says("search_told") and "winner" not in desk.says("search_told").lower()
    assert desk.says("budget_used") == "11 of 20 minutes" and desk.says("budget_left") == "about 9 min left"
    assert "28 trials begun" in desk.says("budget_trials") and "1 failed" in desk.says("budget_trials")
    used, search, held = desk.part(BudgetBar).stretches()
    assert (used.share, search.share, held.share) == pytest.approx((0.55, 0.225, 0.225))
    assert len({used.color, search.color, held.color}) == 3 and held.words == "4.5 min kept for repeating the best"
    assert desk.chips() == {
        "Learning rate": "0.0001 to 0.01, log",
        "Memory": "64 to 256, steps of 32",
        "Dropout": "0 to 0.5",
        "Layers": "1 to 4",
    }
    assert desk.find("fixed_settings", FixedChip).text() == "1,200 updates, batch 64"
    assert desk.is_shown("pause_search") and desk.is_shown("stop_search") and not desk.is_shown("use_model")


@pytest.mark.usefixtures("live")
def test_pause_resume_and_stop_are_sent(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching(), is_live=True)
    desk.press("pause_search")
    desk.live(searching(), is_paused=True)
    desk.page.refresh_now()
    assert desk.find("pause_search").text() == "Resume" and desk.says("budget_left") == "paused"
    desk.press("pause_search")
    desk.press("stop_search")
    assert [type(one) for one in desk.sent] == [Pause, Resume, Stop]


def test_an_unfinished_search_offers_to_go_on(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, replace(searching(), state="interrupted"), "running")
    assert "interrupted" in desk.says("search_told") and not desk.is_shown("pause_search")
    resumed: list[Path] = []
    desk.book.resume = resumed.append  # type: ignore[method-assign]
    desk.press("go_on_search")
    assert resumed == [desk.study.path]


def test_a_failed_trial_is_red_says_why_and_stands_last(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching())
    last = desk.rows[-1]
    assert (last.number, last.state, last.reason) == (7, "failed", "The loss is not a number any more")
    table = desk.part(TrialsTable)
    index = table.model().index(len(desk.rows) - 1, 5 - 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "failed: The loss is not a number any more"
    pruned = next(one for one in desk.rows if one.shape == "pruned")
    assert pruned.state == "stopped early" and pruned.reason.endswith("of its updates") and "behind" in pruned.why


def test_a_winner_is_used_by_its_best_seed(qtbot: QtBot, tmp_path: Path) -> None:
    record = finished("better")
    desk = SearchDesk(qtbot, tmp_path, record)
    assert "wins" in desk.says("search_told") and desk.rows[0].state == "winner"
    told = desk.says("against_told")
    assert "On the same 600 test texts" in told and "+3.1 (+1.4 to +4.8)" in told
    desk.press("use_model")
    assert desk.opened == [desk.study.path / f"trial-{record.winner}-seed2"], "its third seed is the best one"
    assert not desk.is_shown("add_range") and not desk.is_shown("go_on_search")


def test_within_noise_there_is_no_winner(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, finished("noise"))
    assert desk.says("search_told").startswith("No winner")
    assert all(one.state != "winner" for one in desk.rows)
    assert desk.is_shown("use_model") and "(−1.3 to +2.5)" in desk.says("against_told")


def test_what_does_not_beat_word_counting_is_a_defeat(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, finished("better", baseline=0.91))
    best = 100 * finished("better").trial(finished("better").winner).value  # type: ignore[arg-type]
    assert f"Word counting stays ahead: 91.0 against {best:.1f}" in desk.says("search_told")
    wished: list[object] = []
    desk.page.counting_wished.connect(wished.append)
    desk.press("train_counting")
    assert wished == [desk.study.base]


def test_seeds_of_the_repeats_stand_in_the_table(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, repeated())
    several = [one for one in desk.rows if len(one.values) > 1]
    assert sorted(len(one.values) for one in several) == [2, 3, 3, 3]
    table = desk.part(TrialsTable)
    told = [table.model().index(row, 2).data() for row in range(len(desk.rows))]
    assert any("± 1.3, 3 seeds" in one for one in told) and any(one.endswith("trained once") for one in told)


def test_two_goals_are_a_front(qtbot: QtBot, tmp_path: Path) -> None:
    record = with_two_goals()
    desk = SearchDesk(qtbot, tmp_path, record)
    chart = desk.part(TrialFront)
    assert chart.isVisible() and not desk.part(TrialCurves).isVisible()
    assert {one.key for one in chart.points() if one.is_front} == set(record.front)
    heads = desk.part(TrialsTable).model()
    titles = [heads.headerData(column, Qt.Orientation.Horizontal) for column in range(heads.columnCount())]
    assert titles[1:3] == ["Precision", "Recall"]


def test_it_speaks_chinese(qtbot: QtBot, tmp_path: Path) -> None:
    set_language("zh")
    desk = SearchDesk(qtbot, tmp_path, finished("better"))
    assert desk.says("budget_used") == "20 / 20 分钟" and desk.find("use_model").text() == "使用这个模型"
    assert "学习率" in desk.chips()


# -- one selection for all parts ---------------------------------------------------------------------------------------


def test_a_trial_that_is_chosen_in_one_part_is_chosen_in_all(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching())
    table, curves, axes = desk.part(TrialsTable), desk.part(TrialCurves), desk.part(ParallelAxes)
    before = axes.grab().toImage()
    table.setCurrentIndex(table.model().index(3, 0))
    assert desk.page.state()["trial"] == desk.rows[3].number and axes.grab().toImage() != before
    desk.key(curves, Qt.Key.Key_Down)
    desk.key(curves, Qt.Key.Key_Down)
    assert table.lit is not None and table.lit != desk.rows[3].number
    desk.key(curves, Qt.Key.Key_Return)
    assert table.currentIndex().data(ROW).number == table.lit
    desk.key(axes, Qt.Key.Key_Right)
    lit = table.lit
    desk.key(axes, Qt.Key.Key_Right)
    assert table.lit != lit
    desk.key(axes, Qt.Key.Key_Return)
    assert table.currentIndex().data(ROW).number == table.lit


def test_return_on_a_row_opens_its_run(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching())
    table = desk.part(TrialsTable)
    table.setCurrentIndex(table.model().index(1, 0))
    desk.key(table, Qt.Key.Key_Return)
    assert desk.opened == [desk.study.path / desk.rows[1].run]


def test_a_drag_along_an_axis_leaves_the_others_out_and_a_double_click_brings_them_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    record = searching()
    desk = SearchDesk(qtbot, tmp_path, record)
    axes, count = desk.part(ParallelAxes), len(desk.rows)
    drag(axes, 0, 0.001, 0.004)
    kept = {one.number for one in desk.rows}
    wanted = {one.number for one in record.trials if 0.001 <= one.parameters[RATE] <= 0.004}
    assert kept <= wanted | {0} and 0 < len(kept) < count
    assert len(wanted ^ kept) <= 1, "the pixel at the end may be on either side"
    assert desk.is_shown("show_all_trials") and f"of {count} trials" in desk.says("trials_caption")
    QTest.mouseDClick(axes.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(axes.frame_rect().center()).toPoint())
    assert len(desk.rows) == count and not desk.is_shown("show_all_trials")


def test_by_the_keyboard_the_best_five_are_kept_and_let_go(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching())
    count, axes = len(desk.rows), desk.part(ParallelAxes)
    menu_of(axes)["Only the best five"].trigger()
    assert {one.look for one in desk.rows} >= {"best", "leading"} and 5 <= len(desk.rows) < count
    desk.key(axes, Qt.Key.Key_Escape)
    assert len(desk.rows) == count


def test_heads_sort_and_the_order_is_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching())
    header = desk.part(TrialsTable).horizontalHeader()
    header.sectionClicked.emit(0)
    assert [one.number for one in desk.rows] == sorted(one.number for one in desk.rows)
    header.sectionClicked.emit(0)
    assert desk.rows[0].number == 27
    assert desk.page.state()["trials"] == {"by": "number", "is_turned": True}


@pytest.mark.usefixtures("live")
def test_what_is_new_leaves_the_chosen_row_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching(20), is_live=True)
    table = desk.part(TrialsTable)
    table.setCurrentIndex(table.model().index(2, 0))
    number = desk.rows[2].number
    desk.live(searching(28))
    desk.page.refresh_now()
    assert table.currentIndex().data(ROW).number == number and len(desk.rows) == 28


def test_every_chart_can_be_taken_away(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching())
    for kind in (TrialCurves, ParallelAxes):
        chart = desk.part(kind)
        titles = list(menu_of(chart))
        assert any("PNG" in one for one in titles) and any("SVG" in one for one in titles)
        for suffix in (".png", ".svg", ".csv"):
            chart.save_as(tmp_path / f"{kind.__name__}{suffix}")
            assert (tmp_path / f"{kind.__name__}{suffix}").stat().st_size > 200
    table = desk.part(TrialsCard).csv().decode("utf-8-sig").splitlines()
    assert table[0].startswith('"trial","run","value"') and RATE in table[0] and len(table) == 29


# -- ranges ------------------------------------------------------------------------------------------------------------


def editor_of(desk: SearchDesk, path: str) -> RangeEditor:
    desk.find(f"range {path}", RangeChip).click()
    return desk.part(RangeEditor)


def typed(editor: RangeEditor, **values: str) -> None:
    for name, value in values.items():
        field = editor.findChild(QLineEdit, name)
        assert field is not None
        field.setText(value)
    editor.take.click()


@pytest.mark.usefixtures("live")
def test_a_chip_changes_its_range_from_the_next_trial_on(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching(), is_live=True)
    editor = editor_of(desk, RATE)
    typed(editor, range_low="1e-3", range_high="0,005x")
    trouble = editor.findChild(QLabel, "range_trouble")
    assert trouble is not None and "is no number" in trouble.text() and editor.isVisible()
    typed(editor, range_low="1e-3", range_high="5e-3")
    assert plan_of(desk.study).ranges[0] == Range(path=RATE, low=1e-3, high=5e-3, log=True)
    assert desk.chips()["Learning rate"] == "0.001 to 0.005, log"


@pytest.mark.usefixtures("live")
def test_a_range_is_fixed_removed_and_never_the_last(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching(), is_live=True)
    editor = editor_of(desk, "model.dropout")
    kind = editor.findChild(SegmentedControl, "range_kind")
    assert kind is not None
    kind.set_current("fixed")
    kind.changed.emit("fixed")
    typed(editor, fixed_value="0.25")
    assert plan_of(desk.study).ranges[2] == Range(path="model.dropout", choices=(0.25,))
    assert desk.chips()["Dropout"] == "0.25, fixed"
    for path in ("model.hidden_size", "model.num_layers"):
        desk.key(desk.find(f"range {path}", RangeChip), Qt.Key.Key_Delete)
    assert [one.path for one in plan_of(desk.study).ranges] == [RATE, "model.dropout"]
    desk.key(desk.find(f"range {RATE}", RangeChip), Qt.Key.Key_Delete)
    assert desk.banner.isVisible() and len(plan_of(desk.study).ranges) == 2, "nothing would be tried any more"


@pytest.mark.usefixtures("live")
def test_narrow_it_changes_the_chip_and_can_be_undone(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching(), is_live=True)
    assert "“Learning rate” decides most" in desk.says("narrow_told")
    desk.press("narrow_it")
    narrow = plan_of(desk.study).ranges[0]
    assert narrow.low > 1e-4 and narrow.high < 1e-2 and desk.chips()["Learning rate"] != "0.0001 to 0.01, log"
    toast = desk.part(UndoToast)
    assert toast.isVisible() and "is tried from" in toast.text()
    toast.undo()
    assert plan_of(desk.study).ranges == RANGES and desk.chips()["Learning rate"] == "0.0001 to 0.01, log"


def test_settings_that_are_not_tried_can_be_added(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching())
    titles = [one.text() for one in desk.part(RangeRow).menu().actions()]
    assert "Micro-batch" in titles and "Dropout" not in titles
    desk.part(RangeRow).take(Range(path="training.micro_batch_size", low=16, high=64, log=True))
    assert desk.chips()["Micro-batch"] == "16 to 64, log"


# -- in lists ----------------------------------------------------------------------------------------------------------


def test_a_list_says_what_a_search_found(qtbot: QtBot, tmp_path: Path) -> None:
    record = finished("better")
    desk = SearchDesk(qtbot, tmp_path, record)
    keep_found(desk.study, record)
    summary = summarize(RunBook(tmp_path).entry(desk.study.path))
    assert summary.words == f"search · F1 {100 * record.trial(record.best).value:.1f} %"
    assert list(summary.values) == sorted(summary.values) and summary.share == pytest.approx(1190 / 1200)
    (desk.study.path / "found.json").write_text("{")
    assert summarize(RunBook(tmp_path).entry(desk.study.path)).words == "search"


@pytest.mark.usefixtures("live")
def test_a_list_says_how_far_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    desk = SearchDesk(qtbot, tmp_path, searching(), is_live=True)
    assert summarize(desk.book.entry(desk.study.path)).words == "trial 27 · about 9 min left"


def test_a_damaged_plan_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    study = create_search(config(), SearchPlan(ranges=RANGES), tmp_path, "Other")
    (study.path / "search.json").write_text("{")
    desk = SearchDesk(qtbot, tmp_path, searching())
    desk.page.show_run(study.path)
    assert desk.banner.isVisible()
