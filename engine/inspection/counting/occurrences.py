"""occurrences: the training texts that hold a run of tokens."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from datasets import Dataset
from transformers import PreTrainedTokenizerFast

from engine.inspection.evaluation.bag_of_words import training_rows
from engine.inspection.subjects.cooperative import beside
from engine.inspection.subjects.loaded_models import trained
from engine.records import Progress
from engine.records.counting import Occurrence
from engine.runs.run import Run

MOST = 20
_ROWS_AT_ONCE = 500


def occurrences(
    run: Run, ids: Sequence[int], most: int = MOST, checkpoint: str = "best"
) -> Generator[Progress, None, tuple[Occurrence, ...]]:
    """The first `most` training rows whose texts hold the tokens `ids` one after the other. Raises InputError where the
    run's data are gone."""
    model = trained(run, checkpoint)
    rows: Dataset = yield from beside(lambda: _rows(run.path))
    tokens = model.tokenizer.convert_ids_to_tokens(list(ids))
    found: list[Occurrence] = []
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield Progress(start, len(rows))
        chunk = rows[start : start + _ROWS_AT_ONCE]
        for row, text, label in zip(chunk["row"], chunk["text"], chunk["label"], strict=True):
            if not _may_hold(model.tokenizer, text, tokens):
                continue
            spans = _spans(model.tokenizer, text, list(ids), model.max_length)
            if spans:
                found.append(Occurrence(int(row), text, _in_words(label), spans))
                if len(found) == most:
                    return tuple(found)
    return tuple(found)


@lru_cache(maxsize=1)
def _rows(path: Path) -> Dataset:
    return training_rows(Run.open(path))


def _may_hold(tokenizer: PreTrainedTokenizerFast, text: str, tokens: Sequence[str]) -> bool:
    """Quickly: whether every token stands somewhere in it."""
    normalizer = tokenizer.backend_tokenizer.normalizer
    normal = text if normalizer is None else normalizer.normalize_str(text)
    return all(token in normal for token in tokens)


def _spans(
    tokenizer: PreTrainedTokenizerFast, text: str, ids: list[int], max_length: int
) -> tuple[tuple[int, int], ...]:
    read = tokenizer(text, truncation=True, max_length=max_length, return_offsets_mapping=True)
    held, offsets, size = read["input_ids"], read["offset_mapping"], len(ids)
    return tuple(
        (offsets[place][0], offsets[place + size - 1][1])
        for place in range(len(held) - size + 1)
        if held[place : place + size] == ids
    )


def _in_words(label: Any) -> str:
    if isinstance(label, list):
        return ", ".join(label)
    return f"{label:g}" if isinstance(label, float) else str(label)
