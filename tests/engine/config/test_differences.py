"""Which settings differ between configs, in words."""

from __future__ import annotations

from typing import Any

from engine.config.differences import differing_settings
from engine.config.run import RunConfig


def told(*changes: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    settings, _ = differing_settings([RunConfig().with_values(change) for change in changes])
    return {one.path: (one.title.english(), [value.english() for value in one.values]) for one in settings}


def test_equal_ones_are_counted() -> None:
    settings, num_equal = differing_settings([RunConfig(), RunConfig(title="Another name")])
    assert not settings and num_equal > 40
    settings, fewer = differing_settings([RunConfig(), RunConfig(seed=3)])
    assert [one.path for one in settings] == ["seed"] and fewer == num_equal - 1


def test_choices_and_their_settings() -> None:
    found = told({}, {"model.hidden_size": 32, "training.optimizer.learning_rate": 0.5})
    assert found["model.hidden_size"][1][1] == "32"
    assert found["training.optimizer.learning_rate"] == ("Learning rate", ["0.001", "0.5"])
    found = told({"model.name": "recurrent"}, {"model.name": "transformer"})
    assert found["model"][1] == ["Recurrent network", "Transformer"] and "model.cell" not in found


def test_words_of_a_settings_values() -> None:
    found = told({}, {"task.loss.class_weights": "balanced", "data.max_rows": 100, "model.bidirectional": False})
    assert found["task.loss.class_weights"] == ("Class weights", ["None", "Rare labels count more"])
    assert found["data.max_rows"][1] == ["–", "100"]
    assert found["model.bidirectional"][1] == ["on", "off"]


def test_files_by_their_names_where_those_tell_them_apart() -> None:
    found = told({"data.train": "/a/one.csv"}, {"data.train": "/b/two.csv"})
    assert found["data.train"][1] == ["one.csv", "two.csv"]
    found = told({"data.train": "/a/same.csv"}, {"data.train": "/b/same.csv"})
    assert found["data.train"][1] == ["/a/same.csv", "/b/same.csv"]
