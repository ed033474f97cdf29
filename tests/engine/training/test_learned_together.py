"""Settings that each learn alone learn together too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from engine import events, verbs
from engine.runs.run import Run
from tests.engine.training.conftest import follow

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("weights", ["none", "balanced"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("loss", ["cross-entropy", "binary-cross-entropy"])
def test_class_weights_and_label_smoothing(
    make_run: Callable[..., Run], tmp_path: Path, loss: str, smoothing: float, weights: str
) -> None:
    """One row of 20 is a complaint, told apart by its words."""
    draw, rows = Random(0), ["text,label"]
    for row in range(400):
        is_rare = row % 20 == 0
        own = draw.choice(("broken refund", "refund angry") if is_rare else ("thanks nice", "nice good"))
        rows.append(f"{own} item {draw.randrange(30)},{'complaint' if is_rare else 'other'}")
    file = tmp_path / "rare.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    run = make_run(
        data__train=str(file),
        task__loss={"name": loss, "label_smoothing": smoothing, "class_weights": weights},
        model__embedding_size=16,
        model__hidden_size=16,
        model__dropout=0.0,
        training__max_steps=150,
        training__evaluate_every=50,
        training__micro_batch_size=32,
        training__optimizer__learning_rate=0.01,
    )
    last = [event for event in follow(verbs.train(run)) if isinstance(event, events.Evaluated)][-1]
    assert last.metrics["accuracy"] == 1.0 and last.metrics["f1"] == 1.0
