"""Word counting on real data sets: whole test sets, thresholds from validation, processor seconds.

    python -m tests.benchmarks.word_counting --sets sms_spam imdb --recipe word-counting

One line of JSON a data set: accuracy, precision and recall (of the positive one of two labels, else the mean over
labels), and the precision on the test set at the threshold that gives recall .85 on validation, with the recall that
the test then has. Of many labels a text is answered where its likeliest label reaches the threshold: precision is the
share of right answers among them, recall that of right answers among all texts.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine import verbs
from engine.inspection.prediction.split_answers import answer_rows
from engine.metrics.classification import classification_metrics
from engine.metrics.threshold import precision_recall_at, threshold_for_recall
from engine.runs.checkpoints import checkpoint_path
from engine.runs.run import Run

RECALL = 0.85
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SETS: dict[str, dict[str, object]] = {
    "sms_spam": {"data.train": str(SHARED / "sms_spam" / "SMSSpamCollection")},
    "fraud": {"data.train": str(SHARED / "fraud" / "fraud_call.file")},
    "chnsenticorp": {
        "data.train": str(SHARED / "chnsenticorp" / "train.tsv"),
        "data.test": str(SHARED / "chnsenticorp" / "dev.tsv"),
    },
    "banking77": {
        "data.train": str(SHARED / "banking77" / "train.csv"),
        "data.test": str(SHARED / "banking77" / "test.csv"),
    },
    "sst2": {
        "data.train": str(SHARED / "sst2" / "train.tsv"),
        "data.validation": str(SHARED / "sst2" / "dev.tsv"),
        "data.test": str(SHARED / "sst2" / "test.tsv"),
    },
    "imdb": {
        "data.train": str(SHARED / "imdb" / "train.csv"),
        "data.test": str(SHARED / "imdb" / "test.csv"),
        "data.text": "text",
        "data.label": "label",
    },
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=list(SETS))
    parser.add_argument("--recipe", default="word-counting")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--set", nargs="+", default=[])
    asked = parser.parse_args()
    for name in asked.sets:
        for seed in range(asked.seeds):
            print(json.dumps(_measured(name, seed, asked)), flush=True)


def _measured(name: str, seed: int, asked: argparse.Namespace) -> dict[str, Any]:
    changes = {**SETS[name], "seed": seed, **dict(pair.split("=", 1) for pair in asked.set)}
    run = verbs.create(
        verbs.load_config(asked.recipe, changes), asked.runs, f"{name}-{asked.recipe}-{seed}-{int(time.time())}"
    )
    began = time.process_time()
    for _ in verbs.train(run):
        pass
    seconds = time.process_time() - began
    return {"set": name, "seed": seed, **_figures(run), "seconds": round(seconds, 1), "chosen": _chosen(run)}


def _figures(run: Run) -> dict[str, float]:
    labels = _config(run)["id2label"]
    named = tuple(labels[str(place)] for place in range(len(labels)))
    scores = {split: answer_rows(run, split) for split in ("validation", "test")}
    truths, probabilities = scores["test"]
    counts = np.bincount(scores["validation"][0], minlength=len(named))
    positive = named[int(counts.argmin())] if len(named) == 2 else None
    metrics = classification_metrics(probabilities, truths, named, positive)
    precision, recall = _at_recall(scores, int(counts.argmin()) if len(named) == 2 else None)
    found = {key: round(float(metrics[key]), 4) for key in ("accuracy", "precision", "recall")}
    return {**found, "precision_at_recall": precision, "recall_there": recall, "test_rows": len(truths)}


def _at_recall(scores: dict[str, tuple[np.ndarray, np.ndarray]], positive: int | None) -> tuple[float, float]:
    """(precision, recall) on test at the threshold that has recall .85 on validation."""
    (known, before), (truths, after) = scores["validation"], scores["test"]
    if positive is not None:
        threshold = threshold_for_recall(before[:, positive], known == positive, RECALL)
        found = precision_recall_at(after[:, positive], truths == positive, threshold)
        return round(float(found[0]), 4), round(float(found[1]), 4)
    sure, right = before.max(axis=1), before.argmax(axis=1) == known
    order = np.argsort(-sure)
    reached = np.cumsum(right[order]) / len(known) >= RECALL
    threshold = sure[order][int(reached.argmax()) if reached.any() else -1]
    is_said, is_right = after.max(axis=1) >= threshold, after.argmax(axis=1) == truths
    return round(float(is_right[is_said].mean()), 4), round(float((is_said & is_right).mean()), 4)


def _config(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((checkpoint_path(run, "best") / "config.json").read_text(encoding="utf-8"))
    return found


def _chosen(run: Run) -> dict[str, Any]:
    chosen = _config(run).get("chosen") or {}
    return {key: value for key, value in chosen.items() if key != "trials"}


if __name__ == "__main__":
    main()
