"""Two files that belong together on the data step: dropped, said, exchanged, completed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of
from engine.verbs.beginning import preview
from studio.pages.wizard.data import DataStep
from studio.pages.wizard.draft import Draft, draft_of, with_answers
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.step_validation import lack
from studio.recipes import recipe
from studio.widgets import Button, DropArea
from tests.studio.desk import drop


class Known(Answers):
    """What the engine says of a config, asked at once."""

    def preview(self, config: RunConfig):
        return preview(config.data, type_of(config.task).roles) if config.data.train else None


@pytest.fixture
def step(qtbot: QtBot) -> DataStep:
    """A data step that shows what it proposes, as the page does."""
    made = DataStep()
    made.resize(1200, 900)
    qtbot.addWidget(made)
    made.drafts = []

    def take(draft: Draft) -> None:
        made.drafts.append(with_answers(draft, Known()))
        made.show_draft(made.drafts[-1], Known())

    made.proposed.connect(take)
    take(draft_of(recipe("translate-attention").config.with_values({"data.train": ""})))
    made.show()
    return made


def files(folder: Path, *names: str) -> tuple[Path, ...]:
    for name in names:
        lines = [f"{name} line {number} with some words" for number in range(30)]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return tuple(folder / name for name in names)


def shown_name(step: DataStep) -> str:
    return step.findChild(QLabel, "source-name").text()


def area(step: DataStep) -> DropArea:
    return next(one for one in step.findChildren(DropArea) if one.isVisible())


def press(qtbot: QtBot, step: DataStep, name: str) -> None:
    qtbot.mouseClick(step.findChild(Button, name), Qt.MouseButton.LeftButton)


def test_both_files_are_taken_and_exchanged(step: DataStep, qtbot: QtBot, tmp_path: Path) -> None:
    english, german = files(tmp_path, "train.en", "train.de")
    drop(area(step), english, german)
    assert step.drafts[-1].config.data.train == f"{german},{english}"
    assert step.drafts[-1].roles == {"source": "de", "target": "en"}
    assert shown_name(step) == "train.de → train.en"
    press(qtbot, step, "exchange")
    assert step.drafts[-1].config.data.train == f"{english},{german}"
    assert step.drafts[-1].roles == {"source": "en", "target": "de"}
    assert shown_name(step) == "train.en → train.de"


def test_columns_of_a_table_are_exchanged_by_their_roles(step: DataStep, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("\n".join(["en,de", *(f"a dog {n},ein Hund {n}" for n in range(30))]), encoding="utf-8")
    drop(area(step), file)
    assert step.drafts[-1].roles == {"source": "en", "target": "de"}
    press(qtbot, step, "exchange")
    assert step.drafts[-1].roles == {"source": "de", "target": "en"}
    assert step.drafts[-1].config.data.train == str(file)


def test_a_file_alone_waits_for_the_other(step: DataStep, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (lone,), (other,) = files(tmp_path, "texts.txt"), files(tmp_path / "elsewhere", "short.txt")
    drop(area(step), lone)
    assert step.findChild(Button, "add-partner").isVisible() and not step.findChild(Button, "exchange").isVisible()
    told = lack(step.drafts[-1], Known(), "data")
    assert told is not None and told.english().startswith("This file has one text a row.")
    drop(step.source.findChild(QLabel, "source-name").parentWidget(), other)
    assert step.drafts[-1].config.data.train == f"{lone},{other}"
    assert not step.findChild(Button, "add-partner").isVisible()
    assert shown_name(step) == "texts.txt → short.txt"
