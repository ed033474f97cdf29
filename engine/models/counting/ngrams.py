"""Ngrams: which runs of tokens a text holds, as the numbers of a sorted table; counted here in numpy, for fitting.

A run of tokens is one whole number: its token ids, each one higher, are its digits to the base vocabulary + 1. So runs
of every length lie in one sorted table of int64 keys, two different ones never share a key, and a run is looked up by
binary search. Special and unknown tokens belong to no run, and no run reaches over one.

Shapes: R rows (texts), T tokens of all rows, N n-grams of the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from engine.breath import breathe

_BITS = 62
_TOKENS_AT_ONCE = 2**20

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Texts:
    """Token ids of many texts, one after the other: text `i` is `values[offsets[i]:offsets[i + 1]]`."""

    values: NDArray[np.integer]
    offsets: Ints

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def rows(self, places: Ints) -> Texts:
        """Those at `places`, in that order."""
        lengths = np.diff(self.offsets)[places]
        ends = np.cumsum(lengths)
        starts = self.offsets[places]
        at = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)
        return Texts(self.values[at], np.concatenate([np.zeros(1, np.int64), ends]))

    def parts(self) -> Iterator[Texts]:
        """The texts in runs of about a million tokens."""
        start = 0
        while start < len(self):
            stop = int(np.searchsorted(self.offsets, self.offsets[start] + _TOKENS_AT_ONCE, side="right")) - 1
            stop = min(len(self), max(stop, start + 1))
            first = self.offsets[start]
            yield Texts(self.values[first : self.offsets[stop]], self.offsets[start : stop + 1] - first)
            start = stop


def longest_for(vocabulary_size: int) -> int:
    """Tokens of the longest run whose number fits into 62 bits: 3 of 200,000 words, 7 of 400 signs."""
    return int(_BITS / np.log2(vocabulary_size + 2))


@dataclass(frozen=True)
class Ngrams:
    """The n-grams that are known: `keys` [N] int64, ascending; `silent` tokens belong to none."""

    keys: Ints
    vocabulary_size: int
    longest: int
    silent: tuple[int, ...]

    @classmethod
    def learn(
        cls, texts: Texts, vocabulary_size: int, longest: int, silent: Sequence[int], least: int, most: int
    ) -> tuple[Ngrams, csr_matrix, int]:
        """The n-grams of up to `longest` tokens that at least `least` texts hold, of these at most the `most` frequent
        ones; which texts hold them, [R, N] of 1; and how many there were before the most frequent were taken."""
        found = cls(np.empty(0, np.int64), vocabulary_size, longest, tuple(silent))
        by_order: list[Ints] = []
        for order in range(1, longest + 1):
            keys, counts = np.unique(found._keys(texts)[order - 1], return_counts=True)
            by_order.append(keys[(counts >= least) & (keys > 0)])
            breathe()
        table = cls(np.sort(np.concatenate(by_order)), vocabulary_size, longest, tuple(silent))
        held = table.presence(texts)
        counts = np.bincount(held.indices, minlength=held.shape[1])
        often = counts >= least
        num_found = int(often.sum())
        if num_found > most:
            # ties at the edge are taken in the order of the keys, so that the same texts give the same table
            order_of = np.argsort(-counts, kind="stable")
            often = np.zeros(len(counts), dtype=np.bool_)
            often[order_of[:most]] = True
        kept = np.flatnonzero(often)
        return cls(table.keys[kept], vocabulary_size, longest, tuple(silent)), held[:, kept], num_found

    def presence(self, texts: Texts) -> csr_matrix:
        """[R, N]: 1 where a text holds an n-gram, however often."""
        parts = [self._presence(part) for part in texts.parts()]
        return vstack(parts, format="csr") if parts else csr_matrix((0, len(self.keys)), dtype=np.float32)

    def _presence(self, texts: Texts) -> csr_matrix:
        breathe()
        lengths = np.diff(texts.offsets)
        row = np.repeat(np.arange(len(texts)), lengths)
        pairs: list[Ints] = []
        width = max(1, len(self.keys))
        for keys in self._keys(texts):
            at = np.searchsorted(self.keys, keys)
            at[at == len(self.keys)] = 0
            is_known = (keys > 0) & (self.keys[at] == keys) if len(self.keys) else np.zeros(len(keys), np.bool_)
            pairs.append(row[is_known] * width + at[is_known])
        held = np.unique(np.concatenate(pairs))
        rows, columns = np.divmod(held, width)
        starts = np.searchsorted(rows, np.arange(len(texts) + 1))
        ones = np.ones(len(held), dtype=np.float32)
        return csr_matrix((ones, columns.astype(np.int32), starts), shape=(len(texts), len(self.keys)))

    def _keys(self, texts: Texts) -> list[Ints]:
        """[T] of each order: the key of the n-gram that ends at each token, 0 where there is none."""
        base = self.vocabulary_size + 1
        digits = texts.values.astype(np.int64) + 1
        speaks = np.ones(self.vocabulary_size + 1, dtype=np.bool_)
        speaks[[1 + one for one in self.silent]] = False
        digits[~speaks[digits]] = 0
        place = np.arange(len(digits)) - np.repeat(texts.offsets[:-1], np.diff(texts.offsets))
        found = [digits]
        for order in range(2, self.longest + 1):
            before = np.zeros_like(digits)
            before[1:] = found[-1][:-1]
            is_whole = (before > 0) & (digits > 0) & (place >= order - 1)
            found.append(np.where(is_whole, before * base + digits, 0))
        return found

    def num_up_to(self, longest: int) -> int:
        """How many n-grams have at most `longest` tokens: they are the first ones, as longer ones have larger keys."""
        return int(np.searchsorted(self.keys, (self.vocabulary_size + 1) ** longest))
