"""Whole IMDB: recipes over seeds, beside the bag of words.

    python -m tests.benchmarks.imdb --recipes lstm-baseline attention --seeds 3

One line of JSON a run, then a table: accuracy, precision and recall at .5, and precision at recall .85 on the test
set with the threshold taken from validation.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine import events, verbs
from engine.data.splits import load_splits
from engine.inspection.answers import answer_rows
from engine.metrics.classification import classification_metrics
from engine.metrics.threshold import precision_recall_at, threshold_for_recall
from engine.models.baseline import BagOfWords
from engine.runs.run import Run

RECALL = 0.85
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "imdb"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--recipes", nargs="+", default=["lstm-baseline", "attention"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=None, help="training rows (all)")
    parser.add_argument("--set", nargs="+", default=[])
    parser.add_argument("--no-baseline", action="store_true")
    asked = parser.parse_args()
    found: list[dict[str, Any]] = []
    for recipe in asked.recipes:
        for seed in range(asked.first_seed, asked.first_seed + asked.seeds):
            found.append(_train(recipe, seed, asked))
            print(json.dumps(found[-1]), flush=True)
    if not asked.no_baseline:
        found.append(_bag_of_words())
        print(json.dumps(found[-1]), flush=True)
    _print_table(found)


def _train(recipe: str, seed: int, asked: argparse.Namespace) -> dict[str, Any]:
    changes: dict[str, object] = {
        "data.train": str(SHARED / "train.csv"),
        "data.test": str(SHARED / "test.csv"),
        "data.text": "text",
        "data.label": "label",
        "data.max_rows": asked.rows,
        "training.baseline": False,
        "seed": seed,
        **dict(pair.split("=", 1) for pair in asked.set),
    }
    run = verbs.create(verbs.load_config(recipe, changes), asked.runs, f"{recipe}-{seed}-{int(time.time())}")
    began = time.perf_counter()
    speeds = [event.tokens_per_second for event in verbs.train(run) if isinstance(event, events.Progressed)]
    scores = {split: _scores(run, split) for split in ("validation", "test")}
    return {
        "recipe": recipe,
        "seed": seed,
        **_figures(scores),
        "seconds": time.perf_counter() - began,
        "tokens_per_second": float(np.median(speeds)),
    }


def _scores(run: Run, split: str) -> tuple[np.ndarray, np.ndarray]:
    truths, probabilities = answer_rows(run, split)
    return truths, probabilities


def _figures(scores: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Labels are neg, pos; pos is id 1."""
    truths, probabilities = scores["test"]
    metrics = classification_metrics(probabilities, truths, ("neg", "pos"), "pos")
    threshold = threshold_for_recall(scores["validation"][1][:, 1], scores["validation"][0] == 1, RECALL)
    precision, recall = precision_recall_at(probabilities[:, 1], truths == 1, threshold)
    wanted = {name: metrics[name] for name in ("accuracy", "precision", "recall", "f1")}
    return {**wanted, "precision_at_recall": precision, "recall_there": recall}


def _bag_of_words() -> dict[str, Any]:
    config = verbs.load_config(
        "attention", {"data.train": str(SHARED / "train.csv"), "data.test": str(SHARED / "test.csv")}
    )
    splits = load_splits(config.data, config.task, 0)
    began = time.perf_counter()
    model = BagOfWords.fit(splits.splits["train"]["text"], splits.splits["train"]["label"], 0)
    scores = {}
    for split in ("validation", "test"):
        rows = splits.splits[split]
        truths = np.array([splits.labels.index(label) for label in rows["label"]])
        scores[split] = (truths, model.predict_probabilities(rows["text"]))
    return {"recipe": "bag of words", "seed": 0, **_figures(scores), "seconds": time.perf_counter() - began}


def _print_table(found: list[dict[str, Any]]) -> None:
    names = ("accuracy", "precision", "recall", "f1", "precision_at_recall", "recall_there", "seconds")
    print("| model | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for recipe in dict.fromkeys(one["recipe"] for one in found):
        runs = [one for one in found if one["recipe"] == recipe]
        cells = []
        for name in names:
            values = np.array([one[name] for one in runs])
            digits = 0 if name == "seconds" else 4
            spread = f" ± {values.std(ddof=1):.{digits}f}" if len(values) > 1 else ""
            cells.append(f"{values.mean():.{digits}f}{spread}")
        print(f"| {recipe} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
