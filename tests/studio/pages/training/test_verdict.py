"""The one sentence over the curves says what the curves say."""

from __future__ import annotations

import numpy as np
import pytest

from engine import events
from engine.config.losses import MeanSquaredError
from engine.config.run import RunConfig
from engine.config.tasks.classification import Classification
from engine.messages import message
from engine.runs.history import History
from studio.pages.training.verdict import longer, verdict, ways_on
from studio.tasks.classification.verdict import overfitting_since, trend_of
from studio.tasks.judgement import Verdict
from studio.tasks.measures import F1, LOSS
from tests.studio.synthetic_history import Shape, steps_taken, synthetic_history

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
    assert "F1 passed word counting at step 200" in found.sentence and "still" in found.sentence


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
    assert "clearly worse than the 88.6 %" in found.sentence


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
    assert "clearly better than word counting" in good.sentence
    assert good.sentence.endswith("against 88.6 %.")
    poor = verdict(synthetic_history(Shape(steps=600, top=0.7)), CONFIG, "finished")
    assert poor.kind == "beaten"
    assert "clearly worse than word counting: F1 70" in poor.sentence


def told(
    values: list[float],
    baseline: float | None,
    state: str = "running",
    *,
    rows: int = 400,
    total: int = 600,
    key: str = "f1",
    width: float | None = None,
) -> Verdict:
    """What is said of a run with these evaluations, 100 steps apart, beside word counting on the same rows."""
    history = History()
    history.append(_begun(total))
    if baseline is not None:
        metrics = {key: baseline, "loss": 0.4, "precision": baseline, "recall": baseline}
        history.append(events.BaselineEvaluated(split="validation", metrics=metrics, num_rows=rows, seconds=1.0))
    for place, value in enumerate(values):
        step = 100 * (place + 1)
        history.append(steps_taken(step - 99, step, np.random.default_rng(0), Shape()))
        intervals = {} if width is None else {key: width}
        metrics = {key: value, "loss": 1.0 - 0.01 * place}
        history.append(
            events.Evaluated(step=step, split="validation", metrics=metrics, num_rows=rows, intervals=intervals)
        )
    config = RunConfig() if key == "f1" else RunConfig(task=Classification(loss=MeanSquaredError()))
    return verdict(history, config, state)


def _begun(total: int) -> events.RunStarted:
    return events.RunStarted(
        total_steps=total,
        steps_per_epoch=100.0,
        num_parameters=1,
        rows={},
        labels=[],
        positive_label=None,
        device="CPU",
        precision="fp32",
        process=1,
    )


@pytest.mark.parametrize("state", ["finished", "stopped"])
@pytest.mark.parametrize(
    ("reached", "baseline", "rows", "kind"),
    [
        (0.339, 0.658, 400, "beaten"),
        (0.93, 0.88, 400, "done"),
        (0.90, 0.88, 400, "level"),
        (0.86, 0.88, 400, "level"),
        (0.88, 0.88, 400, "level"),
        (0.90, 0.88, 40_000, "done"),
        (0.86, 0.88, 40_000, "beaten"),
        (1.0, 0.0, 3, "done"),
        (1.0, 0.7, 10, "level"),
        (0.0, 1.0, 400, "beaten"),
        (1.0, 1.0, 400, "level"),
    ],
)
def test_an_end_is_won_lost_or_too_close_to_call(
    reached: float, baseline: float, rows: int, kind: str, state: str
) -> None:
    found = told([reached], baseline, state, rows=rows)
    assert found.kind == kind
    said = {"done": "clearly better", "level": "no clear difference from", "beaten": "clearly worse"}[kind]
    assert f"{said} " in found.sentence
    assert found.sentence.startswith("Stopped" if state == "stopped" else "It is done")
    assert "as well" not in found.sentence


def test_numbers_are_judged_by_their_own_interval() -> None:
    assert told([0.5], 0.6, "finished", key="mae", width=0.02).kind == "done"
    assert told([0.5], 0.6, "finished", key="mae", width=0.2).kind == "level"
    assert told([0.7], 0.5, "finished", key="mae", width=0.02).kind == "beaten"
    assert told([0.7], 0.5, "finished", key="mae", rows=4000).kind == "beaten"
    assert told([0.7], 0.5, "finished", key="mae", rows=4).kind == "level"


@pytest.mark.parametrize(
    ("values", "kind", "said"),
    [
        ([0.2, 0.3, 0.4], "learning", "on its way to the 65.8 %"),
        ([0.30, 0.34, 0.337, 0.34, 0.338, 0.339], "behind", "stays near 33.9 %"),
        ([0.1, 0.3, 0.5, 0.34], "behind", "stays near 34.0 %"),
        ([0.5, 0.45, 0.4, 0.34], "falling", "getting worse"),
        ([0.30, 0.31, 0.32, 0.33, 0.339], "behind", "too slowly"),
        ([0.3, 0.45, 0.6, 0.64], "learning", "as far as the 65.8 % of word counting"),
        ([0.648, 0.65, 0.648, 0.65], "flat", "no clear difference from"),
        ([0.7, 0.68, 0.66, 0.62], "falling", "getting worse"),
    ],
)
def test_on_its_way_only_while_the_curve_rises(values: list[float], kind: str, said: str) -> None:
    found = told(values, 0.658)
    assert (found.kind, said in found.sentence) == (kind, True), found
    assert ("on its way" in found.sentence) == (said.startswith("on its way"))


def test_an_error_that_falls_too_slowly() -> None:
    found = told([0.99, 0.97, 0.95, 0.93], 0.3, key="mae", width=0.02)
    assert (found.kind, "ends above the 0.3" in found.sentence) == ("behind", True)


def test_learning_by_heart_below_word_counting_is_said() -> None:
    found = verdict(synthetic_history(Shape(steps=600, top=0.7, validation_rise=0.05)), CONFIG, "running")
    assert found.kind == "overfitting"
    assert "clearly worse than the 88.6 %" in found.sentence


def test_what_may_follow_a_run() -> None:
    history = synthetic_history(Shape(steps=600))
    assert ways_on(history, CONFIG, "finished") == ("evaluation", "longer", "model", "settings")
    assert ways_on(history, CONFIG, "stopped") == ("evaluation", "model", "settings")
    assert ways_on(History(), CONFIG, "finished") == ("longer", "model", "settings")
    for state in ("running", "paused", "interrupted", "failed"):
        assert ways_on(history, CONFIG, state) == ()


def test_training_longer_waits_longer_where_waiting_ended_it() -> None:
    patient = CONFIG.with_values({"training.best.patience": 3})
    early, whole = synthetic_history(Shape(steps=400)), synthetic_history(Shape(steps=600))
    assert longer(early, patient).training.best.patience == 6
    assert longer(whole, patient).training.best.patience == 3
    assert longer(whole, CONFIG).training.max_steps == 2 * CONFIG.training.max_steps


def test_stopped_names_what_is_kept() -> None:
    found = verdict(synthetic_history(), CONFIG, "stopped")
    assert found.sentence.startswith("Stopped; the best is kept, clearly better than word counting: F1 9")


def test_ended_before_a_first_look() -> None:
    assert "before a first look" in verdict(synthetic_history(Shape(steps=10)), CONFIG, "stopped").sentence


def test_failed_says_what() -> None:
    history = synthetic_history()
    history.append(
        events.RunFailed(step=77, what=message("The loss is not finite."), where=message("x"), mend=message("y"))
    )
    found = verdict(history, CONFIG, "failed")
    assert found.kind == "failed" and "step 77" in found.sentence and "The loss is not finite." in found.sentence


def test_a_number_as_target_gets_better_when_it_falls() -> None:
    config = RunConfig(task=Classification(loss=MeanSquaredError()))
    history = History()
    history.append(steps_taken(1, 50, np.random.default_rng(0), Shape()))
    for step, error in ((10, 0.9), (20, 0.7), (30, 0.5), (40, 0.4)):
        history.append(
            events.Evaluated(step=step, split="validation", metrics={"mae": error, "loss": error}, num_rows=9)
        )
    found = verdict(history, config, "running")
    assert "mean error is 0.4" in found.sentence and "still" in found.sentence


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
