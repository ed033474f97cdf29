"""Head order: the heads of a map by what they do."""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.records import HeadFacts

Order = Literal["layer", "entropy", "distance", "importance"]
Place = tuple[int, int]
"""(layer, head), both from 0."""


def ordered(shape: Place, order: Order, facts: HeadFacts | None) -> tuple[Place, ...]:
    """Sharpest first, farthest first or most important first; equals by layer and head. Without facts: by layer."""
    layers, heads = shape
    places = tuple((layer, head) for layer in range(layers) for head in range(heads))
    if order == "layer" or facts is None:
        return places
    table = {"entropy": facts.entropy, "distance": -facts.distance, "importance": -facts.importance}[order]
    assert table.shape == shape
    return tuple(places[index] for index in np.argsort(table.ravel(), kind="stable").tolist())
