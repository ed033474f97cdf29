"""Runs that answer in words beside each other: the same rows, differences held against plain loops, verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.__main__ import main
from engine.breath import drain
from engine.errors import InputError
from engine.inspection.comparison.compare import compare
from engine.inspection.evaluation.score_rows import score_rows
from engine.metrics.summed_figures import differences
from engine.records import Comparison
from engine.runs.run import Run
from tests.engine.answered_runs import answered_run
from tests.words_task import ReversingTask, pairs, registered, table, words_run


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with registered():
        yield


def compared(*runs: Run, source: str | None = None) -> Comparison:
    return drain(compare(list(runs), source=source))


def test_two_models_on_the_same_rows(tmp_path: Path) -> None:
    weak, good = words_run(tmp_path, "Weak", 0.3), words_run(tmp_path, "Good", 0.05)
    found = compared(weak, good)
    (pair,) = found.pairs
    one, other = (drain(score_rows(run)) for run in (weak, good))
    reference = differences(one.statistics, other.statistics)
    for key in ("em", "f1"):
        assert pair.change[key].value == pytest.approx(reference[key].change.value)
        half = (reference[key].change.high - reference[key].change.low) / 2
        assert pair.change[key].half_width == pytest.approx(half, abs=0.015)
        assert pair.p_values[key] < 0.05 and reference[key].p_value < 0.05
    assert pair.outcome == "better" and not pair.is_about_recipes and pair.mcnemar_p is None
    right = [np.array([row.scores["em"] for row in answers.rows]) for answers in (one, other)]
    assert pair.only_b == int((right[1] > right[0]).sum()) and pair.only_a == 0
    said = found.headline.english()
    assert said.startswith("Good is better than Weak: exact match 95.3 % against 80.0 % on 150 rows (p = 0.002).")
    assert "not about their settings" in said
    assert (found.leading, found.signature, found.roles) == ("em", "whole texts", ("source",))
    assert found.baseline == {"em": 0.05, "f1": 0.3} and found.groups[0].num_rows == 150


def test_the_rows_where_they_differ_most(tmp_path: Path) -> None:
    weak, good = words_run(tmp_path, "Weak", 0.3), words_run(tmp_path, "Good", 0.05)
    found = compared(weak, good)
    assert 0 < len(found.rows) <= 20
    for one in found.rows:
        assert one.is_better and one.score_b > one.score_a and one.metric == "f1"
        assert one.said_b == one.wanted[0] and one.said_a == one.read[0]
    gaps = [one.score_b - one.score_a for one in found.rows]
    assert gaps == sorted(gaps, reverse=True)
    back = compared(good, weak)
    assert back.pairs[0].outcome == "worse" and not any(one.is_better for one in back.rows)
    assert back.headline.english().startswith("Good is better than Weak")


def test_equal_runs_are_not_told_apart(tmp_path: Path) -> None:
    one, other = words_run(tmp_path, "One"), words_run(tmp_path, "Other", changes={"training.max_steps": 99})
    (pair,) = compared(one, other).pairs
    assert pair.outcome == "open" and pair.p_value == 1.0 and pair.only_a == pair.only_b == 0
    assert "Can't tell One and Other apart with 150 rows" in pair.verdict.english()


def test_three_seeds_each_judge_the_recipes(tmp_path: Path) -> None:
    plain = [words_run(tmp_path, f"P{seed}", 0.3, seed) for seed in range(3)]
    good = [words_run(tmp_path, f"G{seed}", 0.05, seed) for seed in range(3)]
    found = compared(*plain, *good)
    assert [group.seeds for group in found.groups] == [(0, 1, 2), (0, 1, 2)]
    (pair,) = found.pairs
    assert pair.is_about_recipes and pair.outcome == "better"
    assert "more than the luck of seeds and texts" in pair.verdict.english()
    assert found.groups[0].figures["em"].over == "seeds"
    two = compared(*plain[:2], *good[:2])
    assert not two.pairs[0].is_about_recipes, "two seeds speak for no recipe"


def test_answers_are_asked_once(tmp_path: Path) -> None:
    runs = [words_run(tmp_path, name, 0.2 + 0.1 * place) for place, name in enumerate("ABC")]
    ReversingTask.asked.clear()
    compared(*runs[:2])
    compared(*runs)
    assert len(ReversingTask.asked) == 3


def test_on_another_file_whose_rows_are_counted(tmp_path: Path) -> None:
    runs = [words_run(tmp_path, "A", 0.3), words_run(tmp_path, "B", 0.05)]
    rows = [*pairs(80, seed=3), ("", "red"), ("red blue", "")]
    found = compared(*runs, source=str(table(tmp_path / "more.csv", rows)))
    assert found.groups[0].num_rows == 80 and found.groups[0].split == "data"
    assert [(one.reason, one.count) for one in found.left_out] == [("no_text", 2)]


def test_labels_against_words_are_refused(tmp_path: Path) -> None:
    labels = answered_run(tmp_path, "Labels", np.zeros(10, int), np.zeros(10, int))
    with pytest.raises(InputError, match="answer different questions"):
        compared(words_run(tmp_path, "Words"), labels)


def test_other_texts_are_not_compared(tmp_path: Path) -> None:
    one = words_run(tmp_path / "one", "One")
    other = words_run(tmp_path / "other", "Other", 0.0)
    table(tmp_path / "other" / "test.csv", pairs(100, seed=77))
    found = compared(one, other)
    assert found.pairs[0].outcome == "apart" and not found.rows and not found.baseline


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = [str(words_run(tmp_path, "A", 0.3).path), str(words_run(tmp_path, "B", 0.05).path)]
    assert main(["compare", *runs, "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["leading"] == "em" and tree["pairs"][0]["outcome"] == "better"
    assert set(tree["pairs"][0]["p_values"]) == {"em", "f1"} and tree["baseline"]["name"] == "the text as it is"
    assert tree["differing_rows"][0]["read"].keys() == {"source"} and tree["word_counting"] == {}
    assert main(["compare", *runs]) == 0
    told = capsys.readouterr().out
    assert "EM" in told and "Where A and B differ most, by F1:" in told and "Counted as whole texts." in told
