"""Arc choice: which weights of a map are drawn as arcs, and from what weight on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from studio.plots.attention.map_data import MapData

MOST_ARCS = 250
_LEAST_SHARE = 0.75
"""No arc for less than this share of an even look: it would say nothing."""


@dataclass(frozen=True)
class Arc:
    """One look of a query at a key."""

    query: int
    key: int
    weight: float


@dataclass(frozen=True)
class Arcs:
    """`shown` are all weights above `threshold`, weakest first; a word's look at itself is none of them."""

    shown: tuple[Arc, ...]
    threshold: float

    @property
    def strongest(self) -> float:
        return abs(self.shown[-1].weight) if self.shown else 1.0


def is_self_attention(data: MapData) -> bool:
    """The words look at themselves: one column of words is enough."""
    return data.queries == data.keys


def arcs_of(data: MapData, most: int = MOST_ARCS) -> Arcs:
    """The arcs above the lowest threshold of two figures that leaves at most `most`."""
    sizes = np.abs(data.weights)
    if is_self_attention(data):
        sizes = sizes * ~np.eye(len(data.keys), dtype=bool)
    floor = _LEAST_SHARE / len(data.keys)
    candidates = sizes[sizes > floor]
    if len(candidates) > most:
        floor = float(np.partition(candidates, -most - 1)[-most - 1])
    threshold = rounded_up(floor)
    queries, keys = np.nonzero(sizes > threshold)
    order = np.argsort(sizes[queries, keys], kind="stable")
    found = zip(queries[order].tolist(), keys[order].tolist(), strict=True)
    return Arcs(tuple(Arc(query, key, float(data.weights[query, key])) for query, key in found), threshold)


def rounded_up(value: float) -> float:
    """Two figures that are not less: 0.0451 becomes 0.046."""
    digits = 1 - math.floor(math.log10(value))
    shifted = value * 10.0**digits
    return float(round(math.ceil(shifted - 1e-6) / 10.0**digits, digits))
