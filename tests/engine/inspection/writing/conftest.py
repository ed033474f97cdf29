"""A small run of every kind of language model, trained once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runs.run import Run
from engine.training.prepare import train
from tests.engine.tasks.test_language_model import SMALL, config


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder: Path = tmp_path_factory.mktemp("writers")
    found = {}
    for name in SMALL:
        found[name] = Run.create(config(name, max_steps=30, evaluate_every=30), folder, name)
        list(train(found[name]))
    return found
