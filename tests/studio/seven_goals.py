"""As many goals as there will be, with words as long as such goals have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.messages import Message
from studio.tasks.registry import VIEWS
from studio.tasks.task_view import GoalCard, HomeCard, TaskView

_LONG = (
    "Turns one text into another: a translation, a summary, a date in another form. Shows which words of the source "
    "each written word came from."
)
_MADE = {
    "question-answering": ("Find answers", "A reader marks the answer in a passage", "Who wrote it? · a passage"),
    "sequence-to-sequence": ("Translate or summarise", "Turns one text into another", "Ein Mann fährt Rad"),
    "language-model": ("Write text", "Learns which word comes next, and writes on", "Once upon a time"),
    "chat": ("Chat", "Learns to answer, turn by turn", "Hello, how are you?"),
}


def seven_goals() -> Mapping[str, TaskView]:
    """The views of today, and made ones for goals that have none yet."""
    usual = VIEWS["text-gan"]
    made = {
        name: replace(
            usual,
            name=name,
            goal=GoalCard(
                Message(title),
                Message(_LONG),
                (Message(example), Message("a rather long answer")),
                HomeCard("ph.translate", Message(purpose), "s3"),
            ),
        )
        for name, (title, purpose, example) in _MADE.items()
    }
    return {**made, **VIEWS}


def offer_seven_goals(monkeypatch: pytest.MonkeyPatch) -> None:
    """To whatever is built from now on."""
    for name, view in seven_goals().items():
        monkeypatch.setitem(VIEWS, name, view)  # type: ignore[arg-type]
