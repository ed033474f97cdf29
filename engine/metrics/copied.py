"""The longest run of words that a text shares with others, word for word.

T words of the text, N words of all others one after the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class SharedRun(NamedTuple):
    """`length` words, beginning at `start` of the text and at `place` of the others."""

    length: int
    start: int
    place: int


def longest_shared_run(text: Ints, others: Ints) -> SharedRun:
    """`text` [T] and `others` [N] are numbers of words; a negative number is like no other (unknown words, borders)."""
    best = SharedRun(0, 0, 0)
    runs = np.zeros(len(others) + 1, dtype=np.int32)
    for end, word in enumerate(text):
        if word < 0 or not len(others):
            runs[:] = 0
            continue
        places = np.flatnonzero(others == word)
        longer = runs[places] + 1
        runs = np.zeros_like(runs)
        runs[places + 1] = longer
        if len(places) and longer.max() > best.length:
            place = int(longer.argmax())
            length = int(longer[place])
            best = SharedRun(length, end - length + 1, int(places[place]) - length + 1)
    return best
