"""predict.py decides as the studio does, and says so in words and in a table."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.config.classifiers import Recurrent
from engine.config.task import CrossEntropy
from engine.export.onnx import TEMPLATE, write_beside, write_onnx
from engine.metrics.deciding import ABSTAINED, decided, decided_several
from engine.records import Decision
from tests.engine.export.leavers import TEXTS, leaver, small
from tests.engine.inspection.small_models import own

LABELS = ("bad", "good", "so so")


def script() -> Any:
    spec = importlib.util.spec_from_file_location("predict", TEMPLATE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PREDICT = script()


def model(kind: str, labels: tuple[str, ...], thresholds: dict[str, float]) -> Any:
    made = PREDICT.Model.__new__(PREDICT.Model)
    made.kind, made.labels, made.thresholds = kind, list(labels), thresholds
    return made


@settings(max_examples=200, deadline=None)
@given(
    scores=some.lists(some.floats(0.01, 1), min_size=2, max_size=3),
    thresholds=some.dictionaries(some.integers(0, 2), some.floats(0.05, 0.99), max_size=3),
)
def test_it_decides_as_the_studio(scores: list[float], thresholds: dict[int, float]) -> None:
    row, labels = np.array(scores) / sum(scores), LABELS[: len(scores)]
    named = {labels[place]: value for place, value in thresholds.items() if place < len(labels)}
    (place,) = decided(row[None], labels, Decision(thresholds=named))
    answer = model("one", labels, named)._answer(row)
    assert answer["label"] == (None if place == ABSTAINED else labels[place])
    assert answer["abstains"] == (place == ABSTAINED)
    (flags,) = decided_several(row[None], labels, Decision(thresholds=named))
    several = model("several", labels, named)._answer(row)["labels"]
    assert several == [label for label, said in zip(labels, flags, strict=True) if said]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("onnx")
    leaving = leaver(own(small(Recurrent), CrossEntropy(), LABELS), Decision(0.7, dict.fromkeys(LABELS, 0.9)))
    write_onnx(leaving, made / "model.onnx")
    write_beside(leaving, made)
    return made


def run(folder: Path, *words: str) -> str:
    """In a process that sees nothing but what is installed."""
    command = [sys.executable, "-I", "-W", "error", str(folder / "predict.py"), *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder.parent, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_texts_on_the_command_line(folder: Path) -> None:
    answers = [json.loads(line) for line in run(folder, *TEXTS[:3], "--json").splitlines()]
    assert [one["text"] for one in answers] == TEXTS[:3]
    assert all(one["abstains"] and one["label"] is None and one["likeliest"] in LABELS for one in answers)
    assert all(sum(one["probabilities"].values()) == pytest.approx(1, abs=1e-5) for one in answers)


def test_a_table(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('text,answer\n"The film, ""good"" .",mine\nbad .,yours\n', encoding="utf-8-sig")
    run(folder, "--csv", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv"))
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "text,answer,answer of the model,probability,abstains", "a column of the person's is kept"
    assert lines[1].startswith('"The film, ""good"" .",mine,,0.') and lines[1].endswith(",yes")


def test_in_words() -> None:
    assert PREDICT.in_words(model("one", LABELS[:2], {})._answer(np.array([0.1, 0.9]))) == "good 90.0 %"
    left = model("one", LABELS[:2], {"good": 0.95})._answer(np.array([0.1, 0.9]))
    assert PREDICT.in_words(left) == "left to a person (likeliest: good, 90.0 %)"
    assert PREDICT.in_words({"number": 2.5}) == "2.5"
    assert PREDICT.in_words({"labels": [], "probabilities": {}}) == "none of the labels"
