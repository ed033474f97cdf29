"""The Training page shows a run's history and sends what the person wishes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QListView
from pytestqt.qtbot import QtBot

from engine import events
from engine.commands import EvaluateNow, Pause, Resume, SetAccumulation, SetLearningRate, Stop
from engine.config.run import RunConfig
from engine.config.task import Classification, MeanSquaredError
from engine.errors import InputError
from engine.messages import message
from engine.runs.history import History
from studio.pages.training import TrainingPage
from studio.pages.training.probes_card import ProbesCard
from studio.plots.attention.marked_text import MarkedText
from studio.plots.charts.learning_curve import CurvePlot
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.stat_tile import StatTile
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


def _page(
    qtbot: QtBot, entry: SyntheticEntry, size: tuple[int, int] = (1192, 844)
) -> tuple[TrainingPage, SyntheticBook]:
    book = SyntheticBook(entry)
    page = TrainingPage(book)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.show_run(PATH)
    qtbot.waitUntil(page.findChild(CurvePlot, "qualityPlot").isVisible, timeout=1000)
    return page, book


def _running(qtbot: QtBot, shape: Shape | None = None) -> tuple[TrainingPage, SyntheticBook]:
    return _page(qtbot, SyntheticEntry(PATH, synthetic_history(shape)))


def _button(page: TrainingPage, name: str) -> QAbstractButton:
    found = page.findChild(QAbstractButton, name)
    assert found is not None
    return found


def _click(page: TrainingPage, name: str) -> None:
    QTest.mouseClick(_button(page, name), Qt.MouseButton.LeftButton)


def _type(page: TrainingPage, name: str, text: str) -> None:
    field = page.findChild(object, name)
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_shows_sentence_curves_figures_and_log(qtbot: QtBot) -> None:
    page, _ = _running(qtbot)
    assert page.findChild(QLabel, "verdict").text().startswith("Yes, it is learning: F1 passed word counting at step")
    assert set(page.findChild(CurvePlot, "lossPlot").line_ends()) == {"train:model", "validation"}
    ends = page.findChild(CurvePlot, "qualityPlot").line_ends()
    assert set(ends) == {"precision", "recall", "f1"}
    assert ends["precision"] == pytest.approx(0.945, abs=0.02)
    figures = {tile.property("tile"): tile.accessibleName() for tile in page.findChildren(StatTile)}
    assert figures["speed"] == "Speed: 18,420 tokens/s"
    assert figures["batch"] == "Effective batch: 32 × 8 = 256"
    log = page.findChild(QListView, "logList").model()
    assert "New best: F1" in log.index(0, 0).data()


def test_precision_stands_with_interval_and_baseline(qtbot: QtBot) -> None:
    page, _ = _running(qtbot)
    captions = [tile.accessibleDescription() for tile in page.findChildren(StatTile)]
    assert captions[:2] == ["± 1.4, word counting 89.6 %", "± 1.7, word counting 87.6 %"]


def test_new_events_are_drawn_by_the_timer_only(qtbot: QtBot) -> None:
    page, book = _running(qtbot)
    history = book.entry(PATH).history
    plot = page.findChild(CurvePlot, "lossPlot")
    before = plot.read_at(10**6)
    history.append(steps_taken(401, 440, np.random.default_rng(1), Shape()))
    book.advanced.emit(PATH)
    assert plot.read_at(10**6) == before
    qtbot.waitUntil(lambda: plot.read_at(10**6)[0] == 440, timeout=2000)


def test_another_run_does_not_wake_it(qtbot: QtBot) -> None:
    page, book = _running(qtbot)
    book.entry(PATH).history.append(steps_taken(401, 440, np.random.default_rng(1), Shape()))
    book.advanced.emit(Path("/runs/other"))
    page.refresh()
    assert page.findChild(CurvePlot, "lossPlot").read_at(10**6)[0] == 400


def test_nothing_is_drawn_while_hidden(qtbot: QtBot) -> None:
    page, book = _running(qtbot)
    page.hide()
    book.entry(PATH).history.append(steps_taken(401, 440, np.random.default_rng(1), Shape()))
    book.advanced.emit(PATH)
    page.refresh()
    plot = page.findChild(CurvePlot, "lossPlot")
    assert plot.read_at(10**6)[0] == 400
    page.show()
    assert plot.read_at(10**6)[0] == 440


def test_pause_resume_stop_and_evaluate(qtbot: QtBot) -> None:
    page, book = _running(qtbot)
    _click(page, "evaluateNow")
    _click(page, "pause")
    assert book.sent == [EvaluateNow(), Pause()]
    book.entry(PATH).state = "paused"
    book.changed.emit()
    page.refresh()
    assert _button(page, "pause").text() == "Resume"
    assert "waits after step 400" in page.findChild(QLabel, "verdict").text()
    _click(page, "pause")
    _click(page, "stop")
    assert book.sent[2:] == [Resume(), Stop()]
    assert not _button(page, "stop").isEnabled()


@pytest.mark.parametrize("state", ["interrupted", "stopped", "failed"])
def test_a_run_that_ended_early_can_go_on(qtbot: QtBot, state: str) -> None:
    page, book = _page(qtbot, SyntheticEntry(PATH, synthetic_history(), state))
    assert not _button(page, "pause").isVisible()
    assert not page.findChild(object, "learningRateField").isVisible()
    _click(page, "goOn")
    assert book.resumed == [PATH]


def test_a_finished_run_has_no_buttons(qtbot: QtBot) -> None:
    page, _ = _page(qtbot, SyntheticEntry(PATH, synthetic_history(Shape(steps=600)), "finished"))
    assert not any(_button(page, name).isVisible() for name in ("pause", "stop", "evaluateNow", "goOn"))
    assert page.findChild(QLabel, "verdict").text().startswith("It is done, and clearly better than word counting")


def test_a_finished_run_offers_what_may_follow(qtbot: QtBot) -> None:
    page, _ = _page(qtbot, SyntheticEntry(PATH, synthetic_history(Shape(steps=600)), "finished"))
    begun: list[tuple[RunConfig, str]] = []
    page.next_run_wished.connect(lambda config, step: begun.append((config, step)))
    _click(page, "next_longer")
    _click(page, "next_model")
    assert [step for _, step in begun] == ["training", "model"]
    assert begun[0][0].training.max_steps == 2 * RunConfig().training.max_steps
    assert begun[1][0] == RunConfig()
    with qtbot.waitSignal(page.stage_requested) as asked:
        _click(page, "next_evaluation")
    assert asked.args == [PATH, "evaluation"]
    assert not _button(page, "next_samples").isVisible()


def test_a_run_that_trains_offers_nothing_else(qtbot: QtBot) -> None:
    page, _ = _page(qtbot, SyntheticEntry(PATH, synthetic_history(), "running"))
    assert not any(_button(page, f"next_{name}").isVisible() for name in ("longer", "model", "evaluation"))


def test_going_on_while_another_trains_is_refused_in_words(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page, book = _page(qtbot, SyntheticEntry(PATH, synthetic_history(), "interrupted"))

    def refuse(_path: Path) -> None:
        raise InputError(message("Another run is training."))

    monkeypatch.setattr(book, "resume", refuse)
    _click(page, "goOn")
    banner = page.findChild(ErrorBanner)
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
    page, _ = _page(qtbot, SyntheticEntry(PATH, history, "failed"))
    assert page.findChild(ErrorBanner).lines() == ("The loss is not finite.", "step 401", "Lower the learning rate.")


def test_a_new_learning_rate_is_sent(qtbot: QtBot) -> None:
    page, book = _running(qtbot)
    _type(page, "learningRateField", "5e-4")
    _type(page, "accumulationField", "16")
    assert book.sent == [SetLearningRate(5e-4), SetAccumulation(16)]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("learningRateField", "0"),
        ("learningRateField", "-1"),
        ("learningRateField", "fast"),
        ("learningRateField", "nan"),
        ("accumulationField", "0"),
        ("accumulationField", "2.5"),
        ("accumulationField", "5000"),
    ],
)
def test_a_value_that_cannot_be_is_explained(qtbot: QtBot, field: str, text: str) -> None:
    page, book = _running(qtbot)
    _type(page, field, text)
    assert book.sent == []
    assert page.findChild(object, field).property("wrong") is True
    assert page.findChild(QLabel, "changeHint").text()
    QTest.keyClick(page.findChild(object, field), Qt.Key.Key_Escape)
    assert page.findChild(object, field).property("wrong") is False


def test_a_field_stands_still_while_it_is_edited(qtbot: QtBot) -> None:
    page, book = _running(qtbot)
    field = page.findChild(object, "learningRateField")
    before = field.text()
    field.selectAll()
    QTest.keyClicks(field, "0.1")
    book.entry(PATH).history.append(steps_taken(401, 440, np.random.default_rng(1), Shape()))
    book.advanced.emit(PATH)
    page.refresh()
    assert field.text() == "0.1"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() != before
    assert float(field.text()) < float(before)


def test_probe_texts_move_with_training(qtbot: QtBot) -> None:
    page, book = _running(qtbot)
    text = page.findChild(ProbesCard).findChild(MarkedText)
    before = text.marks.weights.copy()
    history = book.entry(PATH).history
    history.append(captured(600, Shape(speed=1000.0)))
    book.advanced.emit(PATH)
    page.refresh()
    said = [label.text() for label in page.findChild(ProbesCard).findChildren(QLabel)]
    assert said.count("negative") == 2
    assert not np.allclose(before, text.marks.weights)
    with qtbot.waitSignal(page.attention_requested) as asked:
        _click(page, "openAttention")
    assert asked.args == [PATH]


def test_a_number_as_target_shows_its_errors(qtbot: QtBot) -> None:
    history = History()
    history.append(steps_taken(1, 50, np.random.default_rng(0), Shape()))
    for step, error in ((10, 0.9), (20, 0.7), (30, 0.5), (40, 0.4)):
        metrics = {"mae": error, "mse": error**2, "r2": 1 - error, "loss": error**2}
        history.append(events.Evaluated(step=step, split="validation", metrics=metrics, num_rows=9))
    config = RunConfig(task=Classification(loss=MeanSquaredError()))
    page, _ = _page(qtbot, SyntheticEntry(PATH, history, "running", config))
    assert page.findChild(CurvePlot, "qualityPlot").line_ends() == {"mae": 0.4}
    names = [tile.accessibleName() for tile in page.findChildren(StatTile)]
    assert names[:2] == ["Mean error: 0.4", "Explained share: 60.0 %"]


def test_an_empty_history_explains_itself(qtbot: QtBot) -> None:
    page, _ = _page(qtbot, SyntheticEntry(PATH, History(), "running"))
    assert "getting ready" in page.findChild(QLabel, "verdict").text()
    page.grab()


def test_narrow_and_wide(qtbot: QtBot) -> None:
    page, _ = _running(qtbot)
    for width in (760, 968, 1400):
        page.resize(width, 640)
        page.grab()
        assert page.width() == width


def test_state_is_restored(qtbot: QtBot) -> None:
    page, book = _running(qtbot)
    other = TrainingPage(book)  # type: ignore[arg-type]
    qtbot.addWidget(other)
    other.show()
    other.restore(page.state())
    assert other.findChild(QLabel, "verdict").text() == page.findChild(QLabel, "verdict").text()


@pytest.mark.slow
def test_many_events_and_redraws(qtbot: QtBot) -> None:
    page, book = _running(qtbot)
    history, chance, shape = book.entry(PATH).history, np.random.default_rng(2), Shape(total=200_000)
    for index in range(100):
        last = history.last_step
        history.append(steps_taken(last + 1, last + 1000, chance, shape))
        history.append(evaluated(last + 1000, 0.9, shape))
        history.append(progressed(last + 1000, shape))
        book.advanced.emit(PATH)
        page.refresh()
        if index % 10 == 0:
            page.repaint()
    assert page.findChild(CurvePlot, "lossPlot").read_at(10**9)[0] == 100_400
