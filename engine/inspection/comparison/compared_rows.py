"""ComparedRows: several runs' answers to rows, matched text by text, so that the same texts are told from others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.messages import message
from engine.metrics.label_counts import Floats, positive_id
from engine.metrics.paired_runs import PairedRuns
from engine.metrics.sufficient_statistics import SufficientStatistics
from engine.records import Answers
from engine.targets import probabilities_of, target_of, with_unknown_labels

_AT_ONCE = 4000
_STRIDE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class ComparedRows:
    """`keys[run]` uint64 [N]: one number a text and its truth, the copies of a text told apart, in the run's order;
    `places[run]` int64 [N]: which of the `num_texts` texts of all runs together each row is. `merits[run]` float64
    [num_texts]: 1 where the run is right, 0 where it is wrong, for numbers the negative distance; nan where it was not
    asked. `drawn` has the figures."""

    keys: tuple[NDArray[np.uint64], ...]
    places: tuple[NDArray[np.int64], ...]
    merits: tuple[Floats, ...]
    num_texts: int
    drawn: PairedRuns

    def are_same(self, one: int, other: int) -> bool:
        """Whether two runs were measured on the same texts with the same truths, in whatever order."""
        return np.array_equal(np.sort(self.keys[one]), np.sort(self.keys[other]))


def compared_rows(answers: Sequence[Answers], positive_label: str | None) -> Generator[None, None, ComparedRows]:
    """Match the rows of several answers; labels are taken in the first one's order. Breathes. Raises InputError for
    rows without labels."""
    known = answers[0].labels
    target = target_of(answers[0].kind)
    ordered = [_in_order_of(known, one) for one in answers]
    widened = [with_unknown_labels(one) for one in ordered]
    positive = positive_id(known, positive_label) if target.is_exclusive else None
    num_labels = len(widened[0].labels) if target.is_categorical else 0
    sums = SufficientStatistics(num_labels, positive, target.may_have_several)
    keys = []
    for one in ordered:
        keys.append((yield from _keys(one)))
    texts, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    places = np.split(inverse.astype(np.int64), np.cumsum([len(one) for one in keys])[:-1])
    drawn = PairedRuns(len(texts), sums)
    merits = []
    for place, one, rows in zip(places, ordered, widened, strict=True):
        columns = sums.columns(rows.widened(probabilities_of(one)), rows.truths)
        drawn.add(place, columns)
        merit = np.full(len(texts), np.nan)
        merit[place] = columns[:, 1] if target.is_categorical else -columns[:, 1]
        merits.append(merit)
        yield
    return ComparedRows(tuple(keys), tuple(places), tuple(merits), len(texts), drawn)


def _in_order_of(labels: tuple[str, ...], answers: Answers) -> Answers:
    """The same answers with their labels in another order."""
    if answers.truths is None:
        raise InputError(
            message("These rows have no labels, so there is nothing to compare answers with."),
            answers.source or answers.split,
            message("Choose a file with texts and labels."),
        )
    if answers.labels == labels or not answers.labels:
        return answers
    order = [answers.labels.index(label) for label in labels]
    truths = target_of(answers.kind).reordered(answers.truths, order)
    return replace(answers, labels=labels, logits=answers.logits[:, order], truths=truths)


def _keys(answers: Answers) -> Generator[None, None, NDArray[np.uint64]]:
    assert answers.truths is not None
    given, unknown = answers.truths, answers.unknown

    def mark(place: int) -> bytes:
        truth: bytes = given[place].tobytes()
        if unknown is not None:
            truth += unknown[place].tobytes()
        return answers.texts[place].encode("utf-8", "surrogatepass") + b"\0" + truth

    return (yield from row_keys(len(answers), mark))


def row_keys(num_rows: int, mark: Callable[[int], bytes]) -> Generator[None, None, NDArray[np.uint64]]:
    """uint64 [N]: a number a row that is the same for the same `mark`, the copies of one told apart. Breathes."""
    found = np.empty(num_rows, dtype=np.uint64)
    for first in range(0, num_rows, _AT_ONCE):
        for place in range(first, min(first + _AT_ONCE, num_rows)):
            found[place] = int.from_bytes(hashlib.blake2b(mark(place), digest_size=8).digest(), "little")
        yield
    return found + _copy_numbers(found) * _STRIDE


def _copy_numbers(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """0 for the first row of a key, 1 for its second, and so on."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(keys) else np.empty(0, int)
    lengths = np.diff(np.append(starts, len(keys)))
    numbers = np.empty(len(keys), dtype=np.uint64)
    numbers[order] = (np.arange(len(keys)) - np.repeat(starts, lengths)).astype(np.uint64)
    return numbers
