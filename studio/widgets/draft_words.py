"""What a draft of the wizard is called, wherever it is offered."""

from __future__ import annotations

from studio.translation import tr


def draft_title(name: str) -> str:
    """“A draft waits: “tickets.csv””."""
    return tr("A draft waits: “{name}”", name=name) if name else tr("A draft waits")


def step_words(step: int) -> str:
    """“You were at step 2 of 5: Data”; steps count from 0."""
    titles = (tr("Goal"), tr("Data"), tr("Model"), tr("Training"), tr("Review"))
    return tr("You were at step {number} of {count}: {title}", number=step + 1, count=len(titles), title=titles[step])
