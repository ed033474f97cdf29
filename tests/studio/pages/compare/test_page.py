"""The Compare page on runs whose answers are known: chips, curves, settings, results; what it says when it cannot."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QListView, QMenu
from pytestqt.qtbot import QtBot

from engine import events
from engine.config.run import RunConfig, from_yaml
from engine.inspection.comparison.compare import compare
from engine.resources import resource
from engine.runs.history import open_history
from studio.pages.compare import ComparePage
from studio.pages.compare.chosen_groups import ink_of
from studio.pages.compare.curves_card import CurvesCard
from studio.pages.compare.group_curves import course_of
from studio.pages.compare.results_card import ResultsCard
from studio.pages.compare.run_picker import RunPicker
from studio.pages.compare.settings_card import SettingsCard
from studio.plots.charts.interval_dots import IntervalDots, ScaleTicks, scale_of
from studio.tables.run_model import SUMMARY
from studio.translation import set_language
from studio.widgets.run_summary import RunSummary
from studio.workers.run_book import RunBook
from tests.engine.answered_runs import answered_run
from tests.engine.inspection.comparison.test_compare import TRUTHS, wrong_on
from tests.run_folders import place_checkpoint, write_run
from tests.studio.desk import Desk

pytestmark = pytest.mark.usefixtures("look")
WIDE = {"model.hidden_size": 64}


class CompareDesk(Desk[ComparePage]):
    """A Compare page over the runs of a folder; the engine answers at once."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(qtbot, lambda _verb, runs, source=None: compare(runs, source=source))
        self.book = RunBook(folder)
        self.new_page()

    def new_page(self) -> ComparePage:
        return self.put(ComparePage(self.book, self.make_worker), (1150, 850))

    def show(self, *names: str) -> None:
        self.page.show_runs([self.book.folder / name for name in names])

    @property
    def answer(self) -> str:
        return self.says("compare_answer")

    @property
    def chips(self) -> list[str]:
        """The groups that are compared, the base first."""
        QApplication.processEvents()  # new ones are laid out, and so shown, in their turn
        names = [one for one in self.page.findChildren(QAbstractButton) if one.objectName().startswith("base_")]
        shown = {one.objectName(): one.text() for one in names if one.isVisible()}
        return [shown[name] for name in sorted(shown)]

    @property
    def curves(self) -> CurvesCard:
        return self.part(CurvesCard)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        answered_run(tmp_path, f"Plain {seed}", wrong_on(60 + seed), TRUTHS, seed=seed)
        answered_run(tmp_path, f"Wide {seed}", wrong_on(20 + seed), TRUTHS, seed=seed, changes=WIDE)
    answered_run(tmp_path, "Tiny", wrong_on(64), TRUTHS, changes={"model.hidden_size": 8})
    return tmp_path


@pytest.fixture
def desk(qtbot: QtBot, folder: Path) -> CompareDesk:
    return CompareDesk(qtbot, folder)


def test_an_empty_page_offers_the_next_step(desk: CompareDesk, qtbot: QtBot) -> None:
    desk.press("empty_action")
    assert len(desk.chips) == 2 and not desk.is_shown("empty_action")


def test_two_runs_are_judged_in_words(desk: CompareDesk) -> None:
    desk.show("Plain 0", "Wide 0")
    assert desk.answer.startswith("Wide 0 is better than Plain 0: of 400 texts it alone is right on 40")
    assert "One seed each: this is about these two models" in desk.answer
    assert desk.says("in_words_1").startswith("Better: alone right on 40, alone wrong on 0.")
    assert "Memory: 96, 64" in desk.part(SettingsCard).lines()
    assert "Peak memory: 700 MB, 700 MB" in desk.part(SettingsCard).lines()


def test_seeds_become_a_group_with_a_band(desk: CompareDesk) -> None:
    desk.show("Plain 0", "Plain 1", "Plain 2", "Wide 0", "Wide 1", "Wide 2", "Tiny")
    assert desk.chips == ["Plain 0 × 3 seeds", "Wide 0 × 3 seeds", "Tiny"]
    assert desk.answer.startswith("Better than Plain 0: Wide 0. Can't be told from Plain 0: Tiny.")
    assert len(desk.page.findChildren(IntervalDots)) == 3
    assert set(desk.curves.plot.line_ends()) == {"0", "1", "2"}
    assert any("band" in label.text() for label in desk.curves.findChildren(QLabel))
    assert desk.curves.plot.line_ends()["2"] == pytest.approx(0.9)


def test_a_chip_makes_the_base_or_goes(desk: CompareDesk, qtbot: QtBot) -> None:
    desk.show("Plain 0", "Wide 0", "Tiny")
    desk.press("base_1")
    assert desk.chips == ["Wide 0", "Plain 0", "Tiny"]
    assert desk.answer.startswith("Worse than Wide 0: Plain 0, Tiny.")
    desk.press("remove_0")
    assert desk.chips == ["Plain 0", "Tiny"]
    desk.press("remove_1")
    assert desk.answer.startswith("Add a second run") and not desk.find("copy_compared").isEnabled()


def test_one_more_run_is_found_by_typing(desk: CompareDesk, qtbot: QtBot) -> None:
    desk.show("Plain 0")
    desk.press("add_compared")
    picker = desk.part(RunPicker)
    assert picker.isVisible()
    assert picker.list.model().rowCount() == 6, "without the one that stands there"
    qtbot.keyClicks(picker.search, "wide 1")
    assert picker.list.model().rowCount() == 1
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    assert desk.chips == ["Plain 0", "Wide 1"] and not picker.isVisible()
    assert picker.findChild(QListView, "picker_list") is picker.list


@pytest.fixture
def strangers(folder: Path) -> Path:
    """Runs that answer other questions, beside the usual ones."""
    answered_run(folder, "Topics", wrong_on(0), TRUTHS, labels=("sport", "money", "weather", "art"))
    number = {"task.loss": {"name": "mse"}}
    answered_run(folder, "Stars", wrong_on(0), TRUTHS, changes=number)
    return folder


def test_only_runs_with_the_same_labels_are_offered(qtbot: QtBot, strangers: Path) -> None:
    desk = CompareDesk(qtbot, strangers)
    desk.show("Plain 0")
    desk.press("add_compared")
    picker = desk.part(RunPicker)
    qtbot.waitUntil(lambda: len(_greyed(picker)) == 2)
    reasons = _greyed(picker)
    assert reasons["Stars"] == "tells a number"
    assert reasons["Topics"] == "other labels: sport, money, weather and 1 more"
    rows = [_line(picker, row).name for row in range(picker.list.model().rowCount())]
    assert set(rows[-2:]) == {"Stars", "Topics"}, "what cannot be chosen stands at the end"
    qtbot.keyClicks(picker.search, "topics")
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    assert desk.chips == ["Plain 0"]


def test_the_two_newest_have_the_same_labels(qtbot: QtBot, strangers: Path) -> None:
    desk = CompareDesk(qtbot, strangers)
    desk.page.show_runs([])
    answered_run(strangers, "Topics too", wrong_on(3), TRUTHS, labels=("sport", "money", "weather", "art"))
    desk.book.refresh()
    desk.press("empty_action")
    assert not set(desk.chips) & {"Stars"} and len(desk.chips) == 2


def _line(picker: RunPicker, row: int) -> RunSummary:
    found: RunSummary = picker.list.model().index(row, 0).data(SUMMARY)
    return found


def _greyed(picker: RunPicker) -> dict[str, str]:
    model = picker.list.model()
    rows = [row for row in range(model.rowCount()) if not model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsEnabled]
    return {_line(picker, row).name: _line(picker, row).words for row in rows}


def test_curves_over_steps_texts_and_time(folder: Path) -> None:
    history = open_history(folder / "Plain 0" / "journal.jsonl")[0]
    assert course_of([history], "f1", "step", 16).xs.tolist() == [10, 20, 30, 40]
    assert course_of([history], "f1", "row", 16).xs.tolist() == [320, 640, 960, 1280], "two micro-batches a step"
    assert course_of([history], "f1", "second", 16).xs.tolist() == [5, 10, 15, 20]
    others = [open_history(folder / f"Plain {seed}" / "journal.jsonl")[0] for seed in range(3)]
    assert course_of(others[:1], "f1", "step", 16).low is None, "one seed has no band"
    course = course_of(others, "f1", "step", 16)
    assert course.ys.tolist() == pytest.approx([0.61, 0.71, 0.81, 0.91])
    assert course.low is not None and course.ys[0] - course.low[0] == pytest.approx(4.303 * 0.01 / np.sqrt(3), rel=1e-3)


def test_what_the_curves_are_drawn_over_is_chosen(desk: CompareDesk, qtbot: QtBot) -> None:
    desk.show("Plain 0", "Wide 0")
    ends = []
    for key in ("step", "row", "second"):
        qtbot.mouseClick(desk.curves.by.segment(key), Qt.MouseButton.LeftButton)
        told = desk.curves.plot.read_at(1e9)
        assert told is not None
        ends.append(told[0])
    assert ends == [40, 40 * 2 * RunConfig().training.micro_batch_size, 20]
    qtbot.mouseClick(desk.curves.measure.segment("training_loss"), Qt.MouseButton.LeftButton)
    assert desk.curves.plot.line_ends()["0"] == pytest.approx(1 / 40)


def test_other_labels_are_refused_in_words(desk: CompareDesk, folder: Path) -> None:
    answered_run(folder, "Three", TRUTHS, TRUTHS, labels=("bad", "good", "odd"))
    desk.book.refresh()
    desk.show("Plain 0", "Three")
    assert desk.answer.startswith("These runs answer different questions: Plain 0 says bad, good")
    assert desk.banner.isVisible() and desk.curves.plot.line_ends(), "the curves stand all the same"


def test_other_texts_are_told_apart(desk: CompareDesk, folder: Path) -> None:
    texts = [f"another {place}" for place in range(len(TRUTHS))]
    answered_run(folder, "Elsewhere", TRUTHS, TRUTHS, texts=texts, changes=WIDE)
    desk.book.refresh()
    desk.show("Plain 0", "Elsewhere")
    assert "measured on different texts" in desk.answer
    assert "other texts" in desk.says("in_words_1")


def test_a_run_is_opened_by_its_name(desk: CompareDesk, qtbot: QtBot, folder: Path) -> None:
    desk.show("Plain 0", "Wide 0")
    with qtbot.waitSignal(desk.page.run_chosen) as told:
        desk.press("open_group_1")
    assert told.args == [folder / "Wide 0"]


def test_each_seed_of_a_group_can_be_opened(
    desk: CompareDesk, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _place: opened.append(menu))
    desk.show("Plain 0", "Plain 1", "Wide 0")
    desk.press("open_group_0")
    actions = opened[0].actions()
    assert [one.text() for one in actions] == ["Plain 0, seed 0", "Plain 1, seed 1"]
    with qtbot.waitSignal(desk.page.run_chosen) as told:
        actions[1].trigger()
    assert told.args == [folder / "Plain 1"]


def test_writers_show_their_meters(desk: CompareDesk, folder: Path) -> None:
    recipe = from_yaml(resource("recipes", "text-gan.yaml"))
    for size, value in ((16, 30.0), (32, 20.0)):
        config = recipe.with_values({"training.micro_batch_size": size})
        told = (
            events.Evaluated(
                step=step,
                split="validation",
                metrics={"reverse_perplexity": value / step, "distinct_2": 0.5},
                num_rows=10,
            )
            for step in (1, 2)
        )
        place_checkpoint(write_run(folder, f"W{size}", config, told), 1)
    desk.book.refresh()
    desk.show("W16", "W32")
    assert desk.curves.plot.line_ends() == {"0": 15.0, "1": 10.0}
    assert "neither right nor wrong" in desk.answer and len(desk.page.findChildren(IntervalDots)) == 2


def test_the_table_is_copied(desk: CompareDesk, qtbot: QtBot) -> None:
    desk.show("Plain 0", "Plain 1", "Wide 0")
    desk.press("copy_compared")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("group,run,seed,split,texts,accuracy") and len(lines) == 4
    assert lines[1].startswith("Plain 0,Plain 0,0,test,400,0.85,") and ",better," in lines[3]


def test_the_figure_is_exported(
    desk: CompareDesk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.show("Plain 0", "Wide 0")
    for suffix, start in ((".svg", b"<?xml"), (".png", b"\x89PNG"), (".csv", b'\xef\xbb\xbf"step"')):
        target = tmp_path / f"figure{suffix}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, target=target: (str(target), ""))
        desk.press("export_compared")
        assert target.read_bytes().startswith(start)


def test_state_survives_a_rebuild(desk: CompareDesk, qtbot: QtBot) -> None:
    desk.show("Wide 0", "Plain 0")
    desk.curves.measure.set_current("loss")
    state = desk.page.state()
    set_language("zh")
    desk.new_page().restore(state)
    assert desk.chips == ["Wide 0", "Plain 0"] and desk.curves.measure.current() == "loss"
    assert desk.answer.startswith("Wide 0 优于 Plain 0：400 条文本中只有它答对的 40 条")


def test_a_narrow_page_keeps_its_table(desk: CompareDesk, qtbot: QtBot) -> None:
    desk.show("Plain 0", "Wide 0")
    desk.page.resize(910, 640)
    qtbot.waitUntil(lambda: desk.part(ResultsCard).width() < 910)
    table = desk.see("open_group_0").parentWidget()
    assert "Accuracy" in [label.text() for label in table.findChildren(QLabel)]
    assert table.isVisible() and table.height() > 100


def test_a_deleted_run_leaves_the_page(desk: CompareDesk, folder: Path) -> None:
    desk.show("Plain 0", "Wide 0", "Tiny")
    desk.book.delete(folder / "Wide 0")
    assert desk.chips == ["Plain 0", "Tiny"]


def test_a_renamed_run_is_called_so(desk: CompareDesk, folder: Path) -> None:
    desk.show("Plain 0", "Wide 0")
    desk.book.rename(folder / "Wide 0", "Broad")
    assert desk.chips == ["Plain 0", "Broad"] and desk.answer.startswith("Broad is better than Plain 0")


def test_colours_repeat_dashed(qtbot: QtBot, tmp_path: Path) -> None:
    for size in range(6):
        answered_run(tmp_path, f"R{size}", TRUTHS, TRUTHS, changes={"model.hidden_size": 8 + size})
    desk = CompareDesk(qtbot, tmp_path)
    desk.show(*[f"R{size}" for size in range(6)])
    inks = [one.color for one in desk.curves.traces()]
    assert inks == [ink_of(number).color for number in range(6)] and inks[5] == inks[0]
    assert ink_of(5).is_dashed and not ink_of(0).is_dashed


def test_scale_ticks_do_not_lie_over_each_other(qtbot: QtBot) -> None:
    scale = scale_of([0.9, 0.95], [0.2, 1.3], baseline=0.93, baseline_words="word counting 93.0")
    assert scale.low > 0.7 and scale.high <= 1.0, "a wild interval does not flatten the rest"
    ticks = ScaleTicks(scale)
    qtbot.addWidget(ticks)
    ticks.resize(260, 20)
    labels = sorted(ticks.labels())
    assert labels[0] and any(words.startswith("word counting") for _, _, words in labels)
    assert all(one[0] + one[1] < other[0] for one, other in pairwise(labels))
