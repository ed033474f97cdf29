"""The one sentence over the curves says what the curves say."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic_history import Shape, steps_taken, synthetic_history

from engine import events
from engine.config.run import RunConfig
from engine.config.task import Classification, MeanSquaredError
from engine.messages import message
from engine.runs.history import History
from studio.pages.training.measures import F1, LOSS
from studio.pages.training.verdict import overfitting_since, trend_of, verdict

pytestmark = pytest.mark.usefixtures("look")
CONFIG = RunConfig()


def test_nothing_yet() -> None:
    found = verdict(History(), CONFIG, "running")
    assert found.kind == "waiting"
    assert "getting ready" in found.sentence


def test_just_begun_names_the_first_look() -> None:
    history = synthetic_history(Shape(steps=5))
    assert verdict(history, CONFIG, "running").sentence.endswith("comes at step 100.")


def test_loss_falls_before_the_first_look() -> None:
    found = verdict(synthetic_history(Shape(steps=39)), CONFIG, "running")
    assert found.kind == "learning"
    assert "in 39 steps" in found.sentence


def test_passed_the_baseline_and_rising() -> None:
    history = synthetic_history(Shape(steps=240, noise=0.0))
    found = verdict(history, CONFIG, "running")
    assert found.kind == "learning"
    assert found.sentence == "Yes, it is learning: F1 passed word counting at step 200 and is still getting better."


def test_passed_and_flat() -> None:
    found = verdict(synthetic_history(Shape(steps=1200, total=1200, speed=60)), CONFIG, "running")
    assert found.kind == "flat"
    assert "levelled off" in found.sentence


def test_on_the_way_to_the_baseline() -> None:
    found = verdict(synthetic_history(Shape(steps=120, noise=0.0)), CONFIG, "running")
    assert found.kind == "learning"
    assert "on its way to the 88.6 %" in found.sentence


def test_stuck_below_the_baseline() -> None:
    found = verdict(synthetic_history(Shape(steps=800, total=900, top=0.7, speed=40)), CONFIG, "running")
    assert found.kind == "behind"
    assert "below the 88.6 %" in found.sentence


def test_without_a_baseline() -> None:
    found = verdict(synthetic_history(Shape(steps=160, baseline=None, noise=0.0)), CONFIG, "running")
    assert found.kind == "learning"
    assert "word counting" not in found.sentence


def test_learning_by_heart() -> None:
    found = verdict(synthetic_history(Shape(steps=600, validation_rise=0.05)), CONFIG, "running")
    assert found.kind == "overfitting"
    assert "since step" in found.sentence


def test_a_flat_validation_loss_is_no_overfitting() -> None:
    assert overfitting_since(synthetic_history(Shape(steps=600))) is None


@pytest.mark.parametrize(
    ("state", "words"), [("paused", "It waits after step 400"), ("interrupted", "It was interrupted after step 400")]
)
def test_waiting_runs(state: str, words: str) -> None:
    assert verdict(synthetic_history(), CONFIG, state).sentence.startswith(words)


def test_finished_against_the_baseline() -> None:
    good = verdict(synthetic_history(Shape(steps=600)), CONFIG, "finished")
    assert good.kind == "done"
    assert "against 88.6 % of word counting" in good.sentence
    poor = verdict(synthetic_history(Shape(steps=600, top=0.7)), CONFIG, "finished")
    assert poor.kind == "behind"


def test_stopped_names_what_is_kept() -> None:
    found = verdict(synthetic_history(), CONFIG, "stopped")
    assert found.sentence.startswith("Stopped; the best is kept: F1 9")


def test_ended_before_a_first_look() -> None:
    assert "before a first look" in verdict(synthetic_history(Shape(steps=10)), CONFIG, "stopped").sentence


def test_failed_says_what() -> None:
    history = synthetic_history()
    history.append(
        events.RunFailed(step=77, what=message("The loss is not finite."), where=message("x"), mend=message("y"))
    )
    found = verdict(history, CONFIG, "failed")
    assert found == found.__class__("failed", "It stopped at step 77: The loss is not finite.")


def test_a_number_as_target_gets_better_when_it_falls() -> None:
    config = RunConfig(task=Classification(loss=MeanSquaredError()))
    history = History()
    history.append(steps_taken(1, 50, np.random.default_rng(0), Shape()))
    for step, error in ((10, 0.9), (20, 0.7), (30, 0.5), (40, 0.4)):
        history.append(
            events.Evaluated(step=step, split="validation", metrics={"mae": error, "loss": error}, num_rows=9)
        )
    found = verdict(history, config, "running")
    assert found.sentence == "Yes, it is learning: mean error is 0.4 and still getting better."


def test_trends() -> None:
    assert trend_of(np.array([0.5, 0.6, 0.7, 0.8]), F1) == "rising"
    assert trend_of(np.array([0.5, 0.6, 0.7, 0.8]), LOSS) == "falling"
    assert trend_of(np.array([0.8, 0.802, 0.799, 0.801]), F1) == "flat"
    assert trend_of(np.array([0.8]), F1) == "flat"


def test_the_best_of_numbers_is_that_of_the_kept_checkpoint() -> None:
    """It is kept by its squared error, so another one may have a smaller mean error."""
    config = RunConfig(task=Classification(loss=MeanSquaredError()))
    history = History()
    history.append(steps_taken(1, 30, np.random.default_rng(0), Shape(steps=30)))
    for step, mse, mae in ((10, 1.0, 0.7), (20, 0.8, 0.6), (30, 0.9, 0.5)):
        metrics = {"loss": mse, "mse": mse, "mae": mae, "r2": 0.5}
        history.append(events.Evaluated(step=step, split="validation", metrics=metrics, num_rows=50))
        if step < 30:
            saved = events.CheckpointSaved(step=step, path=f"step-{step}", is_best=True, metric="loss", value=mse)
            history.append(saved)
    assert "mean error 0.6 at its best, step 20" in verdict(history, config, "finished").sentence
