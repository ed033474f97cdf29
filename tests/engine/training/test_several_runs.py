"""Several labels a text are learned under every adversary, in parts of a batch, and after guessing words."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine import verbs
from engine.config.adversary import FGM, VAT, Adversary, AttentionAdversary, FreeLB
from engine.config.losses import BinaryCrossEntropy
from engine.config.run import RunConfig
from engine.config.tasks.classification import Classification
from engine.events import BaselineEvaluated, Evaluated, RunFinished, RunStarted
from engine.runs.run import Run
from engine.tasks.classification.task import ClassificationTask
from engine.training.adversary import make_adversary
from tests.engine.encoders import make_encoder
from tests.engine.training.small_tasks import make_batch, make_task, part_of, turn

SMALL = {
    "data.builtin": {"topic": "aspects", "num_rows": 240},
    "data.max_length": 48,
    "model.embedding_size": 24,
    "model.hidden_size": 16,
    "task.multi_label": True,
    "training.max_steps": 6,
    "training.micro_batch_size": 16,
    "training.evaluate_every": 3,
    "training.optimizer.learning_rate": 0.02,
    "training.device": "cpu",
}


def several_task(kind: str, folder: Path) -> ClassificationTask:
    task = make_task(kind, folder, BinaryCrossEntropy())
    spec = Classification(loss=BinaryCrossEntropy(), multi_label=True)
    task.model.config.multi_label = True
    return ClassificationTask(RunConfig(task=spec), task.model, None, task.labels, None, torch.device("cpu"))  # type: ignore[arg-type]


@pytest.mark.parametrize("spec", [None, FGM(), FreeLB(), VAT(norm=1.0), AttentionAdversary()], ids=str)
def test_parts_of_a_batch_add_up(spec: Adversary | None, tmp_path: Path) -> None:
    task = several_task("recurrent", tmp_path)
    adversary = make_adversary(spec, task) if spec else None
    batch = make_batch([9, 9, 9, 9])
    labels = torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])
    batch = replace(batch, targets={"labels": labels})
    torch.manual_seed(5)
    _, whole = turn(task, [batch], adversary)
    torch.manual_seed(5)
    _, parts = turn(task, [part_of(batch, 0, 2), part_of(batch, 2, 4)], adversary)
    assert any(float(one.abs().max()) > 1e-4 for one in whole)
    for one, other in zip(whole, parts, strict=True):
        assert torch.allclose(one, other, atol=1e-6)


def trained(folder: Path, **changes: Any) -> tuple[Run, list[Any]]:
    run = verbs.create(RunConfig().with_values({**SMALL, **changes}), folder, None)
    found: Generator[Any, Any, None] = verbs.train(run)
    return run, [event for event in found if event is not None]


def of_kind(told: list[Any], kind: type) -> list[Any]:
    return [event for event in told if isinstance(event, kind)]


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[Any]]:
    """Balanced and smoothed, after guessing words, with two micro-batches an update."""
    changes = {
        "task.loss": {"name": "binary-cross-entropy", "class_weights": "balanced", "label_smoothing": 0.05},
        "training.pretraining": {"name": "language-model", "steps": 2},
        "training.accumulation": {"name": "fixed", "steps": 2},
        "training.max_steps": 8,
        "data.builtin": {"topic": "aspects", "num_rows": 240, "label_noise": 0.1},
    }
    return trained(tmp_path_factory.mktemp("runs"), **changes)


def test_a_whole_run(weighed: tuple[Run, list[Any]]) -> None:
    run, told = weighed
    started, finished = of_kind(told, RunStarted)[0], of_kind(told, RunFinished)[0]
    assert len(started.labels) == 6 and started.positive_label is None and finished.state == "finished"
    assert finished.best["metric"] == "f1"
    for event in (*of_kind(told, Evaluated), *of_kind(told, BaselineEvaluated)):
        assert {"accuracy", "precision", "recall", "f1", "f1_micro"} <= event.metrics.keys()
    assert of_kind(told, BaselineEvaluated)[0].metrics["f1"] > 0.25
    weights = verbs.evaluate(run, None, None).labels, run.config.task.loss.class_weights
    assert weights[1] == "balanced"


def test_rare_answers_weigh_more(weighed: tuple[Run, list[Any]]) -> None:
    from engine.inspection.subjects.loaded_models import trained as opened

    config = opened(weighed[0]).model.config
    assert config.multi_label and len(config.class_weights) == 6 and min(config.class_weights) > 1


def test_answers_are_sets(weighed: tuple[Run, list[Any]]) -> None:
    run, _ = weighed
    answers = finished(verbs.examine(run, split="validation"))
    assert (
        answers.kind == "several" and answers.truths.dtype == np.bool_ and answers.truths.shape == answers.logits.shape
    )
    found = verbs.evaluate(run, None, "validation")
    said = answers.logits >= 0
    assert found.metrics["accuracy"] == pytest.approx((said == answers.truths).all(axis=1).mean())
    assert found.confusion == () and found.labels == answers.labels


def test_an_encoder_learns_several(tmp_path: Path) -> None:
    make_encoder(tmp_path / "encoder")
    model = {"name": "pretrained", "source": str(tmp_path / "encoder"), "adaptation": {"name": "lora"}}
    values = {path: value for path, value in SMALL.items() if not path.startswith("model.")}
    run = verbs.create(RunConfig().with_values({**values, "model": model, "training.baseline": False}), tmp_path, None)
    told = list(verbs.train(run))
    assert of_kind(told, RunFinished)[0].state == "finished"
    assert finished(verbs.examine(run)).kind == "several"


@pytest.mark.slow
@pytest.mark.parametrize(("recipe", "metric"), [("several-labels", "f1"), ("stars", "r2")])
def test_the_recipes_pass_word_counting(recipe: str, metric: str, tmp_path: Path) -> None:
    run = verbs.create(verbs.load_config(recipe, {"training.device": "cpu"}), tmp_path, None)
    told = [event for event in verbs.train(run) if event is not None]
    line = of_kind(told, BaselineEvaluated)[-1].metrics[metric]
    reached = of_kind(told, Evaluated)[-1].metrics[metric]
    assert 0.3 < line < 0.95 < reached, "good, not perfect; and the model is better"


def test_a_number_is_judged_by_its_errors(tmp_path: Path) -> None:
    changes = {
        "data.builtin": {"topic": "stars", "num_rows": 240},
        "task": {"name": "classification", "loss": {"name": "mse"}},
    }
    values = {path: value for path, value in SMALL.items() if not path.startswith("task.")}
    run = verbs.create(RunConfig().with_values({**values, **changes}), tmp_path, None)
    told = list(verbs.train(run))
    event = of_kind(told, Evaluated)[0]
    assert {"mse", "mae", "r2"} <= event.metrics.keys() and event.intervals.keys() == {"mse", "mae"}
    assert of_kind(told, BaselineEvaluated)[0].metrics["r2"] > 0.05
    assert of_kind(told, RunFinished)[0].best["metric"] == "loss"


def finished(asked: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(asked)
        except StopIteration as stop:
            return stop.value
