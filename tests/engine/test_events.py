"""Events and commands survive their way through JSON."""

from __future__ import annotations

import json
import math

import numpy as np

from engine import commands, events
from engine.messages import message


def _through_json(event: events.Event) -> events.Event:
    line = json.dumps(events.to_json(event))
    found = events.from_json(json.loads(line))
    assert found is not None
    return found


def test_steps_keep_float32_losses_exactly() -> None:
    losses = np.random.default_rng(0).normal(size=50).astype(np.float32).astype(np.float64)
    event = events.StepsTaken(
        steps=np.arange(1, 51),
        losses={"model": losses},
        learning_rates={"model": np.full(50, 1e-3)},
        gradient_norms={"model": losses},
        accumulation=np.ones(50, dtype=np.int64),
    )
    found = _through_json(event)
    assert isinstance(found, events.StepsTaken)
    assert (found.losses["model"].astype(np.float32) == losses.astype(np.float32)).all()
    assert found.steps.tolist() == list(range(1, 51))


def test_journal_line_has_the_promised_keys() -> None:
    tree = events.to_json(events.Evaluated(step=3, split="validation", metrics={"f1": 0.5}, num_rows=4))
    assert list(tree)[:2] == ["event", "time"]
    assert tree["event"] == "Evaluated" and tree["step"] == 3 and tree["metrics"] == {"f1": 0.5}


def test_not_a_number_becomes_null_and_back() -> None:
    event = events.Evaluated(step=1, split="validation", metrics={"loss": math.nan}, num_rows=1)
    assert events.to_json(event)["metrics"] == {"loss": None}
    found = _through_json(event)
    assert isinstance(found, events.Evaluated) and math.isnan(found.metrics["loss"])


def test_messages_inside_events() -> None:
    event = events.Noticed(message=message("{count:plural:row:rows}", count=2), step=1)
    assert _through_json(event) == event.__class__(message=event.message, step=1, time=round(event.time, 3))


def test_an_event_of_a_newer_version_is_skipped() -> None:
    assert events.from_json({"event": "TeaMade", "time": 0.0}) is None


def test_commands_round_trip() -> None:
    for command in (commands.Pause(), commands.SetLearningRate(1e-3), commands.SetAccumulation(4), commands.Stop()):
        assert commands.from_json(json.loads(json.dumps(commands.to_json(command)))) == command
