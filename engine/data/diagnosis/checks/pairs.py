"""Checks of pairs of texts: targets that are too long, pairs that say the same twice, source and target exchanged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray

from engine.breath import breathe
from engine.config.roles import SOURCE, TARGET
from engine.data.diagnosis.checks.case import Case, scan
from engine.messages import message
from engine.metrics.rouge import words_of
from engine.records import Finding

_MOST_ROWS = 20_000
_LEARNED = 5_000
_READ_ROWS = 2_000
_SURE = 1.0
"""Nats a word by which a pair must read better the other way round."""
_TELL_APART = 0.9
"""The share of pairs that must read better as they stand; else the two sides are alike, as of summaries."""


def check_long_targets(case: Case) -> Iterator[Finding]:
    """Words and marks are counted: a tokenizer that cuts words has more tokens."""
    limit = case.task.longest_answer
    if limit is None:
        return
    for split, part in case.parts.items():
        if TARGET.key not in part.given.roles:
            continue
        counts = scan(part.dataset, (TARGET.key,)).num_words
        mask = counts + 1 > limit
        if mask.any():
            yield Finding(
                kind="long_targets",
                severity="warning",
                title=message(
                    "{count:plural:text to write is:texts to write are} longer than what is written",
                    count=int(mask.sum()),
                ),
                detail=message(
                    "At most {limit} tokens are learned and written; the longest has {longest} words and marks. The "
                    "rest is cut off: raise “Longest answer” (task.max_target_length).",
                    limit=limit,
                    longest=int(counts.max()),
                ),
                count=int(mask.sum()),
                rows=part.row_index.first_rows(mask),
                split=split,
                is_fault=False,
            )


def check_same_twice(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        if not {SOURCE.key, TARGET.key} <= set(part.given.roles):
            continue
        pairs = _pairs(part.dataset)
        mask = np.array([one.strip() == other.strip() and bool(one.strip()) for one, other in pairs], dtype=np.bool_)
        if mask.any():
            yield Finding(
                kind="same_twice",
                severity="info",
                title=message("{count:plural:pair says:pairs say} the same on both sides", count=int(mask.sum())),
                detail=message("Nothing was translated there, perhaps by mistake; it learns to copy them."),
                count=int(mask.sum()),
                rows=part.row_index.first_rows(mask),
                split=split,
                is_fault=False,
            )


def check_exchanged(case: Case) -> Iterator[Finding]:
    """Told by which words stand on which side in the training data."""
    train = case.parts["train"]
    if not {SOURCE.key, TARGET.key} <= set(train.given.roles):
        return
    known = _pairs(train.dataset.select(range(0, len(train.dataset), max(1, len(train.dataset) // _LEARNED))))
    sides = Sides(known)
    scores = sides.scores(known)
    if len(known) < 20 or float((scores < 0).mean()) < _TELL_APART:
        return
    for split, part in case.parts.items():
        count = min(len(part.dataset), _MOST_ROWS)
        mask = np.zeros(len(part.dataset), dtype=np.bool_)
        mask[:count] = sides.scores(_pairs(part.dataset.select(range(count)))) > _SURE
        if mask.any():
            yield Finding(
                kind="exchanged",
                severity="warning",
                title=message(
                    "{count:plural:pair seems:pairs seem} to have source and target exchanged", count=int(mask.sum())
                ),
                detail=message(
                    "By its words the source belongs to the other side, and the target too. Exchange them in the file, "
                    "or the columns (data.source, data.target)."
                ),
                count=int(mask.sum()),
                rows=part.row_index.first_rows(mask),
                split=split,
                is_fault=False,
            )


class Sides:
    """How often each word stands on each side of the `pairs` that it was made of."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._counts = [Counter(word for pair in pairs for word in _words(pair[side])) for side in (0, 1)]
        self._totals = [one.total() for one in self._counts]
        self._num_words = len(self._counts[0] | self._counts[1])

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """[pairs]: by how many nats a word each reads better the other way round."""
        found = []
        for place, (source, target) in enumerate(pairs):
            if place % _READ_ROWS == 0:
                breathe()
            mine, theirs = _words(source), _words(target)
            gain = sum(self._odds(word) for word in mine) - sum(self._odds(word) for word in theirs)
            found.append(gain / max(1, len(mine) + len(theirs)))
        return np.array(found, dtype=np.float64)

    def _odds(self, word: str) -> float:
        """log of how much likelier a word is on the target's side."""
        source, target = (
            (counts[word] + 0.5) / (total + 0.5 * self._num_words)
            for counts, total in zip(self._counts, self._totals, strict=True)
        )
        return math.log(target / source)


def _words(text: str) -> list[str]:
    return words_of(text[:2000])


def _pairs(rows: Dataset) -> list[tuple[str, str]]:
    columns = rows.select_columns([SOURCE.key, TARGET.key]).with_format(None)[:]
    return list(zip(columns[SOURCE.key], columns[TARGET.key], strict=True))
