"""The lower part of the Evaluation page on a small real run, asked of the engine itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import verbs
from engine.config.run import RunConfig
from engine.records import Answers
from engine.runs.corrections import corrections_of
from engine.runs.run import Run
from studio.pages.evaluation.details import Details
from studio.pages.evaluation.draft import Draft, Subject
from studio.workers.query import Asker
from tests.engine.training.conftest import TINY, follow

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Answers]:
    """A run that has just begun to learn, and what it says of its test rows."""
    run = verbs.create(RunConfig().with_values(TINY), tmp_path_factory.mktemp("runs"), "run")
    follow(verbs.train(run))
    asking = verbs.examine(run)
    while True:
        try:
            next(asking)
        except StopIteration as end:
            return run, end.value


@pytest.mark.slow
def test_every_panel_is_answered(
    qtbot: QtBot, look: QApplication, answered: tuple[Run, Answers], tmp_path: Path
) -> None:
    run, answers = answered
    draft = Draft()
    asker = Asker()
    details = Details(asker, draft)
    qtbot.addWidget(details)
    details.resize(1100, 800)
    details.show()
    draft.open(Subject(run, answers))
    details.texts.head.scope_chosen.emit("all")
    details.texts.table.selectRow(0)
    qtbot.waitUntil(lambda: bool(details.texts.look.card.similar.lines()), timeout=30_000)
    wishes = details.texts._wishes()
    qtbot.waitUntil(lambda: details.texts.marker.marks(wishes[0]) is not None, timeout=30_000)
    marks = details.texts.marker.marks(wishes[0])
    text = wishes[0].text
    assert marks is not None and [text[start:end] for start, end in marks.spans[:4]] == text.split()[:4]

    details.panels.segment("slices").click()
    qtbot.waitUntil(lambda: bool(details.slices.told.text()), timeout=30_000)
    details.panels.segment("speed").click()
    qtbot.waitUntil(lambda: "take" in details.speed.told.text(), timeout=30_000)

    details.panels.segment("doubtful").click()
    details.doubtful.unasked.acted.emit()
    qtbot.waitUntil(details.doubtful.unasked.isHidden, timeout=60_000)
    suspects = details.doubtful.model.rows
    assert suspects, "a tenth of the built-in rows have a wrong label"
    qtbot.keyClick(details.doubtful.table, Qt.Key.Key_Return)
    kept = corrections_of(run).find(suspects[0].row, suspects[0].text)
    assert kept is not None and kept.after == suspects[0].proposed
    for panel in (details.texts, details.doubtful, details.slices, details.speed):
        assert panel.banner.isHidden()
    asker.close()
