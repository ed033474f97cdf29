"""Checks: what was exported is opened as a stranger would open it, and asked what the studio was asked.

Probabilities are [N, labels] for N texts; numbers [N, 1].
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from transformers import pipeline

from engine.errors import AttuneError, RunFailure
from engine.export.child_process import lack_in, run_child
from engine.export.huggingface import must_be_divided
from engine.export.model_loading import ModelToExport
from engine.export.onnx import SCRIPT
from engine.inspection.evaluation.examine import answers_to
from engine.messages import message
from engine.models.quiet_libraries import first_line, quiet

TOLERANCE = 1e-4
"""The largest difference of a probability that a rounding may make."""

_FAILURES = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
"""What transformers raises for a model that its pipeline cannot ask."""

BATCHES = (1, 16)
"""Texts alone, and texts of different lengths in one padded batch."""

Floats = NDArray[np.float64]


def studio_answers(leaving: ModelToExport, table: Dataset) -> Generator[object, None, Floats]:
    """What the studio says of the table's texts, by its own path."""
    logits, _ = yield from answers_to(leaving.studio, table)
    return leaving.target.probabilities(logits, leaving.loss, leaving.decision.temperature)


def pipeline_answers(leaving: ModelToExport, folder: Path, texts: list[str]) -> Generator[None, None, list[Floats]]:
    """What `transformers.pipeline` says, for each of `BATCHES`; divided by its sum where the card says so."""
    try:
        return (yield from _asked(leaving, folder, texts))
    except _FAILURES as error:
        raise _broken(first_line(error), folder) from error


def _asked(leaving: ModelToExport, folder: Path, texts: list[str]) -> Generator[None, None, list[Floats]]:
    with quiet():
        classify = pipeline("text-classification", model=str(folder), device="cpu", dtype=torch.float32)
    yield
    found: list[Floats] = []
    for size in BATCHES:
        rows: list[Floats] = []
        for start in range(0, len(texts), size):
            with quiet():
                answers: list[Any] = classify(texts[start : start + size], top_k=None, truncation=True, batch_size=size)
            rows += [_in_order(answer, leaving.labels) for answer in answers]
            yield
        said = np.array(rows)
        found.append(said / said.sum(axis=1, keepdims=True) if must_be_divided(leaving) else said)
    return found


def script_answers(leaving: ModelToExport, folder: Path, texts: Sequence[str]) -> Generator[None, None, list[Floats]]:
    """What `predict.py` of an ONNX folder says in a process of its own, for each of `BATCHES`."""
    asked, said = folder / ".asked.csv", folder / ".said.csv"
    with asked.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text"], *([text] for text in texts)])
    try:
        found: list[Floats] = []
        for size in BATCHES:
            words = ["--csv", asked.name, "--out", said.name, "--all", "--batch", str(size)]
            reason = yield from run_child([sys.executable, "-W", "ignore", SCRIPT, *words], folder)
            if reason is not None:
                raise _broken(reason, folder)
            found.append(_read(said, leaving.labels))
        return found
    finally:
        asked.unlink(missing_ok=True)
        said.unlink(missing_ok=True)


def difference(studio: Floats, others: Sequence[Floats], *, is_relative: bool) -> float:
    """The largest one of any text and label; `is_relative`: to the number itself where that is larger than 1."""
    scale = np.maximum(1.0, np.abs(studio)) if is_relative else 1.0
    worst = max((float(np.max(np.abs(other - studio) / scale)) for other in others), default=0.0)
    return worst if np.isfinite(worst) else float("inf")


def refuse_different(worst: float, num_rows: int, where: str) -> None:
    """Raises RunFailure for more than a rounding."""
    if not worst <= TOLERANCE:
        raise RunFailure(
            message(
                "The exported model does not answer as the studio does: on {count:plural:text:texts} the largest "
                "difference is {difference}. Nothing was kept.",
                count=num_rows,
                difference=worst,
            ),
            where,
            message("Try the other format; this model's layers do not survive this one."),
        )


def _in_order(answer: list[dict[str, Any]], labels: tuple[str, ...]) -> Floats:
    scores = {str(one["label"]): float(one["score"]) for one in answer}
    return np.array([scores[label] for label in labels or ("number",)])


def _broken(reason: str, folder: Path) -> AttuneError:
    return lack_in(reason, folder) or RunFailure(
        message("The exported model does not run: {reason}", reason=reason),
        str(folder),
        message("Try the other format; this model's layers do not survive this one."),
    )


def _read(file: Path, labels: tuple[str, ...]) -> Floats:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    columns = [f"p({label})" for label in labels] or ["answer"]
    return np.array([[float(row[column]) for column in columns] for row in rows])
