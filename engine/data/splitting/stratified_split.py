"""Who goes where: stratified, seeded parts of rows that keep the copies of a text together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]

_TOLERANCE = 0.25
"""By so much may a part exceed its share for the sake of having every label in it."""

_SHORTFALL = 0.1
"""By so much may rounding make it smaller."""


def divided(
    text_hash: NDArray[np.uint64], label: NDArray[np.int32], shares: Mapping[str, float], seed: int
) -> dict[str, Indices]:
    """Indices [rows of the part] of "train" and of each part in `shares`, in rising order; of every row [rows] its
    text's hash and its label.

    Every label is divided in the same shares. A label with one text stays in train; one with more gives at least one
    text to each part while one remains to train on, unless so many labels are so rare that the parts would grow far
    beyond their shares: then some of them, drawn by chance, give one and others none. All copies of a text go to the
    same part, so that nothing that is measured on was trained on.
    """
    _, firsts, group = np.unique(text_hash, return_index=True, return_inverse=True)
    generator = np.random.default_rng([seed, 1])
    part_of_group = np.zeros(len(firsts), dtype=np.int8)
    group_label = label[firsts]
    members = [generator.permutation(np.flatnonzero(group_label == code)) for code in np.unique(group_label)]
    sizes = np.array([len(one) for one in members], dtype=np.int64)
    starts = np.zeros_like(sizes)
    for number, share in enumerate(shares.values(), start=1):
        counts = _held_back(sizes, sizes - starts, share, generator)
        for one, start, count in zip(members, starts, counts, strict=True):
            part_of_group[one[start : start + count]] = number
        starts += counts
    part = part_of_group[group]
    return {name: np.flatnonzero(part == number) for number, name in enumerate(["train", *shares])}


def _held_back(sizes: Indices, left: Indices, share: float, generator: np.random.Generator) -> Indices:
    """How many texts of each label go to a part; of those `left` of a label one stays behind."""
    if share <= 0:
        return np.zeros_like(sizes)
    most = np.maximum(0, left - 1)
    exact = sizes * share
    one_each: Indices = np.minimum(np.maximum(1, np.round(exact).astype(np.int64)), most)
    asked = max(1, round(float(exact.sum())))
    too_many = int(one_each.sum()) - asked
    if -max(2, asked * _SHORTFALL) <= too_many <= max(2, asked * _TOLERANCE):
        return one_each
    counts: Indices = np.minimum(np.floor(exact).astype(np.int64), most)
    rest = asked - int(counts.sum())
    order = np.lexsort((generator.random(len(sizes)), -(exact - np.floor(exact))))
    open_places = [place for place in order if counts[place] < most[place]]
    counts[open_places[: max(0, rest)]] += 1
    return counts


def drawn(label: NDArray[np.int32], max_rows: int, seed: int) -> Indices:
    """At most `max_rows` indices into `label` [rows] in rising order, the labels in their proportions (at least one
    each if they fit)."""
    if max_rows >= len(label):
        return np.arange(len(label))
    codes, counts = np.unique(label, return_counts=True)
    generator = np.random.default_rng([seed, 2])
    parts = [
        generator.permutation(np.flatnonzero(label == code))[:quota]
        for code, quota in zip(codes, _quotas(counts, max_rows), strict=True)
    ]
    return np.sort(np.concatenate(parts))


def _quotas(counts: Indices, total: int) -> Indices:
    """Whole numbers that sum to `total` in the proportions of `counts`: largest remainders, then the least for all."""
    exact = counts * (total / counts.sum())
    quotas: Indices = np.floor(exact).astype(np.int64)
    rest = total - int(quotas.sum())
    quotas[np.argsort(-(exact - quotas), kind="stable")[:rest]] += 1
    if total >= len(counts):
        for place in np.flatnonzero(quotas == 0):
            quotas[np.argmax(quotas)] -= 1
            quotas[place] = 1
    return quotas
