"""Labelled rows to measure a model on, and its answers to them under any switches; what is known is not asked again."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import torch
from datasets import Dataset, List
from transformers import PreTrainedModel

from engine.config.data import Source
from engine.data.cleaning.row_index import index_rows
from engine.data.splitting.foreign_labels import load_matched
from engine.data.splitting.stratified_split import drawn
from engine.data.tokens.batches import Batch, in_order
from engine.data.tokens.encoding import INPUT_IDS, encode
from engine.errors import InputError
from engine.inspection.prediction.split_answers import ReadRows, rows_of
from engine.inspection.subjects.loaded_models import Trained
from engine.messages import message
from engine.models.answering import answers_of, logits_of, model_kind
from engine.models.lens import Lens
from engine.models.mechanisms import forward
from engine.records import WRONG_IF_UNKNOWN, LabelRule, Switches
from engine.runs.model_folder import ModelFolder, Subject
from engine.runs.run import Run

_TOKENS_A_BATCH = 1024
_MOST_ROWS_A_BATCH = 64
_NUM_KNOWN = 4


@dataclass
class LabelledRows:
    """Batches of rows in a seeded order, each of texts of about one length, so that the first ones stand for all.

    `labels` are the model's in id order (empty for a numeric target); `before` are its own answers by batch, as far as
    they were asked for.
    """

    batches: list[Batch]
    labels: tuple[str, ...]
    positive_label: str | None
    split: str
    seed: int
    before: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def truths(self) -> np.ndarray:
        """[rows], or of several labels a text [rows, labels], in the order of the batches."""
        return np.concatenate([batch.labels.numpy() for batch in self.batches])


def labelled_rows(
    subject: Subject, model: Trained, source: Source | None, split: str | None, num_rows: int | None
) -> LabelledRows:
    """Rows of a file, or of a split of the run's data (validation where none is named); of more than `num_rows` so many
    are drawn, the labels in their proportions. The same rows for the same model come from memory.

    Raises InputError for a model that sorts no texts, and for rows that cannot be read or whose labels do not fit.
    """
    if model_kind(model.model) != "classifier":
        raise InputError(
            message("This model gives texts no labels, so nothing can be measured on labelled rows."),
            str(subject.path),
            message("Choose a run, or the folder of a model that sorts texts."),
        )
    key = (str(subject.path), source, _written(subject, source), split, num_rows)
    known = _KNOWN.setdefault(model.model, OrderedDict())
    if key not in known:
        known[key] = _read(subject, model, source, split, num_rows)
        while len(known) > _NUM_KNOWN:
            known.popitem(last=False)
    return known[key]


def answers(model: Trained, batch: Batch, lens: Lens) -> np.ndarray:
    """Probabilities [rows, labels], or numbers [rows, 1], float32. Raises InputError for switches that do not fit."""
    with torch.inference_mode():
        logits = logits_of(forward(model.model, batch.inputs, lens, model.mechanism), batch.attention_mask)
        assert logits is not None, "a classifier answers"
        found: np.ndarray = answers_of(model.model, logits).numpy()
    return found


def answers_before(model: Trained, rows: LabelledRows, number: int) -> np.ndarray:
    """The model's own answers to batch `number`, as `answers` gives them: [rows, labels] or [rows, 1]."""
    if number not in rows.before:
        rows.before[number] = answers(model, rows.batches[number], Lens(Switches()))
    return rows.before[number]


_KNOWN: WeakKeyDictionary[PreTrainedModel, OrderedDict[object, LabelledRows]] = WeakKeyDictionary()


def _read(
    subject: Subject, model: Trained, source: Source | None, split: str | None, num_rows: int | None
) -> LabelledRows:
    read = labelled_table(subject, model, source, split or "validation", LabelRule(leave_out=True))
    table = _drawn(read.table, num_rows, read.seed, is_numeric=not model.labels)
    return LabelledRows(_batches(table, model, read.seed), model.labels, read.positive, read.split, read.seed)


def labelled_table(
    subject: Subject,
    model: Trained,
    source: Source | None,
    split: str | None,
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> ReadRows:
    """Rows with their labels in the model's words: of a file, or of a split of the run's data (test, else validation,
    where none is named). Raises InputError."""
    if not isinstance(subject, ModelFolder):
        return rows_of(subject, model, source, split, rule)
    if source is None:
        raise InputError(
            message("This model was not trained here, so no labelled texts are known for it."),
            subject.source,
            message("Choose a file with texts and labels."),
        )
    found = load_matched(source, model.labels, several=model.target.may_have_several)
    return ReadRows(found.splits["test"], "data", found.left_out.get("test", ()), (), found.positive_label)


def _drawn(table: Dataset, num_rows: int | None, seed: int, *, is_numeric: bool) -> Dataset:
    if num_rows is None or num_rows >= len(table):
        return table
    codes = np.zeros(len(table), np.int32) if is_numeric else _strata(table)
    return table.select(drawn(codes.astype(np.int32), max(1, num_rows), seed))


def _strata(table: Dataset) -> np.ndarray:
    """Labels; of several labels a text the rarest one."""
    if isinstance(table.features["label"], List):
        return index_rows(table).label
    return np.unique(table["label"], return_inverse=True)[1]


def _batches(table: Dataset, model: Trained, seed: int) -> list[Batch]:
    encoded = encode(table, model.tokenizer, model.max_length, model.target, model.labels)
    padding = model.model.config.pad_token_id
    if padding is not None:  # a decoder finds its last word by it
        encoded = replace(encoded, inputs={INPUT_IDS: replace(encoded.tokens, filler=padding)})
    longest = int(encoded.lengths.max())
    made = list(in_order(encoded, min(_MOST_ROWS_A_BATCH, max(1, _TOKENS_A_BATCH // max(1, longest)))))
    return [made[place] for place in np.random.default_rng(seed).permutation(len(made))]


def _written(subject: Subject, source: Source | None) -> tuple[int, ...]:
    """When the files were written: those that were written anew are read anew."""
    sources: list[str] = [source] if isinstance(source, str) else list(source or ())
    if source is None and isinstance(subject, Run):
        data = subject.config.data
        for one in (data.train, data.validation, data.test):
            sources += [one] if isinstance(one, str) else list(one or ())
    paths = [Path(one).expanduser() for one in sources]
    return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in paths)
