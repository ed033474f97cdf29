"""Precision at a least recall of two sides, by answers that are known: thresholds of validation, figures of test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve, precision_score, recall_score

from engine.breath import drain
from engine.errors import InputError
from engine.inspection.comparison.at_recall import against_at_recall
from engine.runs.answers import answers_path, keep_answers, kept_answers
from engine.runs.run import Run
from tests.engine.answered_runs import answered_run

NUM = 300
FLOOR = 0.8


def scored_run(folder: Path, name: str, skill: float, seed: int, chance: np.random.Generator) -> Run:
    """A run whose scores of the positive label stand out by so much, on validation and on test rows."""
    for split in ("validation", "test"):
        truths = np.arange(NUM) % 2
        run = answered_run(folder / name / split, name, truths, truths, seed=seed, split=split)
        path = answers_path(run, None, split, "step-1")
        answers = kept_answers(path)
        assert answers is not None
        scores = skill * truths + chance.normal(size=NUM)
        logits = np.stack([np.zeros(NUM), scores], axis=1).astype(np.float32)
        keep_answers(path, replace(answers, logits=logits))
    both = Run(folder / name / "test" / name)
    other = kept_answers(answers_path(run_of(folder, name, "validation"), None, "validation", "step-1"))
    assert other is not None
    keep_answers(answers_path(both, None, "validation", "step-1"), other)
    return both


def run_of(folder: Path, name: str, split: str) -> Run:
    return Run(folder / name / split / name)


def plain(run: Run) -> tuple[float, float]:
    """(precision, recall) on test at scikit-learn's best threshold of validation."""
    told = {}
    for split in ("validation", "test"):
        answers = kept_answers(answers_path(run, None, split, "step-1"))
        assert answers is not None and answers.truths is not None
        told[split] = (answers.logits[:, 1].astype(np.float64), np.asarray(answers.truths))
    scores, truths = told["validation"]
    precision, recall, thresholds = precision_recall_curve(truths, scores)
    reaches = recall[:-1] >= FLOOR
    threshold = thresholds[reaches][precision[:-1][reaches].argmax()]
    scores, truths = told["test"]
    said = scores >= threshold
    return precision_score(truths, said), recall_score(truths, said)


def test_thresholds_of_validation_figures_of_test(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    before = [scored_run(tmp_path, f"weak {seed}", 1.0, seed, chance) for seed in range(3)]
    after = [scored_run(tmp_path, f"good {seed}", 2.5, seed, chance) for seed in range(3)]
    found = drain(against_at_recall(before, after, FLOOR))
    weak, good = ([plain(run) for run in side] for side in (before, after))
    assert found.start == pytest.approx(np.mean([one for one, _ in weak]))
    assert found.winner == pytest.approx(np.mean([one for one, _ in good]))
    assert found.recall_start == pytest.approx(np.mean([one for _, one in weak]))
    assert found.recall_winner == pytest.approx(np.mean([one for _, one in good]))
    assert found.split == "test" and found.num_rows == NUM and found.seeds_winner == 3 and found.is_better
    assert found.change.value == pytest.approx(found.winner - found.start)
    assert found.change.low < found.change.value < found.change.high
    alone = drain(against_at_recall(before[:1], after[:1], FLOOR))
    assert 0.03 < alone.change.half_width < 0.2, "of the texts alone, about what 150 said rows allow"
    same = drain(against_at_recall(before, before, FLOOR))
    assert same.change.value == 0 and not same.is_better


def test_one_label_alone_has_no_recall(tmp_path: Path) -> None:
    run = answered_run(tmp_path, "run", [0, 0, 0], [0, 0, 0], split="validation")
    with pytest.raises(InputError, match="two labels"):
        drain(against_at_recall([run], [run], FLOOR))
