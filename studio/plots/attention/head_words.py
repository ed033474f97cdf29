"""Head words: a head's short name, and what it does in one line."""

from __future__ import annotations

from engine.records import HeadFacts
from studio.numbers import percent
from studio.plots.attention.head_order import Place
from studio.plots.attention.pattern_words import pattern_words
from studio.translation import tr


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
