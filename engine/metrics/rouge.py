"""ROUGE-1, -2 and -L of each row (Lin 2004): F1 of shared words, of word pairs, and of the longest sequence of words in
common. As the package rouge-score counts them without stemming; but words of every script count, and Chinese is cut
sign by sign. N rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_SIGN = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff"
_WORD = re.compile(rf"[{_SIGN}]|[^\W_{_SIGN}]+")
KEYS = ("rouge_1", "rouge_2", "rouge_l")


def rouge_statistics(said: Sequence[str], wanted: Sequence[str]) -> dict[str, Floats]:
    """{"rouge_1", "rouge_2", "rouge_l": [N, 2]}: the row's F1 and its weight, 1."""
    rows = [_scores(words_of(one), words_of(other)) for one, other in zip(said, wanted, strict=True)]
    found = np.array(rows, dtype=np.float64).reshape(len(rows), len(KEYS))
    return {key: np.stack([found[:, place], np.ones(len(rows))], axis=1) for place, key in enumerate(KEYS)}


def words_of(text: str) -> list[str]:
    """Lower-cased words without marks."""
    return _WORD.findall(text.lower())


def _scores(said: list[str], wanted: list[str]) -> tuple[float, float, float]:
    return _shared(said, wanted), _shared(_twos(said), _twos(wanted)), _longest(said, wanted)


def _twos(words: list[str]) -> list[tuple[str, str]]:
    return list(pairwise(words))


def _shared(said: Sequence[object], wanted: Sequence[object]) -> float:
    both = (Counter(said) & Counter(wanted)).total()
    return _f1(both, len(said), len(wanted))


def _longest(said: list[str], wanted: list[str]) -> float:
    """By dynamic programming, a row of the table at a time: [words wanted + 1]."""
    if not said or not wanted:
        return 0.0
    numbers = {word: place for place, word in enumerate(dict.fromkeys((*said, *wanted)))}
    theirs = np.array([numbers[word] for word in wanted])
    lengths = np.zeros(len(wanted) + 1, dtype=np.int64)
    for word in said:
        longer = np.where(theirs == numbers[word], lengths[:-1] + 1, lengths[1:])
        lengths[1:] = np.maximum.accumulate(np.maximum(longer, lengths[1:]))
    return _f1(int(lengths[-1]), len(said), len(wanted))


def _f1(both: int, said: int, wanted: int) -> float:
    if not both:
        return 0.0
    precision, recall = both / said, both / wanted
    return 2 * precision * recall / (precision + recall)
