"""Whole IMDB: recipes over seeds, beside the bag of words.

    python -m tests.benchmarks.imdb --recipes lstm-baseline attention --seeds 3

One line of JSON a run, then a table: accuracy, precision and recall at .5, and precision at recall .85 on the test
set with the threshold taken from validation (recall there is what the test then gives), and with the threshold at
which the test set itself has that recall.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine import verbs
from engine.data.splitting.splits import load_splits
from engine.inspection.prediction.split_answers import answer_rows
from engine.metrics.classification import classification_metrics
from engine.metrics.threshold import precision_recall_at, threshold_for_recall
from engine.models.baseline import BagOfWords
from engine.runs.history import open_history
from engine.runs.run import Run

RECALL = 0.85
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "imdb"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--recipes", nargs="+", default=["lstm-baseline", "attention"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--rows", type=int, default=None, help="training rows (all)")
    parser.add_argument("--set", nargs="+", default=[])
    parser.add_argument("--no-baseline", action="store_true")
    parser.add_argument("--measure", nargs="*", type=Path, default=None, help="runs trained before: only measure them")
    asked = parser.parse_args()
    found: list[dict[str, Any]] = []
    for path in asked.measure or ():
        found.append(_measure(Run.open(path)))
        print(json.dumps(found[-1]), flush=True)
    for recipe in asked.recipes if asked.measure is None else ():
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
    for _ in verbs.train(run):
        pass
    return _measure(run)


def _measure(run: Run) -> dict[str, Any]:
    history = open_history(run.journal)[0]
    assert history.progress is not None and history.best is not None
    scores = {split: answer_rows(run, split) for split in ("validation", "test")}
    return {
        "recipe": run.config.title,
        "seed": run.config.seed,
        "best_step": history.best.step,
        **_figures(scores),
        "seconds": history.progress.seconds,
    }


def _figures(scores: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Labels are neg, pos; pos is id 1."""
    truths, probabilities = scores["test"]
    metrics = classification_metrics(probabilities, truths, ("neg", "pos"), "pos")
    threshold = threshold_for_recall(scores["validation"][1][:, 1], scores["validation"][0] == 1, RECALL)
    precision, recall = precision_recall_at(probabilities[:, 1], truths == 1, threshold)
    own = threshold_for_recall(probabilities[:, 1], truths == 1, RECALL)
    wanted = {name: metrics[name] for name in ("accuracy", "precision", "recall", "f1")}
    return {
        **wanted,
        "precision_at_recall": precision,
        "recall_there": recall,
        "precision_at_own_recall": precision_recall_at(probabilities[:, 1], truths == 1, own)[0],
    }


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
    names = (
        "accuracy",
        "precision",
        "recall",
        "f1",
        "precision_at_recall",
        "recall_there",
        "precision_at_own_recall",
        "seconds",
    )
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
