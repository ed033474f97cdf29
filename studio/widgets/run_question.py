"""RunQuestion: what a run answers to a text, and why two runs that answer different things are not compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine import events
from engine.runs.journal import parse
from studio.translation import tr

if TYPE_CHECKING:  # the choices load after the first paint
    from engine.config.run import RunConfig

Goal = Literal["one", "several", "number", "writer"]
_MOST_LABELS = 3


@dataclass(frozen=True)
class RunQuestion:
    """`labels` in id order; empty for numbers and writers, None where the run has not told them yet."""

    goal: Goal
    labels: tuple[str, ...] | None = None


def question_of(config: RunConfig, labels: list[str] | None) -> RunQuestion:
    """`labels` as the run began with them; None before that."""
    task = config.task
    if task.name == "text-gan":
        return RunQuestion("writer", ())
    if task.is_numeric:
        return RunQuestion("number", ())
    return RunQuestion("several" if task.is_multi_label else "one", tuple(labels) if labels is not None else None)


def labels_told(journal: Path) -> list[str] | None:
    """The labels that a run began with, from its journal's first line; None where it does not say."""
    try:
        with journal.open("rb") as file:
            event = parse(file.readline())
    except OSError:
        return None
    return list(event.labels) if isinstance(event, events.RunStarted) else None


def misfit(base: RunQuestion | None, other: RunQuestion | None) -> str:
    """Why one cannot stand beside the other, in a few words; empty where it can, or where it is not known."""
    if base is None or other is None:
        return ""
    if base.goal != other.goal:
        return {
            "writer": tr("invents texts"),
            "number": tr("tells a number"),
            "several": tr("gives several labels"),
            "one": tr("gives one label"),
        }[other.goal]
    if base.labels is None or other.labels is None or set(base.labels) == set(other.labels):
        return ""
    shown = other.labels[:_MOST_LABELS]
    more = len(other.labels) - len(shown)
    if more:
        return tr("other labels: {labels} and {count} more", labels=", ".join(shown), count=more)
    return tr("other labels: {labels}", labels=", ".join(shown))
