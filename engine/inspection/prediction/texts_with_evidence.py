"""Texts to measure a model on: from the run's own splits, or from a file; with the words that decide, where known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from datasets import Dataset

from engine.config.data import BuiltinTexts, Source
from engine.config.roles import TEXT
from engine.data.builtin.samples import builtin_texts
from engine.data.columns.roles import resolve_roles
from engine.data.sources.source_splits import reading_of
from engine.data.sources.tables import BUILTIN, Table, guessed_roles, read_table, role_sample
from engine.errors import InputError
from engine.inspection.prediction.split_answers import own_rows
from engine.messages import message
from engine.runs.model_folder import ModelFolder, Subject
from engine.runs.run import Run

Spans = tuple[tuple[int, int], ...]
"""Characters of a text, from and to."""


@dataclass(frozen=True)
class Texts:
    """`evidence` are the characters that decide each text, empty where nobody knows them."""

    texts: tuple[str, ...]
    evidence: tuple[Spans, ...]


def texts_of(subject: Subject, source: Source | None, split: str | None, num_rows: int) -> Texts:
    """`num_rows` texts at most, drawn evenly with the run's seed: without a source from the run's test split where it
    has one, else from its validation split. A source needs texts only, no labels. Raises InputError."""
    if isinstance(subject, ModelFolder) and source is None:
        raise InputError(
            message("A model from elsewhere has no texts of its own to be measured on."),
            subject.source,
            message("Give a file with a column of texts."),
        )
    if source is not None:
        table, column = table_of(subject, source, split)
        rows = table.dataset
    else:
        assert isinstance(subject, Run)
        rows, column = own_rows(subject, split)[0], "text"
    readable = np.flatnonzero([bool(text.strip()) for text in rows[column]])
    if not len(readable):
        raise InputError(message("There is no text to measure on."), str(source or subject.path))
    return _drawn(rows, column, readable, num_rows, subject.config.seed if isinstance(subject, Run) else 0)


def evidence_of(subject: Subject, text: str) -> Spans:
    """The deciding characters of a text that is one of the built-in ones that a run was made from."""
    if isinstance(subject, ModelFolder) or subject.config.data.train != BUILTIN:
        return ()
    return _invented(subject.config.data.builtin, subject.config.seed).get(text, ())


@lru_cache(maxsize=2)
def _invented(spec: BuiltinTexts, seed: int) -> dict[str, Spans]:
    rows = builtin_texts(spec, seed)
    return {row["text"]: _spans(row) for row in rows} if "evidence" in rows.column_names else {}


def table_of(subject: Subject, source: Source, split: str | None, chosen: str = "") -> tuple[Table, str]:
    """The source and its column of texts: the `chosen` one, else the one that the run names, if the source has it too,
    else a guess."""
    named = subject.config.data.columns.get("text", "") if isinstance(subject, Run) else ""
    reading = reading_of(subject.config.data, source) if isinstance(subject, Run) else None
    table = read_table(source, BuiltinTexts(), 0, split or "test", reading=reading)
    if chosen:
        return table, resolve_roles(table.columns, {"text": chosen}, table.name)["text"]
    if named in table.columns:
        return table, resolve_roles(table.columns, {"text": named}, table.name)["text"]
    found = guessed_roles(table, role_sample(table), wanted=(TEXT,))
    if "text" not in found:
        raise InputError(
            message("No column of texts was found."),
            table.name,
            message("Choose a file with a column of texts."),
        )
    return table, found["text"]


def _drawn(rows: Dataset, column: str, readable: np.ndarray, num_rows: int, seed: int) -> Texts:
    """In the order of the source."""
    chance = np.random.default_rng([seed, 4])
    places = np.sort(chance.permutation(readable)[: max(1, num_rows)])
    drawn = rows.select(places)
    spans = [_spans(row) for row in drawn] if "evidence_start" in rows.column_names else [()] * len(drawn)
    return Texts(tuple(drawn[column]), tuple(spans))


def _spans(row: dict[str, Any]) -> Spans:
    starts_and_words = zip(row["evidence_start"], row["evidence"], strict=True)
    return tuple((start, start + len(word)) for start, word in starts_and_words)
