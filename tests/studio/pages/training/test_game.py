"""The Training page of a text GAN, and of runs that learn to guess words first: players, lines, figures, sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from engine import events
from engine.config.run import RunConfig
from engine.runs.history import History
from studio.pages.training.explorer_panels import course_of
from studio.pages.training.gauges_card import Gauge
from studio.pages.training.progress_card import ProgressCard
from studio.pages.training.verdict import verdict
from studio.plots.charts.explorer import Explorer
from studio.plots.charts.learning_curve import CurvePlot
from studio.tasks.registry import view_of
from studio.widgets.run_summary import summarize
from studio.widgets.stat_tile import StatTile
from tests.studio.desk import figures_in
from tests.studio.made_gan_runs import REAL, Course, gan_config, gan_events
from tests.studio.pages.training.test_page import TrainingDesk
from tests.studio.synthetic_history import Shape, SyntheticEntry, steps_taken, synthetic_history

PATH = Path("/runs/captions")
GOOD = Course(steps=4_000, total=8_000, best=4_000, collapses_after=None)
REHEARSING = Course(steps=600, every=200, collapses_after=None)
pytestmark = pytest.mark.usefixtures("look")


def told(course: Course) -> History:
    history = History()
    for event in gan_events(course):
        history.append(event)
    return history


def told_to(setter: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[Any, ...]]]:
    """What each plot is told to draw by one of its setters."""
    told: dict[str, list[tuple[Any, ...]]] = defaultdict(list)

    def listening(plot: CurvePlot, *given: Any) -> None:
        told[plot.objectName()].append(given)
        setter(plot, *given)

    monkeypatch.setattr(CurvePlot, setter.__name__, listening)
    return told


def gauges(desk: TrainingDesk) -> dict[str, Gauge]:
    """Those that are shown, by what they show."""
    return {one.objectName(): one for one in desk.page.findChildren(Gauge) if one.isVisible()}


def rate(desk: TrainingDesk) -> str:
    return desk.find("learningRateField", QLineEdit).text()


def finished(history: History, step: int) -> History:
    history.append(events.CheckpointSaved(step=step, path="x", is_best=True, metric="reverse_perplexity", value=70.0))
    return history


def test_curves_of_all_players_and_what_real_text_has(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    levels, turns = told_to(CurvePlot.set_level, monkeypatch), told_to(CurvePlot.set_turn, monkeypatch)
    desk = TrainingDesk(qtbot, told(GOOD), config=gan_config())
    losses = set(desk.plot("lossPlot").line_ends())
    assert losses == {"train:pretraining", "train:discriminator", "train:generator", "validation"}
    quality = desk.plot("qualityPlot")
    assert set(quality.line_ends()) == {
        "self_bleu_4",
        "distinct_2",
        "discriminator_precision",
        "discriminator_recall",
    }
    drawn = {key: level for key, level, _ in levels["qualityPlot"] if level is not None}
    assert drawn == {"self_bleu_4": REAL["self_bleu_4"], "distinct_2": REAL["distinct_2"]}
    assert turns["lossPlot"][-1] == (800, "rehearsal ends")


def test_only_what_moves_is_shown_beside(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot, told(GOOD), config=gan_config())
    assert list(gauges(desk)) == ["temperature"]
    assert gauges(desk)["temperature"].plot.line_ends()["gauge"] == pytest.approx(100 ** (3200 / 7200))
    assert not gauges(TrainingDesk(qtbot, told(REHEARSING), config=gan_config()))


def test_noise_and_accumulation_are_curves_where_they_vary(qtbot: QtBot) -> None:
    history = synthetic_history(Shape(steps=40))
    taken = steps_taken(41, 60, np.random.default_rng(0), Shape())
    counts = np.arange(2, 22)
    history.append(
        events.StepsTaken(
            steps=taken.steps,
            losses=taken.losses,
            learning_rates=taken.learning_rates,
            gradient_norms=taken.gradient_norms,
            accumulation=counts,
            gauges={"noise_scale": 30.0 * counts, "adversary_loss": taken.losses["model"] + 0.2},
        )
    )
    config = RunConfig().with_values(
        {"training.accumulation.name": "noise-scale", "training.adversary.name": "fgm", "training.max_steps": 600}
    )
    desk = TrainingDesk(qtbot, history, config=config)
    assert list(gauges(desk)) == ["noise_scale", "accumulation"]
    assert "adversary" in desk.plot("lossPlot").line_ends()
    (batch,) = [tile for tile in desk.page.findChildren(StatTile) if tile.property("tile") == "batch"]
    assert batch.accessibleName() == "Effective batch: 32 × 21 = 672"
    assert figures_in(batch.accessibleDescription()) == ["2", "21"]
    assert {panel.key for panel in course_of(history, config).panels} >= {"noise_scale", "accumulation"}


def test_figures_stand_beside_real_text_and_the_rehearsal(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot, told(GOOD), config=gan_config())
    tiles = desk.page.findChildren(StatTile)[:2]
    assert tiles[0].accessibleName().startswith("Different word pairs: 4")
    assert tiles[1].accessibleName().startswith("Reverse perplexity: 8")
    assert tiles[1].accessibleDescription() == "real 61, rehearsal 92"


def test_the_rate_to_change_is_that_of_who_learns_now(qtbot: QtBot) -> None:
    assert view_of(gan_config().task).training.main_player(told(REHEARSING), gan_config()) == "pretraining"
    desk = TrainingDesk(qtbot, told(GOOD), config=gan_config())
    assert rate(desk) == "0.0001"
    assert rate(TrainingDesk(qtbot, told(REHEARSING), config=gan_config())) == "0.003"


def test_all_curves_can_be_looked_into(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot, told(REHEARSING), config=gan_config())
    desk.page.look_closer()
    explorer = desk.part(Explorer)
    explorer.refresh()
    before, after = course_of(told(REHEARSING), gan_config()), course_of(told(GOOD), gan_config())
    assert [(one.key, [trace.key for trace in one.traces]) for one in before.panels] == [
        (one.key, [trace.key for trace in one.traces]) for one in after.panels
    ]
    keys = {panel.key for panel in after.panels}
    assert keys >= {"loss", "variety", "critic", "reach", "surprise", "others", "temperature", "learning_rate"}
    explorer.close()


def test_it_says_that_it_rehearses(qtbot: QtBot) -> None:
    desk = TrainingDesk(qtbot, told(REHEARSING), config=gan_config())
    sentence = desk.says("verdict")
    assert sentence.startswith("It rehearses: it learns to guess the next word, loss fell from ")
    assert sentence.endswith("The game begins after step 800.")
    assert desk.part(ProgressCard).title.text() == "Rehearsal"


def test_it_says_how_varied_its_texts_are() -> None:
    course = Course(steps=7_200, best=7_200, collapses_after=None)
    good = verdict(told(course), gan_config(), "running")
    assert good.kind == "learning"
    assert good.sentence.startswith("Its texts are as varied as real ones. Reverse perplexity 8")
    assert good.sentence.endswith(", real text 61.")
    bad = verdict(told(Course()), gan_config(), "running")
    assert bad.kind == "overfitting" and "repeat themselves since step" in bad.sentence


def test_in_the_end_it_says_whether_the_game_gained_anything() -> None:
    played = verdict(finished(told(GOOD), 3_600), gan_config(), "finished")
    assert played.kind == "done"
    assert "at its best, step 3,600; real text 61." in played.sentence
    in_vain = verdict(finished(told(GOOD), 800), gan_config(), "finished")
    assert in_vain.kind == "beaten" and "the game gained nothing" in in_vain.sentence
    stopped = verdict(finished(told(GOOD), 3_600), gan_config(), "stopped")
    assert stopped.sentence.startswith("Stopped; the best is kept: reverse perplexity")
    assert "before its first texts" in verdict(History(), gan_config(), "stopped").sentence


def test_a_classifier_that_guesses_words_first_says_so() -> None:
    config = RunConfig().with_values({"training.pretraining.name": "language-model", "training.pretraining.steps": 300})
    history = synthetic_history(Shape(steps=0))
    steps = np.arange(1, 201)
    curve = 2 + np.exp(-steps / 50)
    history.append(
        events.StepsTaken(
            steps=steps,
            losses={"pretraining": curve},
            learning_rates={"pretraining": curve},
            gradient_norms={"pretraining": curve},
            accumulation=np.ones(200, dtype=np.int64),
        )
    )
    found = verdict(history, config, "running")
    assert found.kind == "learning" and "guess the next word" in found.sentence
    assert found.sentence.endswith("begins after step 300.")
    assert view_of(config.task).training.players_of(config) == ("pretraining", "model")


def test_few_labels_have_a_generator_beside_the_model() -> None:
    config = RunConfig().with_values({"task.name": "semi-supervised"})
    assert view_of(config.task).training.players_of(config) == ("model", "generator")
    assert view_of(config.task).training.main_player(History(), config) == "model"


def test_the_list_of_runs_says_true_things() -> None:
    entry = SyntheticEntry(PATH, told(GOOD), "finished", gan_config())
    summary = summarize(entry)
    assert summary.words.startswith("done · reverse perplexity 8")
    assert len(summary.steps) == 10 and summary.values[-1] == pytest.approx(0.48, abs=0.03)
    assert np.isnan(summary.precision)
