"""Labelling in the window: where it begins, how a project is listed and opened, and the run that learns from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine import verbs
from engine.config.data import DataConfig
from engine.config.run import RunConfig
from engine.errors import InputError
from engine.runs.labelling import Labelling
from studio.main_window import MainWindow
from studio.main_window.labelling_dialog import LabellingDialog
from studio.main_window.makers import MAKERS
from studio.preferences import Preferences
from studio.widgets import ErrorBanner
from studio.widgets.run_summary import summarize
from studio.workers.run_book import LABELLING, RunBook
from tests.studio.desk import SyntheticWorker

pytestmark = pytest.mark.usefixtures("look")


class Shown(QWidget):
    """Stands for a page: remembers what it was told to show."""

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        QVBoxLayout(self)

    def show_run(self, path: Path) -> None:
        self.path = path


@pytest.fixture
def project(preferences: Preferences) -> Labelling:
    rows = list(range(1, 21))
    others = pa.array([[] for _ in rows], pa.list_(pa.int64()))
    texts = pa.table({"row": pa.array(rows, pa.int64()), "text": [f"text {row}" for row in rows], "others": others})
    return Labelling.create(preferences.runs_folder, "/data/messages.csv", "text", texts, ["a", "b"])


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    made = MainWindow(RunBook(preferences.runs_folder), preferences, {**MAKERS, "label": lambda _: Shown()})
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def _see(window: MainWindow, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert found is not None, name
    return found


def test_a_project_is_listed_and_opens_on_its_page(project: Labelling, window: MainWindow) -> None:
    project.journal().label(1, "a")
    entry = window.book.entry(project.path)
    assert entry.state == LABELLING
    assert summarize(entry).words == "labelling · 1 of 20"
    window.opening.open_path(project.path)
    assert (window.place, window.run) == ("label", project.path)
    assert window.page("label").path == project.path  # type: ignore[attr-defined]
    assert _see(window, "stage_label").isVisible()
    assert not _see(window, "stage_training").isVisible()
    about = window.findChild(QLabel, "run_about")
    assert about is not None
    assert about.text() == "messages.csv · 20 texts"


def test_a_project_is_no_run(project: Labelling, window: MainWindow) -> None:
    with pytest.raises(InputError, match="not a run"):
        _ = window.book.entry(project.path).run
    place = window.book.delete(project.path)
    assert window.book.entries() == []
    assert window.book.restore(place) == project.path
    assert [entry.state for entry in window.book.entries()] == [LABELLING]
    window.book.rename(project.path, "School messages")
    assert Labelling.open(project.path).name == "School messages"


def test_home_offers_it(window: MainWindow) -> None:
    card = window.page("home").findChild(QAbstractButton, "labels_card")
    assert card is not None
    card.click()
    assert window.findChild(LabellingDialog) is not None


def test_training_begins_in_the_wizard_with_the_labelled_rows(window: MainWindow, tmp_path: Path) -> None:
    for name in ("train", "test"):
        rows = "".join(
            f'{{"row": {row}, "text": "words {row} of {name}", "label": "{"ab"[row % 2]}"}}\n' for row in range(40)
        )
        (tmp_path / f"{name}.jsonl").write_text(rows, encoding="utf-8")
    begun: list[RunConfig] = []
    page: Any = window.page("wizard")
    original = page.begin
    page.begin = lambda config, *others: (begun.append(config), original(config, *others))
    window.beginning.begin_labelled(tmp_path / "train.jsonl", tmp_path / "test.jsonl", "School messages")
    (config,) = begun
    assert window.place == "wizard"
    assert (config.data.train, config.data.test) == (str(tmp_path / "train.jsonl"), str(tmp_path / "test.jsonl"))
    assert config.title == "School messages"


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> LabellingDialog:
    def make(verb: str) -> SyntheticWorker:
        assert verb == "begin_labelling"
        return SyntheticWorker(verb, lambda _verb, *asked: verbs.begin_labelling(*asked), is_slow=True)

    made = LabellingDialog(tmp_path / "runs", make_worker=make)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    return made


def _field(dialog: LabellingDialog) -> QLineEdit:
    found = dialog.findChild(QLineEdit, "labelling_names")
    assert found is not None
    return found


def _begin(dialog: LabellingDialog) -> QAbstractButton:
    found = dialog.findChild(QAbstractButton, "begin_labelling")
    assert found is not None
    return found


def test_the_dialog_needs_a_file_and_two_labels(dialog: LabellingDialog, tmp_path: Path, qtbot: QtBot) -> None:
    assert not _begin(dialog).isEnabled()
    file = tmp_path / "texts.txt"
    file.write_text("\n".join(f"this is text number {number}" for number in range(20)), encoding="utf-8")
    dialog.take_file(file)
    _field(dialog).setText("spam")
    assert not _begin(dialog).isEnabled()
    _field(dialog).setText("spam， honest, spam")
    assert dialog.names() == ["spam", "honest"]
    with qtbot.waitSignal(dialog.begun) as begun:
        _begin(dialog).click()
    (project,) = begun.args
    assert (project.num_texts, project.journal().labels.names) == (20, ["spam", "honest"])


def test_a_file_that_cannot_be_used_is_told_and_the_dialog_stays(
    dialog: LabellingDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "few.txt"
    file.write_text("one text\nand one more", encoding="utf-8")
    dialog.take_file(file)
    _field(dialog).setText("a, b")
    _begin(dialog).click()
    banner = dialog.findChild(ErrorBanner)
    assert banner is not None
    qtbot.waitUntil(banner.isVisible, timeout=5000)
    assert dialog.isVisible()
    assert _begin(dialog).isEnabled()


def test_choices_are_read_as_the_wizard_reads_them(tmp_path: Path) -> None:
    data = DataConfig(train=str(tmp_path / "a.csv"))
    assert LabellingDialog(tmp_path, data).findChild(QLabel, "labelling_file").text() == "a.csv"  # type: ignore[union-attr]
