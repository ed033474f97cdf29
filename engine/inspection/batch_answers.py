"""predict_file: a model's answers to every text of a file, written as a CSV, whole or not at all."""

from __future__ import annotations

import copy
import csv
import time
import uuid
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from datasets import Dataset
from transformers import PreTrainedModel

from engine.config.data import Source
from engine.config.training import TrainingConfig
from engine.data.batches import Batch, Encoded, collate, encode, joined
from engine.data.sources import ROW
from engine.errors import InputError, RunFailure
from engine.inspection.subjects import Trained, trained
from engine.inspection.texts import table_of
from engine.messages import message
from engine.metrics.probabilities import probabilities
from engine.metrics.saying import predictions
from engine.models.answering import decision_of, kind_of, logits_of, loss_choice_of, target_kind_of
from engine.models.layers import num_weights
from engine.records import Prediction, Progress
from engine.records.batch import BatchPredicted
from engine.runs.model_folder import Subject
from engine.runs.run import Run
from engine.training.device import device_name, place

_ROWS_A_CHUNK, _ROWS_A_PIECE = 4096, 256
"""Rows read, sorted by length, answered and written together, so that memory does not grow with the file; and rows cut
into tokens between two breaths."""

_MULTIPLICATIONS = 2**33
_LEAST_TOKENS, _MOST_TOKENS, _TOKENS_ON_A_GPU = 512, 8192, 32768
"""A batch takes about a tenth of a second on two cores, so that it can be stopped."""
_MOST_ROWS = 512


class _Row(NamedTuple):
    number: int
    text: str
    answer: Prediction | None


def predict_file(
    subject: Subject, data: Source, out: Path, checkpoint: str = "best"
) -> Generator[Progress, None, BatchPredicted]:
    """A CSV (UTF-8) with the columns row, text, label, abstains and `p(LABEL)` of each label, for whatever the importer
    reads; only a column of texts is needed. A row without a text keeps its place with an empty answer. Where the model
    abstains, `label` is the likeliest one and `abstains` true.

    The file appears when it is whole: closing the generator leaves none, and an older one as it was. Raises InputError
    for data without texts, a place that cannot be written to and a model that sorts no texts, RunFailure when the disk
    refuses.
    """
    _refuse_place(data, out)
    model = trained(subject, checkpoint)
    if kind_of(model.model) != "classifier":
        raise InputError(
            message("This model gives texts no labels, so there is nothing to write."),
            str(subject.path),
            message("Choose a run, or the folder of a model that sorts texts."),
        )
    table, column = table_of(subject, data, "test")
    reading = _Reading(model, _device(subject))
    began = time.perf_counter()
    counts: Counter[str] = Counter()
    num_rows = num_blank = num_abstained = 0
    with _written_aside(out) as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(["row", "text", "label", "abstains", *(f"p({label})" for label in model.labels)])
        texts = table.dataset.select_columns([ROW, column]).rename_column(column, "text")
        for start in range(0, len(texts), _ROWS_A_CHUNK):
            chunk = texts.select(range(start, min(start + _ROWS_A_CHUNK, len(texts))))
            answers = yield from _answered(reading, chunk, start, len(texts))
            rows = list(_with_blank_rows(chunk, answers, after=_last_row(texts, start)))
            writer.writerows(_cells(row, model.labels) for row in rows)
            num_rows += len(rows)
            num_blank += sum(row.answer is None for row in rows)
            num_abstained += sum(row.answer is not None and row.answer.abstains for row in rows)
            counts.update(label for row in rows for label in _said(row, model.labels))
    seconds = time.perf_counter() - began
    ordered = {label: counts[label] for label in model.labels}
    return BatchPredicted(out, num_rows, num_blank, num_abstained, ordered, seconds, reading.device_name)


class _Reading:
    """A classifier on its device, reading batches of so many tokens."""

    def __init__(self, trained: Trained, device: torch.device) -> None:
        # The model in memory serves other threads: it stays where it is.
        self.model: PreTrainedModel = trained.model
        if device.type != "cpu":
            self.model = copy.deepcopy(trained.model).to(device)  # type: ignore[arg-type]
        self.trained, self.device, self.device_name = trained, device, device_name(device)
        self.decision = decision_of(trained.model)
        self.kind, self.loss = target_kind_of(trained.model), loss_choice_of(trained.model).name
        fitting = min(_MOST_TOKENS, max(_LEAST_TOKENS, _MULTIPLICATIONS // num_weights(trained.model)))
        self._num_tokens = fitting if device.type == "cpu" else _TOKENS_ON_A_GPU
        padding = trained.model.config.pad_token_id  # a decoder finds its last word by it
        self._padding = int(trained.tokenizer.pad_token_id if padding is None else padding)

    def encoded(self, piece: Dataset) -> Encoded:
        return encode(piece, self.trained.tokenizer, (), self.trained.max_length)

    def batches(self, encoded: Encoded) -> Iterator[np.ndarray]:
        """Places of texts of about one length, the longest first: a lack of memory shows at once."""
        lengths = encoded.lengths
        order = np.argsort(-lengths, kind="stable")
        done = 0
        while done < len(order):
            size = max(1, min(_MOST_ROWS, self._num_tokens // max(1, int(lengths[order[done]]))))
            yield order[done : done + size]
            done += size

    def logits(self, batch: Batch) -> np.ndarray:
        """[batch, answers], float32."""
        ids = batch.input_ids.masked_fill(batch.attention_mask == 0, self._padding).to(self.device)
        mask = batch.attention_mask.to(self.device)
        with torch.inference_mode():
            logits = logits_of(self.model(input_ids=ids, attention_mask=mask), mask)
        assert logits is not None, "a classifier answers"
        found: np.ndarray = logits.float().cpu().numpy()
        return found


def _answered(
    reading: _Reading, chunk: Dataset, before: int, total: int
) -> Generator[Progress, None, list[Prediction]]:
    """One a row of the chunk, in its order; `before` of the `total` rows are done already."""
    pieces: list[Encoded] = []
    for start in range(0, len(chunk), _ROWS_A_PIECE):
        pieces.append(reading.encoded(chunk.select(range(start, min(start + _ROWS_A_PIECE, len(chunk))))))
        yield Progress(before, total)
    encoded = reduce(joined, pieces)
    found = np.zeros((len(chunk), max(1, len(reading.trained.labels))), dtype=np.float32)
    done = before
    for places in reading.batches(encoded):
        found[places] = reading.logits(collate(encoded, places))
        done += len(places)
        yield Progress(done, total)
    if reading.kind == "number":
        return [Prediction(f"{value:.7g}", {}) for value in found[:, 0].tolist()]
    given = probabilities(found, reading.kind, reading.loss, reading.decision.temperature)
    return predictions(given, reading.trained.labels, reading.kind, reading.decision)


def _with_blank_rows(chunk: Dataset, answers: Sequence[Prediction], after: int) -> Iterator[_Row]:
    """The importer leaves blank rows out but counts them: they come back between their neighbours."""
    last = after
    for number, text, answer in zip(chunk[ROW], chunk["text"], answers, strict=True):
        yield from (_Row(missing, "", None) for missing in range(last + 1, number))
        yield _Row(number, text, answer if text.strip() else None)
        last = number


def _last_row(texts: Dataset, start: int) -> int:
    """The row number before a chunk."""
    return int(texts[start - 1][ROW]) if start else 0


def _cells(row: _Row, labels: Sequence[str]) -> list[Any]:
    if row.answer is None:
        return [row.number, row.text, "", "", *[""] * len(labels)]
    shares = [round(row.answer.probabilities[label], 6) for label in labels]
    return [row.number, row.text, row.answer.label, "true" if row.answer.abstains else "false", *shares]


def _said(row: _Row, labels: Sequence[str]) -> tuple[str, ...]:
    """The labels that count as said of a row."""
    if row.answer is None or row.answer.abstains or not labels:
        return ()
    return row.answer.labels if row.answer.labels is not None else (row.answer.label,)


def _device(subject: Subject) -> torch.device:
    """The one that the run trained on, or the best of this machine, where that one is not here."""
    wished = subject.config.training.device if isinstance(subject, Run) else "auto"
    try:
        return place(TrainingConfig(device=wished, precision="fp32")).device
    except InputError:
        return place(TrainingConfig(device="auto", precision="fp32")).device


def _refuse_place(data: Source, out: Path) -> None:
    if out.is_dir() or not out.parent.is_dir():
        raise InputError(
            message("The answers cannot be written there."),
            str(out),
            message("Name a file in a folder that exists."),
        )
    for one in [data] if isinstance(data, str) else data:
        given = Path(one).expanduser()
        if given.exists() and out.exists() and given.samefile(out):
            raise InputError(
                message("The answers would overwrite the texts that they are about."),
                str(out),
                message("Name another file to write."),
            )


@contextmanager
def _written_aside(out: Path) -> Iterator[Any]:
    """A file that takes the place of `out` when it is whole. Raises InputError where none can be made."""
    aside = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        file = aside.open("w", encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise InputError(
            message("The answers cannot be written there: {reason}.", reason=error.strerror or str(error)),
            str(out),
            message("Name a file in a folder that you may write to."),
        ) from error
    try:
        with file:
            yield file
        aside.replace(out)
    except OSError as error:
        raise RunFailure(
            message("Writing failed: {reason}.", reason=error.strerror or str(error)),
            str(out),
            message("Free some space, or name a file on another disk."),
        ) from error
    finally:
        aside.unlink(missing_ok=True)
