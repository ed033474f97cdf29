"""The bag of words beside a run: the line that a deep model must pass."""

from __future__ import annotations

import time

import numpy as np

from engine.data.splitting.splits import Splits
from engine.events import BaselineEvaluated
from engine.models.baseline import BagOfWords
from engine.tasks.task import ScoresAnswers


def measure_baseline(splits: Splits, task: ScoresAnswers, seed: int) -> list[BaselineEvaluated]:
    """Fit word counting (`engine.models.baseline`) to the training texts, with the class weights of the run; one event
    a split that it was measured on."""
    began = time.perf_counter()
    train = splits.splits["train"]
    model = BagOfWords.fit(train["text"], train["label"], seed, task.class_weights)
    told = []
    for name in ("validation", "test"):
        if name not in splits.splits:
            continue
        texts, truths = splits.splits[name]["text"], _truths(splits, name)
        found = task.score(truths, model.predict_probabilities(texts), 0.0, name)
        metrics = {key: value for key, value in found.metrics.items() if key != "loss"}
        told.append(
            BaselineEvaluated(split=name, metrics=metrics, num_rows=len(truths), seconds=time.perf_counter() - began)
        )
    return told


def _truths(splits: Splits, name: str) -> np.ndarray:
    answers = splits.splits[name]["label"]
    if not splits.labels:
        return np.asarray(answers, dtype=np.float64)
    if isinstance(answers[0], list):
        return np.array([[label in row for label in splits.labels] for row in answers], dtype=np.float32)
    return np.array([splits.labels.index(label) for label in answers], dtype=np.int64)
