"""Modified Kneser-Ney smoothing, orders 1 to 5, counted as arrays (Chen & Goodman 1999, eq. 26 to 28).

The highest order counts occurrences; a lower one counts how many different tokens come before, except for what begins a
text, which nothing comes before: its occurrences count. D1, D2 and D3+ follow from n1..n4 of each order, kept within
what a count bears, because small or repeated texts lack such counts. Beneath the first order all tokens that can be
written are equally likely.

Shapes: N tokens of the stream, G n-grams of an order, C contexts (the n-grams of the order before), V vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.breath import breathe
from engine.metrics.ngrams import different

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_NONE = -1
_USUAL = (0.5, 1.0, 1.4)
"""D1, D2, D3+ where there are too few counts to tell."""


@dataclass(frozen=True)
class Order:
    """`keys` [G], sorted: context number * V + token; `kept` [G]; `passed_on` [C], 1 where a context was never one."""

    keys: Ints
    kept: Floats
    passed_on: Floats


@dataclass(frozen=True)
class KneserNey:
    """`first` [V] sums to 1; `orders` from 2 on. `discounts` of every order, D1, D2, D3+."""

    first: Floats
    orders: tuple[Order, ...]
    discounts: tuple[tuple[float, float, float], ...]


def kneser_ney(stream: Ints, end: int, order: int, vocabulary_size: int, unwritten: tuple[int, ...] = ()) -> KneserNey:
    """Count the `stream` [N]: an `end`, then texts with an end behind each. `unwritten` tokens are never predicted
    beneath what was counted."""
    back = _back(stream, end)
    numbers: list[Ints] = [stream]
    keys: list[Ints] = []
    for length in range(2, order + 1):
        breathe()
        places = np.flatnonzero(back >= length - 1)
        found = numbers[-1][places - 1] * vocabulary_size + stream[places]
        known = different(found)
        keys.append(known)
        numbers.append(_at(places, np.searchsorted(known, found), len(stream)))
    sizes = [vocabulary_size, *(len(known) for known in keys)]
    counts = [_counts(numbers, back, length, sizes) for length in range(1, order + 1)]
    discounts = tuple(_discounts(found) for found in counts)
    writable = np.ones(vocabulary_size, dtype=bool)
    writable[list(unwritten)] = False
    orders = tuple(
        _order(keys[length - 2], counts[length - 1], discounts[length - 1], sizes[length - 2], vocabulary_size)
        for length in range(2, order + 1)
    )
    return KneserNey(_first(counts[0], discounts[0], writable), orders, discounts)


def _back(stream: Ints, end: int) -> Ints:
    """[N]: how many tokens stand before each one in its text, the end of the text before it included."""
    places = np.arange(len(stream))
    ends = np.where(stream == end, places, 0)
    last = np.concatenate([[0], np.maximum.accumulate(ends)[:-1]])
    found: Ints = places - last
    return found


def _at(places: Ints, values: Ints, num: int) -> Ints:
    found = np.full(num, _NONE, dtype=np.int64)
    found[places] = values
    return found


def _counts(numbers: list[Ints], back: Ints, length: int, sizes: list[int]) -> Ints:
    """[G] of one order: occurrences at the highest one, else different tokens before, and occurrences of what begins a
    text."""
    own = numbers[length - 1]
    if length == len(numbers):
        return np.bincount(own[(own != _NONE) & (back >= max(1, length - 1))], minlength=sizes[length - 1])
    longer = numbers[length]
    places = np.flatnonzero(longer != _NONE)
    suffixes = np.full(sizes[length], _NONE, dtype=np.int64)
    suffixes[longer[places]] = own[places]
    found = np.bincount(suffixes, minlength=sizes[length - 1])
    if length > 1:
        found += np.bincount(own[(own != _NONE) & (back == length - 1)], minlength=sizes[length - 1])
    return found


def _discounts(counts: Ints) -> tuple[float, float, float]:
    n1, n2, n3, n4 = (int(np.sum(counts == value)) for value in range(1, 5))
    if not (n1 and n2 and n3):
        return _USUAL
    y = n1 / (n1 + 2 * n2)
    found = (1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3)
    return tuple(  # type: ignore[return-value]
        value if 0 < value < limit else usual for value, limit, usual in zip(found, (1, 2, 3), _USUAL, strict=True)
    )


def _discounted(counts: Ints, discounts: tuple[float, float, float]) -> Floats:
    """[G]: what is taken off each count."""
    return np.array([0.0, *discounts])[np.minimum(counts, 3)]


def _order(
    keys: Ints, counts: Ints, discounts: tuple[float, float, float], num_contexts: int, vocabulary_size: int
) -> Order:
    contexts = keys // vocabulary_size
    taken = _discounted(counts, discounts)
    totals = np.bincount(contexts, weights=counts, minlength=num_contexts)
    given = np.bincount(contexts, weights=taken, minlength=num_contexts)
    kept = (counts - taken) / np.maximum(totals[contexts], 1)
    passed_on = np.where(totals > 0, given / np.maximum(totals, 1), 1.0)
    return Order(keys, kept, passed_on)


def _first(counts: Ints, discounts: tuple[float, float, float], writable: NDArray[np.bool_]) -> Floats:
    taken = _discounted(counts, discounts)
    total = counts.sum()
    even: Floats = writable / writable.sum()
    if not total:
        return even
    found: Floats = (counts - taken) / total + taken.sum() / total * even
    return found
