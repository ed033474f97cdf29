"""examine: what a model says of every row of a split or file, kept beside the run."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
import torch
from datasets import Dataset

from engine.config.data import Source
from engine.data.tokens.batches import collate
from engine.data.tokens.encoding import INPUT_IDS, Encoded, encode, joined
from engine.errors import InputError, NotFinite
from engine.inspection.evaluation.examined_rows import rows_to_examine
from engine.inspection.evaluation.source_columns import further_columns
from engine.inspection.subjects.labels_only import refuse_answers_in_words
from engine.inspection.subjects.loaded_models import Trained, trained
from engine.messages import message
from engine.models.answering import loss_choice_of, model_kind
from engine.records import WRONG_IF_UNKNOWN, Answers, LabelRule, Progress, TargetKind, UnknownLabel
from engine.runs.answers import ASKED_ANEW, answers_path, are_damaged, keep_if_possible, kept_answers, not_kept
from engine.runs.checkpoints import checkpoint_path
from engine.runs.model_folder import Subject
from engine.runs.run import Run
from engine.targets import target_of

_TOKENS_A_BATCH = 8192
_MOST_ROWS_A_BATCH = 128
_ROWS_A_PART = 100


def examine(
    subject: Subject,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Generator[Progress, None, Answers]:
    """Rows of a file, with or without labels, or of a split of the run's data (test, else validation, where none is
    named). What is known of the same weights and rows is read, not asked again. Raises InputError for rows that cannot
    be read, a run without a checkpoint, and a model that sorts no texts."""
    refuse_answers_in_words(subject)
    step = checkpoint_path(subject, checkpoint).name if isinstance(subject, Run) else ""
    if isinstance(subject, Run) and (known := _known(subject, source, split, step, rule)) is not None:
        return known
    model = trained(subject, checkpoint)
    if model_kind(model.model) != "classifier":
        raise InputError(
            message("This model gives texts no labels, so there are no answers to look over."),
            str(subject.path),
            message("Choose a run, or the folder of a model that sorts texts."),
        )
    read = rows_to_examine(subject, model, source, split, rule)
    table, name = read.table, read.split
    if isinstance(subject, Run) and (known := _known(subject, source, name, step, rule)) is not None:
        return known
    logits, num_tokens = yield from answers_to(model, table)
    refuse_no_numbers(logits, table["row"])
    kind = model.target.name
    rows = np.array(table["row"], dtype=np.int64)
    found = Answers(
        kind=kind,
        labels=model.labels,
        positive_label=read.positive,
        loss=loss_choice_of(model.model).name,
        logits=logits,
        truths=truths_of(table, model.labels, kind),
        rows=rows,
        num_tokens=num_tokens,
        texts=list(table["text"]),
        split=name,
        source="" if source is None else str(source),
        checkpoint=step,
        columns=further_columns(subject, source, name, rows, has_labels="label" in table.column_names),
        left_out=read.left_out,
        strangers=read.strangers,
        unknown=_unknown_of(table, read.strangers),
    )
    if isinstance(subject, Run):
        path = answers_path(subject, source, name, step, rule)
        if are_damaged(path):
            yield Progress(len(found), max(1, len(found)), note=ASKED_ANEW)
        found, failure = keep_if_possible(path, found)
        if failure is not None:
            yield Progress(len(found), max(1, len(found)), note=not_kept(failure))
    return found


def refuse_no_numbers(logits: np.ndarray, rows: Sequence[int]) -> None:
    """Such answers, `logits` [rows, labels], would be figures all the same: the first label everywhere. Raises
    NotFinite."""
    is_finite = np.isfinite(logits).all(axis=1)
    if not is_finite.all():
        lost = np.asarray(rows)[~is_finite].tolist()
        raise NotFinite(message("What the model says of a text is not a finite number."), lost)


def _known(run: Run, source: Source | None, split: str | None, step: str, rule: LabelRule) -> Answers | None:
    """Which split is meant where none is named is only known to whoever reads the data: test is tried first."""
    if source is not None:
        return kept_answers(answers_path(run, source, "data", step, rule))
    if split is not None:
        return kept_answers(answers_path(run, None, split, step, rule))
    return kept_answers(answers_path(run, None, "test", step, rule))


def answers_to(model: Trained, table: Dataset) -> Generator[Progress, None, tuple[np.ndarray, np.ndarray]]:
    """(logits float32 [N, L], tokens read int32 [N]) of the column "text", in the table's order; longest texts first,
    so that a lack of memory shows at once."""
    encoded = yield from _encoded(model, table.select_columns(["row", "text"]))
    lengths = encoded.lengths
    padding = model.model.config.pad_token_id
    order = np.argsort(-lengths, kind="stable")
    found: list[np.ndarray] = []
    done = 0
    while done < len(order):
        size = max(1, min(_MOST_ROWS_A_BATCH, _TOKENS_A_BATCH // max(1, int(lengths[order[done]]))))
        batch = collate(encoded, order[done : done + size])
        ids = batch.input_ids
        if padding is not None:  # a decoder finds its last word by it
            ids = ids.masked_fill(batch.attention_mask == 0, int(padding))
        with torch.inference_mode():
            found.append(model.model(**{**batch.inputs, INPUT_IDS: ids}).logits.float().numpy())
        done += len(batch.rows)
        yield Progress(done, len(order))
    logits = np.concatenate(found)
    ordered = np.empty_like(logits)
    ordered[order] = logits
    return ordered, lengths.astype(np.int32)


def _encoded(model: Trained, table: Dataset) -> Generator[Progress, None, Encoded]:
    """In parts, so that it breathes."""
    parts = []
    for first in range(0, len(table), _ROWS_A_PART):
        rows = range(first, min(first + _ROWS_A_PART, len(table)))
        parts.append(encode(table.select(rows), model.tokenizer, model.max_length))
        yield Progress(0, len(table))
    while len(parts) > 1:  # by twos: one after the other would copy the first part again and again
        pairs = [joined(*parts[place : place + 2]) for place in range(0, len(parts) - 1, 2)]
        parts = pairs + parts[2 * len(pairs) :]
    return parts[0]


def truths_of(table: Dataset, labels: tuple[str, ...], kind: TargetKind) -> np.ndarray | None:
    """Label ids [N], -1 for one that is not among the labels; numbers [N]; of several labels bool [N, L]; None for rows
    without labels."""
    if "label" not in table.column_names:
        return None
    return target_of(kind).encode(table["label"], labels)


def _unknown_of(table: Dataset, strangers: Sequence[UnknownLabel]) -> np.ndarray | None:
    """bool [N, U]: which rows have which of the labels that the model does not know."""
    if not strangers:
        return None
    places = {one.label: place for place, one in enumerate(strangers)}
    found = np.zeros((len(table), len(strangers)), dtype=np.bool_)
    for row, named in enumerate(table["label"]):
        for label in [named] if isinstance(named, str) else named:
            if label in places:
                found[row, places[label]] = True
    return found
