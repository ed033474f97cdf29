"""Heads in words: their named pattern and its letter, their short name, what they do in one line; in which order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np

from engine.records import HeadFacts, Pattern
from studio.numbers import percent
from studio.translation import tr

PATTERNS: tuple[Pattern, ...] = ("previous", "next", "self", "first", "separator", "same-word", "broad")


def pattern_words(pattern: Pattern) -> str:
    """Where a head with this pattern looks, in words; nothing for none."""
    return {
        "previous": tr("previous token"),
        "next": tr("next token"),
        "self": tr("itself"),
        "first": tr("first token"),
        "separator": tr("separator"),
        "same-word": tr("same word"),
        "broad": tr("broad"),
        "": "",
    }[pattern]


def pattern_letter(pattern: Pattern) -> str:
    """One letter, the first of its words or one that is not taken; nothing for none."""
    return {
        "previous": tr("P"),
        "next": tr("N"),
        "self": tr("I"),
        "first": tr("F"),
        "separator": tr("S"),
        "same-word": tr("W"),
        "broad": tr("B"),
        "": "",
    }[pattern]


def legend_words(found: Collection[Pattern] = PATTERNS) -> str:
    """The letters of some patterns with their words, in one line that breaks between patterns only."""
    named = (f"{pattern_letter(pattern)} {pattern_words(pattern)}" for pattern in PATTERNS if pattern in found)
    return "   ".join(words.replace(" ", "\N{NO-BREAK SPACE}") for words in named)


def head_words(place: Place) -> str:
    """`6·10`: layer and head, counted from 1."""
    return f"{place[0] + 1}·{place[1] + 1}"


def fact_words(facts: HeadFacts | None, place: Place, is_off: bool = False) -> str:
    """Its pattern with the share that it explains, entropy, distance and importance; "" where nothing is known."""
    lines = [tr("switched off")] if is_off else []
    if facts is not None:
        pattern = facts.pattern[place[0]][place[1]]
        if pattern:
            lines.append(f"{pattern_words(pattern)} ({percent(float(facts.share[place]), 0)})")
        lines.append(
            tr(
                "entropy {entropy} · distance {distance} tokens",
                entropy=f"{facts.entropy[place]:.2f}",
                distance=f"{facts.distance[place]:.1f}",
            )
        )
        if facts.importance.any():
            lines.append(tr("importance {importance}", importance=f"{facts.importance[place]:.3f}"))
    return "\n".join(lines)


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
