"""Small real runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from engine import verbs
from engine.commands import Command
from engine.config.run import RunConfig
from engine.events import Event
from engine.runs.run import Run

TINY: dict[str, Any] = {
    "data.builtin.num_rows": 240,
    "data.max_length": 24,
    "data.tokenizer.vocabulary_size": 300,
    "model.embedding_size": 8,
    "model.hidden_size": 8,
    "model.dropout": 0.3,
    "training.max_steps": 24,
    "training.micro_batch_size": 8,
    "training.evaluate_every": 6,
    "training.baseline": False,
    "training.device": "cpu",
}

Follow = Callable[..., list[Event]]


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Run]:
    def make(name: str = "run", **changes: Any) -> Run:
        dotted = {key.replace("__", "."): value for key, value in changes.items()}
        return verbs.create(RunConfig().with_values({**TINY, **dotted}), tmp_path, name)

    return make


def follow(
    training: Iterable[Event | None], answer: Callable[[Event | None], Command | None] | None = None
) -> list[Event]:
    """Iterate to the end; `answer` says what to send back for each event."""
    told: list[Event] = []
    command: Command | None = None
    while True:
        try:
            event = training.send(command)  # type: ignore[attr-defined]
        except StopIteration:
            return told
        if event is not None:
            told.append(event)
        command = answer(event) if answer else None
