"""From Home to a trained model and its attention, and back the next day: as a person does it, with nothing made up."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox

from engine.runs.run import Run
from studio.plots.charts.learning_curve import CurvePlot
from studio.theme import is_dark
from studio.translation import language
from tests.end_to_end.person import Person
from tests.studio.desk import drop

ROOT = Path(__file__).resolve().parents[2]
LONG = {"max_steps": "400000", "micro_batch_size": "16", "patience": ""}
SMALL_MODEL = {"embedding_size": "16", "hidden_size": "16"}


def make_it_small(person: Person) -> None:
    """On the Model step: a network that trains in seconds, typed under "All settings"."""
    person.press_named("All settings")
    for field, value in SMALL_MODEL.items():
        person.type_into(field, value)


def make_it_long(person: Person) -> None:
    """On the Training step: a run that lasts until somebody stops it, with many looks at validation."""
    for field, value in LONG.items():
        person.type_into(field, value)
    person.press_named("All settings")
    person.type_into("evaluate_every", "20")


def through_the_wizard(person: Person, file: Path) -> None:
    """From Home to Start; the run that begins is small and long."""
    person.will_choose(file)
    person.press("goal_classification")
    person.press("recipe-attention")
    person.go_on()
    person.press("browse")
    person.go_on()
    make_it_small(person)
    person.go_on()
    make_it_long(person)
    person.go_on()
    person.type_into("run-name", "Film reviews")
    person.start()


def points(person: Person, plot: str = "lossPlot") -> int:
    """The last step that a plot on the screen reads out; 0 for an empty one."""
    reading = person.see(plot, CurvePlot).read_at(1e9)
    return 0 if reading is None else reading[0]


def wait_for_curves(person: Person) -> None:
    person.wait(lambda: points(person) > 20 and points(person, "qualityPlot") >= 20)


def test_first_run(person: Person, reviews_csv: Path) -> None:
    person.open_window()
    through_the_wizard(person, reviews_csv)
    assert person.window.place == "training"
    assert person.text("run_name") == "Film reviews"
    wait_for_curves(person)
    assert {"train:model", "validation"} <= set(person.see("lossPlot", CurvePlot).line_ends())
    assert {"precision", "recall", "f1"} <= set(person.see("qualityPlot", CurvePlot).line_ends())

    person.press("pause")
    person.wait(lambda: person.text("run_state") == "paused")
    at_pause = person.history.last_step
    person.qtbot.wait(300)
    assert person.history.last_step == at_pause, "nothing trains while it is paused"
    person.press("pause")
    person.wait(lambda: points(person) > at_pause)

    _second_start_is_refused(person)
    _everything_in_chinese_and_dark(person)

    person.stop()
    num_steps, num_evaluations = _counts(person)
    assert num_steps == person.history.last_step

    person.press("stage_attention")
    _read_the_map(person)
    assert person.window.close()

    person.open_window()
    assert person.see("run_list").model().rowCount() == 1
    person.press_row("run_list", 0)
    assert person.text("run_name") == "Film reviews"
    person.wait(lambda: points(person) == num_steps)
    assert _counts(person) == (num_steps, num_evaluations)
    assert person.window.close()


def _counts(person: Person) -> tuple[int, int]:
    history = person.history
    return len(history.steps("model")[0]), len(history.metric("precision")[0])


def _second_start_is_refused(person: Person) -> None:
    training = person.book.active
    person.press("go_home")
    person.press("quick_look")
    assert person.error()[0] == "Another run is training."
    assert person.error()[1] == "Film reviews"
    person.press("error_action")
    assert person.window.place == "training"
    assert person.book.active == training
    assert len(person.book.entries()) == 1


def _everything_in_chinese_and_dark(person: Person) -> None:
    """The window is built anew under the running training, twice, and is put back the same way."""
    before = points(person)
    person.press("toggle_language")
    person.wait(lambda: language() == "zh" and person.text("run_state") == "训练中")
    person.press("toggle_theme")
    person.wait(is_dark)
    person.wait(lambda: points(person) > before)
    assert person.text("run_name") == "Film reviews"
    assert re.search("[一-鿿]", person.text("verdict"))
    person.press("toggle_theme")
    person.wait(lambda: not is_dark())
    person.press("toggle_language")
    person.wait(lambda: language() == "en" and person.text("run_state") == "training")


def _read_the_map(person: Person) -> None:
    data = person.ask("a truly wonderful film !", ["a", "truly", "wonderful", "film", "!"])
    assert data.weights.shape == (1, len(data.keys))
    assert person.text("predictedLabel") in ("good", "bad")
    assert person.text("predictedLabel") in person.text("attentionSentence")
    first = np.array(data.weights)
    other = person.ask("dull and far too long", ["dull", "and", "far", "too", "long"])
    assert other.weights.shape != first.shape or not np.allclose(other.weights, first)


@pytest.mark.slow
def test_quick_look_is_one_click_and_the_window_asks_before_it_closes(person: Person) -> None:
    person.open_window(1024, 700)
    person.press("quick_look")
    assert person.window.place == "training"
    person.wait(lambda: points(person) > 0)
    assert not person.window.close()
    person.press("stay")
    assert person.window.isVisible()
    step = person.history.last_step
    person.wait(lambda: person.history.last_step > step)
    run = Run.open(person.book.active)
    assert not person.window.close()
    person.press("stop_and_keep")
    person.wait(lambda: not person.window.isVisible())
    assert run.state == "stopped"
    assert run.checkpoints["last"], "what it has learned is kept"


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on(person: Person) -> None:
    settings = [
        "data.builtin.num_rows=240",
        "data.max_length=24",
        "model.embedding_size=8",
        "model.hidden_size=8",
        "training.max_steps=100000",
        "training.micro_batch_size=8",
        "training.evaluate_every=20",
        "training.device=cpu",
    ]
    words = ["train", "quick-look", "--runs", str(person.folder / "runs"), "--name", "Cut off", "--json"]
    _train_and_kill([*words, "--set", *settings])
    run = Run.open(person.folder / "runs" / "Cut off")
    assert run.state == "interrupted"
    checkpoint = int(run.checkpoints["last"].removeprefix("step-"))

    person.open_window()
    assert person.see("resume").accessibleName() == "Go on with the interrupted run “Cut off”"
    person.press("resume")
    assert person.window.place == "training"
    person.wait(lambda: person.text("run_state") == "training" and person.history.last_step > checkpoint + 20)
    steps = person.history.steps("model")[0]
    assert steps.tolist() == list(range(1, len(steps) + 1)), "what was undone is cut, nothing is missing"
    person.stop()
    assert person.window.close()


def _train_and_kill(words: list[str]) -> None:
    """The power goes off a few steps after a checkpoint."""
    command = [sys.executable, "-m", "engine", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            events = (json.loads(line)["event"] for line in process.stdout)
            assert "CheckpointSaved" in events
            assert "StepsTaken" in events
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


def test_a_file_dropped_on_home_begins_a_run(person: Person, reviews_csv: Path) -> None:
    person.open_window()
    drop(person.window.page("home"), reviews_csv)
    assert person.window.place == "wizard"
    assert person.text("source-name") == "reviews.csv"
    person.wait(lambda: "400 rows" in person.text("source-facts"))
    person.wait(lambda: person.visible("positive-label"))
    labels = person.see("positive-label", QComboBox)
    assert {labels.itemText(index) for index in range(labels.count())} == {"good", "bad"}
    person.press("go_home")
    assert person.window.close()


def test_every_place_is_one_click_away(person: Person) -> None:
    person.open_window(1024, 700)
    for place in ("wizard", "settings", "home"):
        person.press(f"go_{place}")
        assert person.window.place == place
        assert person.window.page(place).isVisible()
        assert any(person.words_shown())
    assert person.window.close()
