"""Few labels and guessing words in the loop: whole runs, stopped in either part and resumed bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

from engine import commands, events, verbs
from engine.commands import Command
from engine.events import Event
from engine.runs.history import open_history
from engine.runs.run import Run
from tests.engine.training.conftest import follow

MakeRun = Callable[..., Run]
BOTH: dict[str, Any] = {
    "task__name": "semi-supervised",
    "task__generator_size": 8,
    "training__pretraining__name": "language-model",
    "training__pretraining__steps": 4,
    "training__max_steps": 8,
    "training__evaluate_every": 2,
}


@pytest.fixture
def more_texts(tmp_path: Path) -> str:
    file = tmp_path / "more.csv"
    pairs = [(noun, word) for noun in ("hotel", "film", "meal") for word in ("good", "bad")]
    rows = [f"the {noun} was {word} and the {noun} stayed" for noun, word in pairs]
    file.write_text("\n".join(["text", *rows, *(f"{row} twice" for row in rows)]), encoding="utf-8")
    return str(file)


def losses(run: Run) -> dict[str, list[float]]:
    history = open_history(run.journal)[0]
    return {player: history.steps(player)[1].tolist() for player in ("pretraining", "model", "generator")}


def at_step(wanted: int) -> Callable[[Event | None], Command | None]:
    """Stop as soon as the checkpoint of a step is there."""

    def answer(event: Event | None) -> Command | None:
        if isinstance(event, events.CheckpointSaved) and event.step == wanted:
            return commands.Stop()
        return None

    return answer


def test_words_first_then_two_players(make_run: MakeRun, more_texts: str) -> None:
    run = make_run(**BOTH, data__unlabelled=more_texts)
    told = follow(verbs.train(run))
    taken = [event for event in told if isinstance(event, events.StepsTaken)]
    players = {step: set(event.losses) for event in taken for step in event.steps.tolist()}
    assert [players[step] for step in range(1, 9)] == [{"pretraining"}] * 4 + [{"model", "generator"}] * 4
    assert all(np.isfinite(series).all() for event in taken for series in event.losses.values())
    best = run.path / "checkpoints" / run.checkpoints["best"]
    with safe_open(best / "model.safetensors", framework="pt") as file:
        assert not [name for name in file.keys() if "softmax" in name or "generator" in name]  # noqa: SIM118
    assert verbs.predict(run, "the hotel was good").label in ("negative", "positive")


@pytest.mark.slow
@pytest.mark.parametrize("step", [2, 6])
def test_resumed_in_either_part_equals_uninterrupted(make_run: MakeRun, more_texts: str, step: int) -> None:
    whole, halted = (make_run(name, **BOTH, data__unlabelled=more_texts) for name in ("whole", "halted"))
    follow(verbs.train(whole))
    told = follow(verbs.train(halted), at_step(step))
    assert told[-1].step < 8
    follow(verbs.resume(halted))
    assert losses(halted) == losses(whole)
