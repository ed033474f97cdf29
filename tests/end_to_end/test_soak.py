"""A long day: 100,000 events in the page's history, 300 redraws of curves and of a map, and memory that stays."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine import events
from engine.config.run import RunConfig
from engine.runs.run import Run
from studio.app import make_app
from studio.pages.training import TrainingPage
from studio.plots.attention.heat_map import HeatMap
from studio.plots.attention.map_picture import MapData
from studio.plots.charts.learning_curve import CurvePlot
from studio.workers.run_book import RunBook

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("qapp")]

NUM_EVENTS, NUM_REDRAWS = 100_000, 300
STEPS_AN_EVENT = 10
MOST_GROWTH = 96 * 2**20
"""Bytes after the first third of the redraws: caches are full by then."""


def memory() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def shown(qtbot: QtBot, widget: QWidget) -> None:
    make_app("light", "en")
    qtbot.addWidget(widget)
    widget.resize(1192, 844)
    widget.show()
    qtbot.waitExposed(widget)


def event_number(index: int) -> events.Event:
    """Mostly steps, every hundredth an evaluation."""
    step = (index + 1) * STEPS_AN_EVENT
    if index % 100 == 99:
        quality = 0.9 - 0.4 * np.exp(-index / 30_000)
        metrics = {"loss": 1 - quality, "f1": quality, "precision": quality, "recall": quality, "accuracy": quality}
        return events.Evaluated(step=step, split="validation", metrics=metrics, num_rows=400, intervals={})
    steps = np.arange(step - STEPS_AN_EVENT + 1, step + 1)
    losses = np.exp(-steps / 300_000) + 0.1 * np.sin(steps)
    return events.StepsTaken(
        steps=steps,
        losses={"model": losses},
        learning_rates={"model": np.full(STEPS_AN_EVENT, 1e-3)},
        gradient_norms={"model": np.ones(STEPS_AN_EVENT)},
        accumulation=np.ones(STEPS_AN_EVENT),
    )


def test_a_training_of_a_million_steps(qtbot: QtBot, tmp_path: Path) -> None:
    book = RunBook(tmp_path)
    path = Run.create(
        RunConfig().with_values({"training.max_steps": NUM_EVENTS * STEPS_AN_EVENT}), tmp_path, "long"
    ).path
    book.refresh()
    history = book.entry(path).history
    page = TrainingPage(book)
    shown(qtbot, page)
    page.show_run(path)
    settled = 0
    for redraw in range(NUM_REDRAWS):
        for index in range(redraw * NUM_EVENTS // NUM_REDRAWS, (redraw + 1) * NUM_EVENTS // NUM_REDRAWS):
            history.append(event_number(index))
        book.advanced.emit(path)
        page.refresh()
        QApplication.processEvents()
        if redraw == NUM_REDRAWS // 3:
            settled = memory()
    curves = history.steps("model")[0].nbytes * 5 * 2
    assert history.num_events == NUM_EVENTS
    reading = page.findChild(CurvePlot, "lossPlot").read_at(1e9)
    assert reading is not None
    assert reading[0] == history.last_step
    assert memory() - settled < MOST_GROWTH + curves


def test_a_map_that_moves(qtbot: QtBot) -> None:
    heat_map = HeatMap()
    shown(qtbot, heat_map)
    chance = np.random.default_rng(0)
    settled = 0
    for redraw in range(NUM_REDRAWS):
        length = 16 + redraw % 112
        words = tuple(f"word{index}" for index in range(length))
        weights = chance.dirichlet(np.full(length, 0.3), length).astype(np.float32)
        heat_map.set_map(MapData(weights, words, words, np.zeros(length, dtype=bool)))
        heat_map.repaint()
        QApplication.processEvents()
        if redraw == NUM_REDRAWS // 3:
            settled = memory()
    assert heat_map.data is not None
    assert memory() - settled < MOST_GROWTH
