"""Each label has a colour of its own as far as there are colours; beyond that they come again."""

from __future__ import annotations

from collections.abc import Sequence

from studio.theme import tokens


def colours_of(labels: Sequence[str]) -> dict[str, str]:
    """{label: its colour}, the same as long as labels are only added."""
    colours = tokens()
    series = (colours.s1, colours.s2, colours.s4, colours.s5, colours.s3)
    return {label: series[place % len(series)] for place, label in enumerate(labels)}
