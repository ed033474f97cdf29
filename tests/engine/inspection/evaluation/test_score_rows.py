"""Answers in words are asked once: then they lie in the run's folder; how far it is, is told as the task tells it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from datasets import Dataset

from engine.breath import drain
from engine.config.run import RunConfig
from engine.inspection.evaluation import score_rows as module
from engine.inspection.evaluation.score_rows import rows_of_split, score_rows
from engine.inspection.evaluation.source_columns import further_columns
from engine.records import LeftOut, Progress, ScoredRows
from engine.runs.run import Run
from engine.runs.scored_answers import keep_scores, kept_scores
from tests.engine.scored_answers import scored_rows
from tests.run_folders import place_checkpoint


class Answering:
    """A task that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def score_rows(self, rows: Dataset, split: str) -> Generator[int | None, None, ScoredRows]:
        self.asked.append(len(rows))
        yield None
        yield 3
        yield None
        return scored_rows(len(rows), split=split)


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Answering:
    made = Answering()
    rows = Dataset.from_dict({"row": list(range(1, 101)), "source": ["ein Text"] * 100})
    monkeypatch.setattr(module, "loaded_task", lambda run, checkpoint: made)
    splits = SimpleNamespace(splits={"test": rows, "validation": rows}, left_out={"test": (LeftOut("no_text", 1),)})
    monkeypatch.setattr(module, "further_columns", lambda *_: {})
    monkeypatch.setattr(module, "load_splits", lambda data, task, seed: splits)
    return made


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = Run.create(RunConfig(), tmp_path, "translator")
    place_checkpoint(made, 40)
    return made


def test_they_are_asked_once(run: Run, task: Answering) -> None:
    first = drain(score_rows(run, split="test", most=30))
    assert task.asked == [25] and first.num_in_split == 100 and first.left_out == (LeftOut("no_text", 1),)
    again = drain(score_rows(run, split="test", most=30))
    assert task.asked == [25] and list(again.rows) == list(first.rows) and again.num_in_split == 100
    drain(score_rows(run, split="test"))
    assert task.asked == [25, 100]


def test_what_is_done_never_falls(run: Run, task: Answering) -> None:
    told = [one for one in score_rows(run, split="validation") if isinstance(one, Progress)]
    assert [(one.done, one.total) for one in told] == [(0, 1), (0, 100), (3, 100), (3, 100)]


def test_what_else_the_source_says_stands_by_its_rows(tmp_path: Path) -> None:
    """Rows are shuffled into splits, some are asked only, and they are read back from the run's folder."""
    file = tmp_path / "pairs.csv"
    lines = [f"Satz {number},sentence {number},{'web' if number % 2 else 'book'}" for number in range(60)]
    file.write_text("\n".join(["de,en,origin", *lines]), encoding="utf-8")
    config = RunConfig().with_values(
        {"task.name": "sequence-to-sequence", "model.name": "recurrent-seq2seq", "data.train": str(file)}
    )
    made = Run.create(config, tmp_path, "translator")
    rows, name, _ = rows_of_split(made, split="test")
    found = further_columns(made, None, name, np.array(rows["row"]))
    assert list(found) == ["origin"] and len(found["origin"]) == len(rows)
    for number, text, origin in zip(rows["row"], rows["source"], found["origin"], strict=True):
        assert text == f"Satz {number - 1}" and origin == ("web" if (number - 1) % 2 else "book")
    scored = replace(scored_rows(len(rows)), columns=found)
    keep_scores(tmp_path / "answers" / "scored-0", scored)
    kept = kept_scores(tmp_path / "answers" / "scored-0")
    assert kept is not None and {one: list(cells) for one, cells in kept.columns.items()} == found
