"""RunQuestion: what a run answers to a text, and why two runs that answer different things are not compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine import events
from engine.records import TargetKind
from engine.runs.journal import parse
from studio.translation import tr

if TYPE_CHECKING:  # the choices load after the first paint
    from engine.config.run import RunConfig

_MOST_LABELS = 3


@dataclass(frozen=True)
class RunQuestion:
    """`target`: what a text's truth is, None where it writes texts. `labels` in id order; empty for numbers and
    writers, None where the run has not told them yet. `says` is what it is asked for in words."""

    target: TargetKind | None
    labels: tuple[str, ...] | None = None
    says: frozenset[str] = frozenset()


def question_of(config: RunConfig, labels: list[str] | None) -> RunQuestion:
    """`labels` as the run began with them; None before that."""
    target = config.task.target
    if target is None:
        from engine.config.tasks.registry import type_of  # the choices load after the first paint

        return RunQuestion(None, (), type_of(config.task).says)
    if not target.is_categorical:
        return RunQuestion(target.name, ())
    return RunQuestion(target.name, tuple(labels) if labels is not None else None)


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
    if base.target != other.target or base.says != other.says:
        return _answers(other)
    if base.labels is None or other.labels is None or set(base.labels) == set(other.labels):
        return ""
    shown = other.labels[:_MOST_LABELS]
    more = len(other.labels) - len(shown)
    if more:
        return tr("other labels: {labels} and {count} more", labels=", ".join(shown), count=more)
    return tr("other labels: {labels}", labels=", ".join(shown))


def _answers(question: RunQuestion) -> str:
    if question.says:
        said = {
            "answer questions": tr("finds answers"),
            "transform": tr("writes a text for another one"),
            "write on": tr("writes on"),
            "chat": tr("answers in a chat"),
        }
        return said[min(question.says)]
    target = question.target
    if target is None:
        return tr("invents texts")
    return {
        "number": tr("tells a number"),
        "several": tr("gives several labels"),
        "one": tr("gives one label"),
    }[target]
