"""The Export page: a format is chosen, the export is followed, what came out is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextBrowser,
)
from pytestqt.qtbot import QtBot

from engine.messages import message
from engine.records import BUILT_IN, Exported
from studio.pages.export import ExportPage
from studio.pages.export.result_card import said_of
from studio.widgets.empty_state import EmptyState
from studio.workers.run_book import RunBook
from tests.run_folders import place_checkpoint
from tests.studio.desk import Desk, SyntheticWorker, figures_in
from tests.studio.made_runs import make_run


class ExportDesk(Desk[ExportPage]):
    """An Export page before a worker that answers when it is told to."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(qtbot)
        self.folder = folder
        self.run = make_run(folder / "runs", "spam")
        self.without = make_run(folder / "runs", "young", "new")
        place_checkpoint(self.run, 200, config="{}")
        self.book = RunBook(folder / "runs")
        self.new_page().show_run(self.run.path)

    def new_page(self) -> ExportPage:
        return self.put(ExportPage(self.book, self.make_worker))

    @property
    def engine(self) -> SyntheticWorker:
        return self.worker("export")

    def export(self, format: str, out: str = "out") -> Path:
        self.press(f"format_{format}")
        self.find("exportFolder", QLineEdit).setText(str(self.folder / out))
        self.press("doExport")
        return self.folder / out


def exported(folder: Path, **changes: object) -> Exported:
    folder.mkdir(exist_ok=True)
    (folder / "README.md").write_text("---\nlanguage: en\n---\n\n# spam\n\n## Limits\n\nwords\n", encoding="utf-8")
    files = {"model.onnx": 2_220_792, "README.md": 80}
    values = {"format": "onnx", "files": files, "max_difference": 2.4e-7, "num_rows": 100, "folder": folder}
    return Exported(**{**values, "snippet": "print(1)\n", "checked_on": "test", **changes})  # type: ignore[arg-type]


@pytest.fixture
def desk(qtbot: QtBot, look: QApplication, tmp_path: Path) -> ExportDesk:
    return ExportDesk(qtbot, tmp_path)


def test_it_asks_for_what_was_chosen(desk: ExportDesk) -> None:
    out = desk.export("onnx")
    subject, format, folder = desk.engine.asked[-1].arguments
    assert (subject.path, format, folder) == (desk.run.path, "onnx", out)
    assert not desk.is_shown("doExport")
    desk.engine.tell(50, 100, message("Writing the files"))
    assert desk.says("exportSaid") == "Writing the files"


def test_the_check_is_told_and_the_card_shown(desk: ExportDesk) -> None:
    out = exported(desk.export("onnx"))
    desk.engine.answer(out)
    assert desk.says("checkSaid").endswith("100 texts it did not learn from: largest difference 2e-7.")
    assert "ready in “out”" in desk.says("exportSentence")
    assert any(one.text() == "2.1 MB" for one in desk.page.findChildren(QLabel))
    card = desk.find("modelCard", QTextBrowser)
    assert card.toPlainText().startswith("spam") and "language" not in card.toPlainText()
    assert desk.find("snippet", QPlainTextEdit).toPlainText() == "print(1)"
    desk.press("copySnippet")
    assert QGuiApplication.clipboard().text() == "print(1)\n"
    desk.press("format_hf")
    assert not card.isVisible(), "the other format has no result yet"
    assert desk.says("checkSaid").startswith("Before it is called done")


def test_an_error_says_what_to_do(desk: ExportDesk) -> None:
    desk.export("onnx")
    desk.engine.fail("No.")
    banner = desk.banner
    assert banner.lines() == ("No.", "here", "Try again.") and desk.is_shown("doExport")


def test_it_can_be_stopped(desk: ExportDesk) -> None:
    desk.export("hf")
    desk.press("stopExport")
    assert desk.is_shown("doExport")
    desk.engine.answer(exported(desk.folder / "late", format="hf"))
    assert desk.says("checkSaid").startswith("Before it is called done"), "nobody waits for it any more"


def test_what_goes_along(desk: ExportDesk) -> None:
    assert desk.says("goesAlong").startswith("No threshold was saved")
    run = make_run(desk.folder / "runs", "decided")
    place_checkpoint(run, 200, config='{"decision": {"temperature": 1.5, "thresholds": {"spam": 0.83}}}')
    desk.book.refresh()
    desk.page.show_run(run.path)
    assert figures_in(desk.says("goesAlong")) == ["1", "83.0 %", "1.5"] and "“spam”" in desk.says("goesAlong")


def test_a_run_without_a_checkpoint_says_so(desk: ExportDesk, qtbot: QtBot) -> None:
    desk.page.show_run(desk.without.path)
    nothing = desk.part(EmptyState)
    assert nothing.isVisible()
    with qtbot.waitSignal(desk.page.training_requested) as asked:
        desk.press("empty_action")
    assert asked.args == [desk.without.path]


def test_a_page_built_anew_shows_the_same(desk: ExportDesk) -> None:
    out = exported(desk.export("onnx"))
    desk.engine.answer(out)
    state = desk.page.state()
    desk.new_page().restore(state)
    assert desk.find("format_onnx", QAbstractButton).isChecked()
    assert desk.find("exportFolder", QLineEdit).text() == str(desk.folder / "out")
    assert "largest difference 2e-7" in desk.says("checkSaid")


def test_how_it_was_checked_in_words(tmp_path: Path) -> None:
    assert "100 invented texts: largest difference 0." in said_of(
        exported(tmp_path / "a", checked_on=BUILT_IN, max_difference=0.0)
    )
