"""Answers in words come back from disk as they were, and not at all where a file is damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.config.run import RunConfig
from engine.messages import message
from engine.records import LeftOut
from engine.runs.file_check import inspected
from engine.runs.run import Run
from engine.runs.scored_answers import keep_scores, kept_scores, scores_path
from tests.engine.scored_answers import scored_rows
from tests.run_folders import place_checkpoint


@pytest.fixture
def run(tmp_path: Path) -> Run:
    found = Run.create(RunConfig(), tmp_path, "translator")
    place_checkpoint(found, 40)
    return found


def test_they_come_back(run: Run) -> None:
    scored = replace(scored_rows(50), left_out=(LeftOut("no_text", 2, (7, 9)),), notes=(message("beam of {n}", n=5),))
    path = scores_path(run, None, "test", "step-40", 1000)
    assert kept_scores(path) is None
    keep_scores(path, scored)
    found = kept_scores(path)
    assert found is not None and len(found) == 50
    assert list(found.rows) == list(scored.rows) and found.rows[3:5] == list(scored.rows[3:5])
    assert all(np.array_equal(found.statistics[key], scored.statistics[key]) for key in scored.statistics)
    for name in ("split", "roles", "leading", "sort_by", "signature", "ceiling", "baseline", "left_out", "notes"):
        assert getattr(found, name) == getattr(scored, name), name
    assert found.baseline_name == scored.baseline_name and found.num_in_split == 50


def test_a_damaged_file_is_not_believed(run: Run) -> None:
    path = scores_path(run, None, "test", "step-40", None)
    keep_scores(path, scored_rows(50))
    assert not [one for one in inspected(run) if "answers" in one.where.english()]
    with (path / "said.bin").open("r+b") as file:
        file.write(b"XXXXXXXXX")
    assert kept_scores(path) is None
    assert any("answers" in one.where.english() for one in inspected(run))


def test_other_weights_rows_or_files_are_another_place(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "texts.csv"
    file.write_text("source,target\na,b\n", encoding="utf-8")
    asked = [
        scores_path(run, None, "test", "step-40", None),
        scores_path(run, None, "test", "step-40", 1000),
        scores_path(run, None, "validation", "step-40", None),
        scores_path(run, str(file), "data", "step-40", None),
    ]
    file.write_text("source,target\na,b\nc,d\n", encoding="utf-8")
    asked.append(scores_path(run, str(file), "data", "step-40", None))
    (run.path / "checkpoints" / "step-40" / "decision.json").write_text("{}", encoding="utf-8")
    asked.append(scores_path(run, None, "test", "step-40", None))
    assert len({str(one) for one in asked}) == 6
