"""FileCard on any page: a file answered in words tells how many rows got an answer, and may be JSON Lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.config.run import RunConfig, from_yaml
from engine.records import BatchPredicted
from engine.resources import resource
from engine.runs.run import Run
from studio.pages.chat.page import ChatPage
from studio.pages.file_card import FileCard
from studio.pages.page import Page
from studio.pages.translate.page import TranslatePage
from studio.pages.write.page import WritePage
from studio.widgets.bar_list import BarList
from studio.workers.query import Asker
from studio.workers.run_book import RunBook
from tests.run_folders import place_checkpoint, started, write_run
from tests.studio.desk import Desk, SyntheticWorker

pytestmark = pytest.mark.usefixtures("look")


class HostDesk(Desk[QWidget]):
    """A page that hosts the card."""

    def __init__(self, qtbot: QtBot, run: Run) -> None:
        super().__init__(qtbot)
        page = QWidget()
        self.card = FileCard(lambda: run, Asker(self.make_worker, page))
        QVBoxLayout(page).addWidget(self.card)
        self.put(page)

    @property
    def engine(self) -> SyntheticWorker:
        return self.worker("predict_file")


def host(qtbot: QtBot, folder: Path, config: RunConfig) -> HostDesk:
    return HostDesk(qtbot, Run.create(config, folder, "one"))


def kinds_offered(desk: HostDesk, monkeypatch: pytest.MonkeyPatch) -> str:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (asked.append(given[-1]), ("", ""))[1])
    desk.card.take(Path("/in/rows.csv"))
    return asked[0]


def test_answers_in_words_may_be_json_lines(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = host(qtbot, tmp_path, from_yaml(resource("recipes", "squad-reader.yaml")))
    assert kinds_offered(desk, monkeypatch) == "Table (*.csv);;JSON Lines (*.jsonl)"


def test_labels_are_a_table(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kinds_offered(host(qtbot, tmp_path, RunConfig()), monkeypatch) == "Table (*.csv)"


def test_what_got_no_answer_is_counted(qtbot: QtBot, tmp_path: Path) -> None:
    desk = host(qtbot, tmp_path, from_yaml(resource("recipes", "squad-reader.yaml")))
    desk.card.answer(Path("/in/rows.csv"), Path("/out/said.jsonl"))
    assert desk.engine.asked[-1].arguments[1:] == ("/in/rows.csv", Path("/out/said.jsonl"))
    desk.engine.answer(BatchPredicted(Path("/out/said.jsonl"), 100, 7, rows_per_second=50.0, seconds=2.0, num_blank=3))
    said = desk.says("fileSaid")
    assert "3 rows have no text, and so no answer." in said and "7 rows get no answer." in said
    assert not desk.part(BarList).isVisible()


@pytest.mark.parametrize(
    ("kind", "recipe"), [(TranslatePage, "translate-attention"), (WritePage, "ngram"), (ChatPage, "chat")]
)
def test_pages_of_words_host_it(qtbot: QtBot, tmp_path: Path, kind: type[Page], recipe: str) -> None:
    config = from_yaml(resource("recipes", f"{recipe}.yaml"))
    run = write_run(tmp_path, "one", config, [started((), total_steps=10)], "finished", step=10, best=None)
    place_checkpoint(run, 10)
    desk: Desk[Page] = Desk(qtbot)
    page = desk.put(kind(RunBook(tmp_path), desk.make_worker))
    page.show_run(run.path)
    card = desk.part(FileCard)
    card.answer(Path("/in/rows.csv"), Path("/out/said.csv"))
    subject, source, out = desk.worker("predict_file").asked[-1].arguments
    assert (subject.path, source, out) == (run.path, "/in/rows.csv", Path("/out/said.csv"))
    desk.worker("predict_file").fail("No column was found.")
    assert desk.banner.lines()[0] == "No column was found."
