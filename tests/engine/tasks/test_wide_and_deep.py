"""A network beside word counting: fitted first, learned from what did not see the text, resumed to the bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.breath import drain
from engine.commands import Stop
from engine.config.run import RunConfig, from_tree
from engine.data.splitting.splits import load_splits
from engine.data.tokens.batches import in_order
from engine.errors import InputError
from engine.events import CheckpointSaved, Noticed, RunStarted, StepsTaken
from engine.inspection.attribution.attribute import attribute
from engine.inspection.counting.speaking import speaking_words
from engine.inspection.subjects.loaded_models import trained
from engine.models.capture import read_attention
from engine.models.counting.wide_and_deep import WideAndDeepClassifier
from engine.runs.checkpoints import checkpoint_path
from engine.runs.run import Run
from engine.tasks.classification.task import COUNTING, ClassificationTask
from engine.tasks.material import Material, make_tokenizer
from engine.tasks.registry import make_material, make_task
from engine.training.device import place
from engine.training.prepare import resume, train
from engine.training.stepper import Stepper

NETWORK = {"embedding_size": 8, "hidden_size": 6}


def config(**training: Any) -> RunConfig:
    settings = {"max_steps": 6, "micro_batch_size": 8, "evaluate_every": 2, "baseline": False, "probes": []}
    return from_tree(
        {
            "data": {"builtin": {"topic": "messages", "num_rows": 120}, "max_length": 48},
            "model": {"name": "wide-and-deep", "counting": {"seconds": 0}, "network": NETWORK},
            "training": {**settings, **training},
        }
    )


def made() -> tuple[ClassificationTask, WideAndDeepClassifier, Material]:
    chosen = config()
    splits = load_splits(chosen.data, chosen.task, chosen.seed)
    material = make_material(chosen, splits, make_tokenizer(chosen, splits))
    torch.manual_seed(0)
    task = make_task(chosen, material, place(chosen.training).device)
    assert isinstance(task, ClassificationTask) and isinstance(task.model, WideAndDeepClassifier)
    return task, task.model, material


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    found = Run.create(config(), tmp_path_factory.mktemp("runs"), "both")
    for _ in train(found):
        pass
    return found


def losses_by_step(events: list[Any]) -> dict[int, float]:
    return {
        int(step): float(loss)
        for event in events
        if isinstance(event, StepsTaken)
        for step, loss in zip(event.steps, event.losses["model"], strict=True)
    }


def test_it_begins_by_saying_what_counting_says() -> None:
    task, model, material = made()
    task.fit(COUNTING, material.encoded["train"])
    model.eval()
    batch = next(in_order(material.encoded["validation"], 16))
    with torch.inference_mode():
        answers = model.table(batch.input_ids, batch.attention_mask.bool())
        logits = task.logits(batch)
    assert float(answers.abs().max()) > 0.1
    torch.testing.assert_close(logits[:, 1] - logits[:, 0], answers[:, 0])


def test_while_it_learns_counting_speaks_as_if_it_had_not_seen_the_text() -> None:
    task, model, material = made()
    task.fit(COUNTING, material.encoded["train"])
    batch = next(in_order(material.encoded["train"], 200))
    with torch.inference_mode():
        model.eval()
        seen = float(task.loss_of_logits(task.logits(batch), batch)[0])
        model.train()
        unseen = float(task.loss_of_logits(task.logits(batch), batch)[0])
    assert unseen > 1.5 * seen


def test_the_first_step_fits_and_the_network_reads_from_the_beginning() -> None:
    task, model, material = made()
    assert task.turns(1) == (COUNTING, "model") and task.turns(2) == ("model",)
    stepper = Stepper(config(), task, material, place(config().training))
    assert stepper.num_steps == 6 and stepper.is_fitted_at(1) and not stepper.is_fitted_at(2)
    stepper.take(1)
    assert stepper.streams.state()["train"] == 1
    table, leaning = model.table.weights.clone(), model.leaning.clone()
    stepper.take(2)
    assert torch.equal(table, model.table.weights) and not torch.equal(leaning, model.leaning)


@pytest.mark.slow
def test_a_resumed_run_repeats_the_losses_of_one_that_was_not_stopped(tmp_path: Path) -> None:
    whole = [one for one in train(Run.create(config(), tmp_path, "whole")) if one is not None]
    stopped = Run.create(config(), tmp_path, "stopped")
    training = train(stopped)
    for event in training:
        if isinstance(event, CheckpointSaved):
            training.send(Stop())
            break
    for _ in training:
        pass
    again = losses_by_step([one for one in resume(stopped) if one is not None])
    expected = losses_by_step(whole)
    assert sorted(again) == [3, 4, 5, 6]
    assert all(loss == expected[step] for step, loss in again.items())


def test_it_is_one_folder_with_its_words_and_its_attention(run: Run) -> None:
    folder = checkpoint_path(run, "best")
    assert len(load_file(folder / "unseen.safetensors")["rows"]) > 60 and not list(folder.glob("*.pkl"))
    model = trained(run)
    assert speaking_words(run, "fraud").runs
    record = read_attention(model.model, model.tokenizer, "you won a prize, call now", model.max_length)
    assert record.maps and np.allclose(record.maps[0].weights.sum(-1), 1, atol=1e-5)
    for method in ("leave-one-out", "gradient"):
        assert np.isfinite(drain(attribute(model, "you won a prize", method)).scores).all()  # type: ignore[arg-type]


def test_what_was_chosen_is_told(tmp_path: Path) -> None:
    events = [one for one in train(Run.create(config(max_steps=1), tmp_path, "told")) if one is not None]
    assert any(isinstance(one, Noticed) and "It counts" in one.message.id for one in events)
    assert next(one for one in events if isinstance(one, RunStarted)).total_steps == 1


@pytest.mark.parametrize(
    ("training", "where"),
    [
        ({"adversary": {"name": "vat"}}, "training.adversary"),
        ({"pretraining": {"name": "language-model", "steps": 1}}, "training.pretraining"),
    ],
)
def test_what_does_not_go_together_is_refused(training: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError) as refused:
        config(**training)
    assert f"| {where} |" in str(refused.value)
