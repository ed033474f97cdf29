"""The Export page for a run that answers in words: what lies in the folder, how it is checked, where ONNX is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from engine.config.run import from_yaml
from engine.records import Exported
from engine.resources import resource
from studio.pages.export.result_card import said_of
from tests.run_folders import place_checkpoint, started, write_run
from tests.studio.pages.export.test_page import ExportDesk

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> ExportDesk:
    found = ExportDesk(qtbot, tmp_path)
    for name in ("squad-reader", "chat"):
        config = from_yaml(resource("recipes", f"{name}.yaml"))
        run = write_run(tmp_path / "runs", name, config, [started((), total_steps=10)], "finished", step=10, best=None)
        place_checkpoint(run, 10, config="{}")
    return found


def test_there_is_no_graph_and_the_card_says_why(desk: ExportDesk) -> None:
    desk.press("format_onnx")
    desk.page.show_run(desk.folder / "runs" / "chat")
    onnx, folder = desk.find("format_onnx", QAbstractButton), desk.find("format_hf", QAbstractButton)
    assert not onnx.isEnabled() and folder.isChecked()
    assert "word by word" in onnx.toolTip()
    desk.page.show_run(desk.run.path)
    assert desk.find("format_onnx", QAbstractButton).isEnabled()
    assert not desk.find("format_onnx", QAbstractButton).toolTip()


def test_a_model_that_answers_questions_is_a_graph(desk: ExportDesk) -> None:
    desk.page.show_run(desk.folder / "runs" / "squad-reader")
    onnx = desk.find("format_onnx", QAbstractButton)
    assert onnx.isEnabled() and not onnx.toolTip()
    desk.press("format_onnx")
    texts = {label.text() for label in desk.page.findChildren(QLabel)}
    assert {"model.onnx", "tokenizer.json", "ask.py", "answering.py", "asking.json"} <= texts
    assert not {"predict.py", "labels.json", "model.safetensors"} & texts
    assert "asked by its own script" in desk.says("checkSaid")


def test_what_lies_in_the_folder(desk: ExportDesk) -> None:
    desk.page.show_run(desk.folder / "runs" / "squad-reader")
    assert desk.says("checkSaid").startswith("Before it is called done, the folder is asked by its own script")
    texts = {label.text() for label in desk.page.findChildren(QLabel)}
    assert {"ask.py", "answering.py", "asking.json"} <= texts
    assert not desk.is_shown("goesAlong"), "there are no thresholds"


def test_what_came_out(tmp_path: Path) -> None:
    found = Exported("hf", {}, 0.0, 60, tmp_path, "", "test", is_in_words=True)
    told = "It answers as the studio does: 60 rows it did not learn from, every answer the same."
    assert said_of(found, in_words=True) == told
