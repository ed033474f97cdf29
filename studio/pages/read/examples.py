"""Examples: questions with their passages, of the run's held-out rows; until those are read, three of our own."""

from __future__ import annotations

from typing import NamedTuple

from engine.records import ScoredRows
from studio.translation import tr

_MOST = 10


class Example(NamedTuple):
    question: str
    context: str


def examples_of(rows: ScoredRows | None) -> tuple[Example, ...]:
    """At least three."""
    found = [Example(*one.read[:2]) for one in (rows.rows if rows is not None else ())]
    step = max(1, len(found) // _MOST)
    chosen = found[::step][:_MOST]
    return tuple(chosen) if len(chosen) >= 3 else _own()


def _own() -> tuple[Example, ...]:
    context = tr(
        "Switch the dehumidifier off before you clean it. Clean the air filter every two weeks. Rinse the water tank "
        "with warm water and let it dry. A red lamp lights up when the tank is full. Oil the hinge once a year."
    )
    return (
        Example(tr("How often must I clean the air filter?"), context),
        Example(tr("Which lamp lights up when the tank is full?"), context),
        Example(tr("How many screws hold the pump?"), context),
    )
