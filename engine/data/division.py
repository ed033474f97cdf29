"""Who goes where: stratified, seeded parts of rows that keep the copies of a text together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def divided(
    text_hash: NDArray[np.uint64], label: NDArray[np.int32], shares: Mapping[str, float], seed: int
) -> dict[str, Indices]:
    """Indices of "train" and of each part in `shares`, in rising order.

    Every label is divided in the same shares. A label with one text stays in train; one with more gives at least one
    text to each part while one remains to train on. All copies of a text go to the same part, so that nothing that is
    measured on was trained on.
    """
    _, firsts, group = np.unique(text_hash, return_index=True, return_inverse=True)
    generator = np.random.default_rng([seed, 1])
    part_of_group = np.zeros(len(firsts), dtype=np.int8)
    group_label = label[firsts]
    for code in np.unique(group_label):
        members = generator.permutation(np.flatnonzero(group_label == code))
        start = 0
        for number, share in enumerate(shares.values(), start=1):
            count = _held_back(len(members), len(members) - start, share)
            part_of_group[members[start : start + count]] = number
            start += count
    part = part_of_group[group]
    return {name: np.flatnonzero(part == number) for number, name in enumerate(["train", *shares])}


def _held_back(total: int, left: int, share: float) -> int:
    if share <= 0:
        return 0
    return min(max(1, round(total * share)), max(0, left - 1))


def drawn(label: NDArray[np.int32], max_rows: int, seed: int) -> Indices:
    """At most `max_rows` indices in rising order, the labels in their proportions (at least one each if they fit)."""
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
