"""speed: how many rows a second a model reads, and how long one text takes."""

from __future__ import annotations

import time
from collections.abc import Generator

import numpy as np
import torch
from datasets import Dataset

from engine.config.data import BuiltinTexts
from engine.data.builtin.samples import builtin_texts
from engine.errors import InputError
from engine.inspection.evaluation.examine import answers_to
from engine.inspection.prediction.split_answers import own_rows
from engine.inspection.subjects.loaded_models import Trained, trained
from engine.messages import message
from engine.models.answering import model_kind
from engine.records import Progress, Speed
from engine.runs.model_folder import Subject
from engine.runs.run import Run
from engine.training.device import device_name

_MOST_ROWS = 512
_NUM_SINGLE = 20
_LONGEST = 5.0
"""Seconds after which no more rows are read in batches."""


def throughput(subject: Subject, checkpoint: str = "best") -> Generator[Progress, None, Speed]:
    """On texts of the run's own split; on invented ones where they are gone, or for a model from elsewhere. Cutting
    into tokens counts in. Raises InputError for a model that sorts no texts."""
    model = trained(subject, checkpoint)
    if model_kind(model.model) != "classifier":
        raise InputError(
            message("This model gives texts no labels, so there are no answers to look over."),
            str(subject.path),
            message("Choose a run, or the folder of a model that sorts texts."),
        )
    rows = _rows(subject)
    yield from answers_to(model, rows.select(range(min(len(rows), 8))))  # the first passes allocate
    num_rows, seconds = yield from _in_batches(model, rows)
    singles = yield from _one_by_one(model, rows)
    return Speed(
        rows_per_second=num_rows / seconds,
        seconds_one=float(np.median(singles)),
        seconds_one_slow=max(singles),
        num_rows=num_rows,
        device=device_name(torch.device("cpu")),
    )


def _rows(subject: Subject) -> Dataset:
    """Rows drawn evenly, so that their lengths are those of the split."""
    rows = _own_rows(subject)
    places = np.random.default_rng(0).permutation(len(rows))[:_MOST_ROWS]
    return Dataset.from_dict(
        {"row": list(range(1, len(places) + 1)), "text": [rows[int(one)]["text"] for one in places]}
    )


def _own_rows(subject: Subject) -> Dataset:
    if isinstance(subject, Run):
        try:
            return own_rows(subject, None)[0]
        except InputError:
            pass  # its data are gone: any texts tell about the time
    return builtin_texts(BuiltinTexts(num_rows=_MOST_ROWS), 0)


def _in_batches(model: Trained, rows: Dataset) -> Generator[Progress, None, tuple[int, float]]:
    """(rows, seconds), as many parts of the rows as fit into the time."""
    done, seconds, size = 0, 0.0, 128
    while done < len(rows) and seconds < _LONGEST:
        part = rows.select(range(done, min(done + size, len(rows))))
        answering = answers_to(model, part)
        began = time.perf_counter()
        while True:
            try:
                next(answering)
            except StopIteration:
                break
            seconds += time.perf_counter() - began
            yield Progress(done, len(rows) + _NUM_SINGLE)
            began = time.perf_counter()
        seconds += time.perf_counter() - began
        done += len(part)
    return done, seconds


def _one_by_one(model: Trained, rows: Dataset) -> Generator[Progress, None, list[float]]:
    """Seconds of each of the first texts, asked alone."""
    found = []
    for place in range(_NUM_SINGLE):
        text = rows[place % len(rows)]["text"]
        began = time.perf_counter()
        _answer(model, text)
        found.append(time.perf_counter() - began)
        yield Progress(len(rows) + place, len(rows) + _NUM_SINGLE)
    return found


def _answer(model: Trained, text: str) -> torch.Tensor:
    inputs = model.tokenizer(text, truncation=True, max_length=model.max_length, return_tensors="pt")
    with torch.inference_mode():
        logits: torch.Tensor = model.model(
            input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]
        ).logits
    return logits
