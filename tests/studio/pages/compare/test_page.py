"""The Compare page on runs whose answers are known: chips, curves, settings, results; what it says when it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QListView
from pytestqt.qtbot import QtBot

from engine import events
from engine.breath import drain
from engine.config.run import from_yaml
from engine.errors import AttuneError
from engine.inspection.comparison.compare import compare
from engine.runs.history import open_history
from engine.runs.journal import JournalWriter
from engine.runs.run import Run
from studio.pages.compare import ComparePage
from studio.pages.compare.group_curves import course_of
from studio.pages.compare.run_picker import RunPicker
from studio.plots.charts.interval_dots import IntervalDots, ScaleTicks, scale_of
from studio.resources import resource
from studio.translation import set_language
from studio.widgets.run_model import SUMMARY
from studio.widgets.run_summary import RunSummary
from studio.workers.run_book import RunBook
from tests.engine.answered_runs import answered_run
from tests.engine.inspection.comparison.test_compare import TRUTHS, wrong_on

pytestmark = pytest.mark.usefixtures("look")
WIDE = {"model.hidden_size": 64}


class AskedAtOnce(QObject):
    """A worker that answers in the same thread."""

    answered = Signal(object, object)
    progressed = Signal(object, object)
    failed = Signal(object, object)

    def ask(self, key: object, runs: Sequence[Run], source: str | None = None) -> None:
        try:
            found = drain(compare(runs, source=source))
        except AttuneError as error:
            self.failed.emit(key, error)
        else:
            self.answered.emit(key, found)

    def stop(self) -> None:
        return

    def close(self) -> None:
        return


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        answered_run(tmp_path, f"Plain {seed}", wrong_on(60 + seed), TRUTHS, seed=seed)
        answered_run(tmp_path, f"Wide {seed}", wrong_on(20 + seed), TRUTHS, seed=seed, changes=WIDE)
    answered_run(tmp_path, "Tiny", wrong_on(64), TRUTHS, changes={"model.hidden_size": 8})
    return tmp_path


@pytest.fixture
def page(qtbot: QtBot, folder: Path) -> ComparePage:
    made = ComparePage(RunBook(folder), lambda _verb: AskedAtOnce())
    qtbot.addWidget(made)
    made.resize(1150, 850)
    made.show()
    return made


def show(page: ComparePage, *names: str) -> None:
    page.show_runs([page._book.folder / name for name in names])


def answer(page: ComparePage) -> str:
    label = page.findChild(QLabel, "compare_answer")
    assert label is not None
    return label.text()


def press(page: ComparePage, qtbot: QtBot, name: str) -> None:
    button = page.findChild(QAbstractButton, name)
    assert button is not None, name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def chips(page: ComparePage) -> list[str]:
    return [one.title for one in page._groups]


def test_an_empty_page_offers_the_next_step(page: ComparePage, qtbot: QtBot) -> None:
    assert page._pages.currentIndex() == 0
    press(page, qtbot, "empty_action")
    assert page._pages.currentIndex() == 1 and len(chips(page)) == 2


def test_two_runs_are_judged_in_words(page: ComparePage) -> None:
    show(page, "Plain 0", "Wide 0")
    assert answer(page).startswith("Wide 0 is better than Plain 0: of 400 texts it alone is right on 40")
    assert "One seed each: this is about these two models" in answer(page)
    said = page.findChild(QLabel, "in_words_1")
    assert said is not None and said.text().startswith("Better: alone right on 40, alone wrong on 0.")
    assert "Memory: 96, 64" in page._settings.lines()
    assert "Peak memory: 700 MB, 700 MB" in page._settings.lines()


def test_seeds_become_a_group_with_a_band(page: ComparePage) -> None:
    show(page, "Plain 0", "Plain 1", "Plain 2", "Wide 0", "Wide 1", "Wide 2", "Tiny")
    assert chips(page) == ["Plain 0", "Wide 0", "Tiny"]
    assert answer(page).startswith("Better than Plain 0: Wide 0. Can't be told from Plain 0: Tiny.")
    dots = page.findChildren(IntervalDots)
    assert len(dots) == 3 and len(dots[0]._values) == 3
    assert set(page._curves.plot.line_ends()) == {"0", "1", "2"}
    assert page._curves.plot._series["0"].band is not None and page._curves.plot._series["2"].band is None
    assert page._curves.plot.line_ends()["2"] == pytest.approx(0.9)


def test_a_chip_makes_the_base_or_goes(page: ComparePage, qtbot: QtBot) -> None:
    show(page, "Plain 0", "Wide 0", "Tiny")
    press(page, qtbot, "base_1")
    assert chips(page) == ["Wide 0", "Plain 0", "Tiny"]
    assert answer(page).startswith("Worse than Wide 0: Plain 0, Tiny.")
    press(page, qtbot, "remove_0")
    assert chips(page) == ["Plain 0", "Tiny"]
    press(page, qtbot, "remove_1")
    assert answer(page).startswith("Add a second run") and page._results._comparison is None


def test_one_more_run_is_found_by_typing(page: ComparePage, qtbot: QtBot) -> None:
    show(page, "Plain 0")
    press(page, qtbot, "add_compared")
    picker = page.findChild(RunPicker)
    assert picker is not None and picker.isVisible()
    assert picker.list.model().rowCount() == 6, "without the one that stands there"
    qtbot.keyClicks(picker.search, "wide 1")
    assert picker.list.model().rowCount() == 1
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    assert chips(page) == ["Plain 0", "Wide 1"] and not picker.isVisible()
    assert picker.findChild(QListView, "picker_list") is picker.list


@pytest.fixture
def strangers(folder: Path) -> Path:
    """Runs that answer other questions, beside the usual ones."""
    answered_run(folder, "Topics", wrong_on(0), TRUTHS, labels=("sport", "money", "weather", "art"))
    number = {"task.loss": {"name": "mse"}}
    answered_run(folder, "Stars", wrong_on(0), TRUTHS, changes=number)
    return folder


def test_only_runs_with_the_same_labels_are_offered(qtbot: QtBot, strangers: Path) -> None:
    page = ComparePage(RunBook(strangers), lambda _verb: AskedAtOnce())
    qtbot.addWidget(page)
    page.resize(1150, 850)
    page.show()
    show(page, "Plain 0")
    qtbot.mouseClick(page.findChild(QAbstractButton, "add_compared"), Qt.MouseButton.LeftButton)
    picker = page.findChild(RunPicker)
    assert picker is not None
    qtbot.waitUntil(lambda: len(_greyed(picker)) == 2)
    reasons = _greyed(picker)
    assert reasons["Stars"] == "tells a number"
    assert reasons["Topics"] == "other labels: sport, money, weather and 1 more"
    rows = [_line(picker, row).name for row in range(picker.list.model().rowCount())]
    assert set(rows[-2:]) == {"Stars", "Topics"}, "what cannot be chosen stands at the end"
    qtbot.keyClicks(picker.search, "topics")
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    assert chips(page) == ["Plain 0"]


def test_the_two_newest_have_the_same_labels(qtbot: QtBot, strangers: Path) -> None:
    page = ComparePage(RunBook(strangers), lambda _verb: AskedAtOnce())
    qtbot.addWidget(page)
    page.show()
    page.show_runs([])
    answered_run(strangers, "Topics too", wrong_on(3), TRUTHS, labels=("sport", "money", "weather", "art"))
    page._book.refresh()
    page._choose_newest()
    assert not set(chips(page)) & {"Stars"} and len(chips(page)) == 2


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
    course = course_of(others, "f1", "step", 16)
    assert course.ys.tolist() == pytest.approx([0.61, 0.71, 0.81, 0.91])
    assert course.low is not None and course.ys[0] - course.low[0] == pytest.approx(4.303 * 0.01 / np.sqrt(3), rel=1e-3)


def test_what_the_curves_are_drawn_over_is_chosen(page: ComparePage, qtbot: QtBot) -> None:
    show(page, "Plain 0", "Wide 0")
    ends = [page._curves.plot._series["0"].end]
    for key in ("row", "second"):
        qtbot.mouseClick(page._curves.by.segment(key), Qt.MouseButton.LeftButton)
        ends.append(page._curves.plot._series["0"].end)
    micro_batch = page._groups[0].group.config.training.micro_batch_size
    assert ends == [40, 40 * 2 * micro_batch, 20]
    qtbot.mouseClick(page._curves.measure.segment("training_loss"), Qt.MouseButton.LeftButton)
    assert page._curves.plot.line_ends()["0"] == pytest.approx(1 / 40)


def test_other_labels_are_refused_in_words(page: ComparePage, folder: Path) -> None:
    answered_run(folder, "Three", TRUTHS, TRUTHS, labels=("bad", "good", "odd"))
    page._book.refresh()
    show(page, "Plain 0", "Three")
    assert answer(page).startswith("These runs answer different questions: Plain 0 says bad, good")
    assert page._banner.isVisible() and page._curves.plot.line_ends(), "the curves stand all the same"


def test_other_texts_are_told_apart(page: ComparePage, folder: Path) -> None:
    texts = [f"another {place}" for place in range(len(TRUTHS))]
    answered_run(folder, "Elsewhere", TRUTHS, TRUTHS, texts=texts, changes=WIDE)
    page._book.refresh()
    show(page, "Plain 0", "Elsewhere")
    assert "measured on different texts" in answer(page)
    said = page.findChild(QLabel, "in_words_1")
    assert said is not None and said.text() == "measured on other texts: not to be compared"


def test_a_run_is_opened_by_its_name(page: ComparePage, qtbot: QtBot, folder: Path) -> None:
    show(page, "Plain 0", "Wide 0")
    with qtbot.waitSignal(page.run_chosen) as told:
        press(page, qtbot, "open_group_1")
    assert told.args == [folder / "Wide 0"]


def test_each_seed_of_a_group_can_be_opened(page: ComparePage, qtbot: QtBot, folder: Path) -> None:
    show(page, "Plain 0", "Plain 1", "Wide 0")
    comparison = page._results._comparison
    assert comparison is not None
    actions = page._results.seeds_menu(comparison.groups[0]).actions()
    assert [one.text() for one in actions] == ["Plain 0, seed 0", "Plain 1, seed 1"]
    with qtbot.waitSignal(page.run_chosen) as told:
        actions[1].trigger()
    assert told.args == [folder / "Plain 1"]


def test_writers_show_their_meters(page: ComparePage, folder: Path) -> None:
    recipe = from_yaml(resource("recipes", "text-gan.yaml"))
    for size, value in ((16, 30.0), (32, 20.0)):
        run = Run.create(recipe.with_values({"training.micro_batch_size": size}), folder, f"W{size}")
        (run.path / "checkpoints" / "step-1").mkdir()
        (run.path / "checkpoints.json").write_text('{"best": "step-1", "last": "step-1"}', encoding="utf-8")
        with JournalWriter(run.journal) as journal:
            for step in (1, 2):
                metrics = {"reverse_perplexity": value / step, "distinct_2": 0.5}
                journal.append(events.Evaluated(step=step, split="validation", metrics=metrics, num_rows=10))
    page._book.refresh()
    show(page, "W16", "W32")
    assert page._curves.plot.line_ends() == {"0": 15.0, "1": 10.0}
    assert "neither right nor wrong" in answer(page) and len(page.findChildren(IntervalDots)) == 2


def test_the_table_is_copied(page: ComparePage, qtbot: QtBot) -> None:
    show(page, "Plain 0", "Plain 1", "Wide 0")
    press(page, qtbot, "copy_compared")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("group,run,seed,split,texts,accuracy") and len(lines) == 4
    assert lines[1].startswith("Plain 0,Plain 0,0,test,400,0.85,") and ",better," in lines[3]


def test_the_figure_is_exported(
    page: ComparePage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(page, "Plain 0", "Wide 0")
    for suffix, start in ((".svg", b"<?xml"), (".png", b"\x89PNG"), (".csv", b'\xef\xbb\xbf"step"')):
        target = tmp_path / f"figure{suffix}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, target=target: (str(target), ""))
        press(page, qtbot, "export_compared")
        assert target.read_bytes().startswith(start)


def test_state_survives_a_rebuild(page: ComparePage, qtbot: QtBot) -> None:
    show(page, "Wide 0", "Plain 0")
    page._curves.measure.set_current("loss")
    state = page.state()
    set_language("zh")
    again = ComparePage(page._book, lambda _verb: AskedAtOnce())
    qtbot.addWidget(again)
    again.show()
    again.restore(state)
    assert chips(again) == ["Wide 0", "Plain 0"] and again._curves.measure.current() == "loss"
    assert answer(again).startswith("Wide 0 优于 Plain 0：400 条文本中只有它答对的 40 条")


def test_a_narrow_page_keeps_its_table(page: ComparePage, qtbot: QtBot) -> None:
    show(page, "Plain 0", "Wide 0")
    page.resize(910, 640)
    qtbot.waitUntil(lambda: "accuracy" in page._results._shown.figures and page._results.width() < 910)
    table: Any = page._results._holder
    assert table.isVisible() and table.height() > 100


def test_a_deleted_run_leaves_the_page(page: ComparePage, folder: Path) -> None:
    show(page, "Plain 0", "Wide 0", "Tiny")
    page._book.delete(folder / "Wide 0")
    assert chips(page) == ["Plain 0", "Tiny"]


def test_a_renamed_run_is_called_so(page: ComparePage, folder: Path) -> None:
    show(page, "Plain 0", "Wide 0")
    page._book.rename(folder / "Wide 0", "Broad")
    assert chips(page) == ["Plain 0", "Broad"] and answer(page).startswith("Broad is better than Plain 0")


def test_colours_repeat_dashed(qtbot: QtBot, tmp_path: Path) -> None:
    for size in range(6):
        answered_run(tmp_path, f"R{size}", TRUTHS, TRUTHS, changes={"model.hidden_size": 8 + size})
    page = ComparePage(RunBook(tmp_path), lambda _verb: AskedAtOnce())
    qtbot.addWidget(page)
    page.show_runs([tmp_path / f"R{size}" for size in range(6)])
    assert page._groups[5].ink.color == page._groups[0].ink.color
    assert page._groups[5].ink.is_dashed and not page._groups[0].ink.is_dashed


def test_scale_ticks_do_not_lie_over_each_other(qtbot: QtBot) -> None:
    scale = scale_of([0.9, 0.95], [0.2, 1.3], baseline=0.93, baseline_words="word counting 93.0")
    assert scale.low > 0.7 and scale.high <= 1.0, "a wild interval does not flatten the rest"
    ticks = ScaleTicks(scale)
    qtbot.addWidget(ticks)
    ticks.resize(260, 20)
    labels = sorted(ticks.labels())
    assert labels[0] and any(words.startswith("word counting") for _, _, words in labels)
    assert all(one[0] + one[1] < other[0] for one, other in pairwise(labels))
