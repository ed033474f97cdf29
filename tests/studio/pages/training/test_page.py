"""The Training page shows a run's history and sends what the person wishes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListView
from pytestqt.qtbot import QtBot

from engine import events
from engine.commands import EvaluateNow, Pause, Resume, SetAccumulation, SetLearningRate, Stop
from engine.config.losses import MeanSquaredError
from engine.config.run import RunConfig
from engine.config.tasks.classification import Classification
from engine.errors import InputError
from engine.messages import message
from engine.runs.history import History
from studio.pages.training import TrainingPage
from studio.pages.training.probes_card import ProbesCard
from studio.plots.attention.marked_text import MarkedText
from studio.plots.charts.learning_curve import CurvePlot
from studio.widgets.stat_tile import StatTile
from tests.studio.desk import Desk
from tests.studio.synthetic_history import (
    Shape,
    SyntheticBook,
    SyntheticEntry,
    captured,
    evaluated,
    progressed,
    steps_taken,
    synthetic_history,
)

PATH = Path("/runs/reviews")
pytestmark = pytest.mark.usefixtures("look")


class TrainingDesk(Desk[TrainingPage]):
    """A Training page on one run."""

    def __init__(
        self, qtbot: QtBot, history: History | None = None, state: str = "running", config: RunConfig | None = None
    ) -> None:
        super().__init__(qtbot)
        history = synthetic_history() if history is None else history
        self.book = SyntheticBook(SyntheticEntry(PATH, history, state, config or RunConfig()))
        self.put(TrainingPage(self.book)).show_run(PATH)  # type: ignore[arg-type]
        qtbot.waitUntil(self.plot("qualityPlot").isVisible, timeout=1000)

    def plot(self, name: str) -> CurvePlot:
        return self.find(name, CurvePlot)

    def button(self, name: str) -> QAbstractButton:
        return self.find(name, QAbstractButton)

    def type(self, name: str, text: str) -> None:
        field = self.find(name, QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)


def test_shows_sentence_curves_figures_and_log(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    assert desk.says("verdict").startswith("Yes, it is learning: F1 passed word counting at step")
    assert set(desk.plot("lossPlot").line_ends()) == {"train:model", "validation"}
    ends = desk.plot("qualityPlot").line_ends()
    assert set(ends) == {"precision", "recall", "f1"}
    assert ends["precision"] == pytest.approx(0.945, abs=0.02)
    figures = {tile.property("tile"): tile.accessibleName() for tile in desk.page.findChildren(StatTile)}
    assert figures["speed"] == "Speed: 18,420 tokens/s"
    assert figures["batch"] == "Effective batch: 32 × 8 = 256"
    log = desk.find("logList", QListView).model()
    assert "New best: F1" in log.index(0, 0).data()


def test_precision_stands_with_interval_and_baseline(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    captions = [tile.accessibleDescription() for tile in desk.page.findChildren(StatTile)]
    assert captions[:2] == ["± 1.4, word counting 89.6 %", "± 1.7, word counting 87.6 %"]


def test_new_events_are_drawn_by_the_timer_only(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    history = desk.book.entry(PATH).history
    plot = desk.plot("lossPlot")
    before = plot.read_at(10**6)
    history.append(steps_taken(401, 440, np.random.default_rng(1), Shape()))
    desk.book.advanced.emit(PATH)
    assert plot.read_at(10**6) == before
    qtbot.waitUntil(lambda: plot.read_at(10**6)[0] == 440, timeout=2000)


def test_another_run_does_not_wake_it(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    desk.book.entry(PATH).history.append(steps_taken(401, 440, np.random.default_rng(1), Shape()))
    desk.book.advanced.emit(Path("/runs/other"))
    desk.page.refresh()
    assert desk.plot("lossPlot").read_at(10**6)[0] == 400


def test_nothing_is_drawn_while_hidden(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    desk.page.hide()
    desk.book.entry(PATH).history.append(steps_taken(401, 440, np.random.default_rng(1), Shape()))
    desk.book.advanced.emit(PATH)
    desk.page.refresh()
    plot = desk.plot("lossPlot")
    assert plot.read_at(10**6)[0] == 400
    desk.page.show()
    assert plot.read_at(10**6)[0] == 440


def test_pause_resume_stop_and_evaluate(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    desk.press("evaluateNow")
    desk.press("pause")
    assert desk.book.sent == [EvaluateNow(), Pause()]
    desk.book.entry(PATH).state = "paused"
    desk.book.changed.emit()
    desk.page.refresh()
    assert desk.button("pause").text() == "Resume"
    assert "waits after step 400" in desk.says("verdict")
    desk.press("pause")
    desk.press("stop")
    assert desk.book.sent[2:] == [Resume(), Stop()]
    assert not desk.button("stop").isEnabled()


@pytest.mark.parametrize("state", ["interrupted", "stopped", "failed"])
def test_a_run_that_ended_early_can_go_on(qtbot: QtBot, state: str) -> None:
    desk = TrainingDesk(qtbot, synthetic_history(), state)
    assert not desk.button("pause").isVisible()
    assert not desk.find("learningRateField").isVisible()
    desk.press("goOn")
    assert desk.book.resumed == [PATH]


def test_a_finished_run_has_no_buttons(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot, synthetic_history(Shape(steps=600)), "finished")
    assert not any(desk.button(name).isVisible() for name in ("pause", "stop", "evaluateNow", "goOn"))
    assert desk.says("verdict").startswith("It is done, and clearly better than word counting")


def test_a_finished_run_offers_what_may_follow(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot, synthetic_history(Shape(steps=600)), "finished")
    begun: list[tuple[RunConfig, str]] = []
    desk.page.next_run_wished.connect(lambda config, step: begun.append((config, step)))
    desk.press("next_longer")
    desk.press("next_model")
    assert [step for _, step in begun] == ["training", "model"]
    assert begun[0][0].training.max_steps == 2 * RunConfig().training.max_steps
    assert begun[1][0] == RunConfig()
    with qtbot.waitSignal(desk.page.stage_requested) as asked:
        desk.press("next_evaluation")
    assert asked.args == [PATH, "evaluation"]
    assert not desk.button("next_samples").isVisible()


def test_a_run_that_trains_offers_nothing_else(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot, synthetic_history(), "running")
    assert not any(desk.button(f"next_{name}").isVisible() for name in ("longer", "model", "evaluation"))


def test_going_on_while_another_trains_is_refused_in_words(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = TrainingDesk(qtbot, synthetic_history(), "interrupted")

    def refuse(_path: Path) -> None:
        raise InputError(message("Another run is training."))

    monkeypatch.setattr(desk.book, "resume", refuse)
    desk.press("goOn")
    banner = desk.banner
    assert banner.isVisible()
    assert banner.lines()[0] == "Another run is training."


def test_a_failure_shows_what_where_and_mend(qtbot: QtBot) -> None:
    history = synthetic_history()
    history.append(
        events.RunFailed(
            step=401,
            what=message("The loss is not finite."),
            where=message("step {step}", step=401),
            mend=message("Lower the learning rate."),
        )
    )
    desk = TrainingDesk(qtbot, history, "failed")
    assert desk.banner.lines() == ("The loss is not finite.", "step 401", "Lower the learning rate.")


def test_a_new_learning_rate_is_sent(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    desk.type("learningRateField", "5e-4")
    desk.type("accumulationField", "16")
    assert desk.book.sent == [SetLearningRate(5e-4), SetAccumulation(16)]


NO_VALUES = {"learningRateField": ("0", "-1", "fast", "nan"), "accumulationField": ("0", "2.5", "5000")}


def test_a_value_that_cannot_be_is_explained(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    for field, texts in NO_VALUES.items():
        for text in texts:
            desk.type(field, text)
            assert desk.book.sent == [], text
            assert desk.find(field).property("wrong") is True, text
            assert desk.says("changeHint"), text
            QTest.keyClick(desk.find(field), Qt.Key.Key_Escape)
            assert desk.find(field).property("wrong") is False, text


def test_a_field_stands_still_while_it_is_edited(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    field = desk.find("learningRateField")
    before = field.text()
    field.selectAll()
    QTest.keyClicks(field, "0.1")
    desk.book.entry(PATH).history.append(steps_taken(401, 440, np.random.default_rng(1), Shape()))
    desk.book.advanced.emit(PATH)
    desk.page.refresh()
    assert field.text() == "0.1"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() != before
    assert float(field.text()) < float(before)


def test_probe_texts_move_with_training(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    text = desk.part(ProbesCard).findChild(MarkedText)
    before = text.marks.weights.copy()
    history = desk.book.entry(PATH).history
    history.append(captured(600, Shape(speed=1000.0)))
    desk.book.advanced.emit(PATH)
    desk.page.refresh()
    said = [label.text() for label in desk.part(ProbesCard).findChildren(QLabel)]
    assert said.count("negative") == 2
    assert not np.allclose(before, text.marks.weights)
    with qtbot.waitSignal(desk.page.attention_requested) as asked:
        desk.press("openAttention")
    assert asked.args == [PATH]


def test_a_number_as_target_shows_its_errors(qtbot: QtBot) -> None:
    history = History()
    history.append(steps_taken(1, 50, np.random.default_rng(0), Shape()))
    for step, error in ((10, 0.9), (20, 0.7), (30, 0.5), (40, 0.4)):
        metrics = {"mae": error, "mse": error**2, "r2": 1 - error, "loss": error**2}
        history.append(events.Evaluated(step=step, split="validation", metrics=metrics, num_rows=9))
    config = RunConfig(task=Classification(loss=MeanSquaredError()))
    desk = TrainingDesk(qtbot, history, "running", config)
    assert desk.plot("qualityPlot").line_ends() == {"mae": 0.4}
    names = [tile.accessibleName() for tile in desk.page.findChildren(StatTile)]
    assert names[:2] == ["Mean error: 0.4", "Explained share: 60.0 %"]


def test_an_empty_history_explains_itself(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot, History(), "running")
    assert "getting ready" in desk.says("verdict")
    desk.page.grab()


def test_narrow_and_wide(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    for width in (760, 968, 1400):
        desk.page.resize(width, 640)
        desk.page.grab()
        assert desk.page.width() == width


def test_state_is_restored(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    other = TrainingPage(desk.book)  # type: ignore[arg-type]
    qtbot.addWidget(other)
    other.show()
    other.restore(desk.page.state())
    assert other.findChild(QLabel, "verdict").text() == desk.says("verdict")


@pytest.mark.slow
def test_many_events_and_redraws(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot)
    history, chance, shape = desk.book.entry(PATH).history, np.random.default_rng(2), Shape(total=200_000)
    for index in range(100):
        last = history.last_step
        history.append(steps_taken(last + 1, last + 1000, chance, shape))
        history.append(evaluated(last + 1000, 0.9, shape))
        history.append(progressed(last + 1000, shape))
        desk.book.advanced.emit(PATH)
        desk.page.refresh()
        if index % 10 == 0:
            desk.page.repaint()
    assert desk.plot("lossPlot").read_at(10**9)[0] == 100_400
