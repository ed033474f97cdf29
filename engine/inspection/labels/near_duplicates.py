"""similar: the training rows that are nearly the same text as a given one."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from datasets import Dataset

from engine.data.splitting.splits import load_splits
from engine.inspection.subjects.cooperative import beside
from engine.inspection.subjects.labels_only import refuse_answers_in_words
from engine.metrics.nearest import NearestText
from engine.models.baseline import is_unspaced
from engine.records import Progress, Similar
from engine.runs.answers import answers_path
from engine.runs.run import Run

_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
_READ_ROWS = 2000


@dataclass(frozen=True)
class _Index:
    rows: Dataset
    nearest: NearestText


def near_duplicates(run: Run, text: str, num: int = 3) -> Generator[Progress, None, tuple[Similar, ...]]:
    """The `num` training rows with the largest overlap, the nearest first; of a training text the first one is itself.
    The rows are indexed once and the index stays in memory. Raises InputError where the data are gone."""
    refuse_answers_in_words(run)
    index = yield from beside(lambda: _index(run, answers_path(run, None, "train", "").name))
    found = index.nearest.find_several(shingled(text), num)
    rows = [(index.rows[place], overlap) for place, overlap in found]
    return tuple(Similar(row["row"], row["text"], _label_of(row), overlap) for row, overlap in rows)


def shingled(text: str) -> list[str]:
    """What pairs are made of: words; for signs without spaces pairs of signs that overlap, two of which are a triple.
    A single word stands twice, so that it has a pair."""
    words = _WORD.findall(text.lower())
    if is_unspaced([text]):
        signs = "".join(text.split())
        words = [signs[place : place + 2] for place in range(len(signs) - 1)] or [signs]
    return words * 2 if len(words) == 1 else words


@lru_cache(maxsize=2)
def _index(run: Run, _state: str) -> _Index:
    config = run.config
    rows = load_splits(config.data, config.task, config.seed).splits["train"]
    texts = [shingled(text) for batch in rows.select_columns(["text"]).iter(_READ_ROWS) for text in batch["text"]]
    return _Index(rows, NearestText(texts))


def _label_of(row: dict[str, Any]) -> str:
    label = row.get("label", "")
    if isinstance(label, float):
        return f"{label:.6g}"
    return ", ".join(label) if isinstance(label, list) else str(label)
