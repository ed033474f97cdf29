"""Confident learning: the joint counted by hand, ranks, estimates; several labels and numbers."""

from __future__ import annotations

import numpy as np
import pytest

from engine.inspection.labels.label_errors import ranked_label_errors
from engine.metrics.label_errors import confident_joint, expected_wrong, label_quality, thresholds
from engine.records import Answers, TargetKind

LABELS = ("ham", "spam")


def answers(
    said: np.ndarray, truths: np.ndarray, kind: TargetKind = "one", labels: tuple[str, ...] = LABELS
) -> Answers:
    """Whose probabilities are `said`."""
    logits = said if kind == "number" else np.log(said) - (np.log1p(-said) if kind == "several" else 0.0)
    return Answers(
        kind=kind,
        labels=labels,
        positive_label=None,
        loss="cross-entropy",
        logits=logits.astype(np.float32),
        truths=truths,
        rows=np.arange(len(said)) + 11,
        num_tokens=np.ones(len(said), np.int32),
        texts=[f"text {place}" for place in range(len(said))],
        split="test",
        source="",
        checkpoint="step-1",
    )


def planted(num_labels: int, num_rows: int, share: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(probabilities, labels of which a share is wrong, which ones)."""
    generator = np.random.default_rng(seed)
    truths = generator.integers(0, num_labels, num_rows)
    logits = generator.normal(size=(num_rows, num_labels))
    logits[np.arange(num_rows), truths] += 5.0
    said = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    wrong = generator.permutation(num_rows)[: round(share * num_rows)]
    given = truths.copy()
    given[wrong] = (given[wrong] + generator.integers(1, num_labels, len(wrong))) % num_labels
    return said, given, wrong


def test_the_joint_by_hand() -> None:
    spam = np.array([0.1, 0.3, 0.2, 0.9, 0.8, 0.7, 0.1, 0.45])
    said, truths = np.stack([1 - spam, spam], axis=1), np.array([0, 0, 0, 0, 1, 1, 1, 1])
    assert thresholds(said, truths) == pytest.approx([2.5 / 4, 2.05 / 4])
    # ham >= .625: rows 0, 1, 2 and 6; spam >= .5125: rows 3, 4, 5; row 7 is like neither
    assert confident_joint(said, truths).tolist() == [[3, 1], [1, 2]]
    assert expected_wrong(said, truths) == pytest.approx(4 * 1 / 4 + 4 * 1 / 3)
    assert label_quality(said, truths)[3] == pytest.approx(0.1 / 0.625)


@pytest.mark.parametrize(("num_labels", "seed"), [(2, 0), (2, 1), (5, 2), (20, 3)])
def test_planted_errors_come_first_and_are_counted(num_labels: int, seed: int) -> None:
    said, given, wrong = planted(num_labels, 4000, 0.03, seed)
    found = ranked_label_errors(answers(said, given, labels=tuple(map(str, range(num_labels)))), num=100)
    hits = np.isin([one.place for one in found.suspects], wrong)
    assert hits.mean() > 0.9 and hits[:50].mean() >= hits[50:].mean()
    assert found.expected == pytest.approx(120, rel=0.5)
    assert found.num_rows == 4000


def test_clean_labels_raise_no_suspicion() -> None:
    said = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    assert ranked_label_errors(answers(said, np.array([0, 1, 0]))).suspects == ()
    assert ranked_label_errors(answers(said, np.array([0, 1, 0]))).expected == 0


def test_what_a_suspect_tells() -> None:
    said = np.array([[0.9, 0.1], [0.2, 0.8], [0.95, 0.05], [0.4, 0.6]])
    found = ranked_label_errors(answers(said, np.array([0, 1, 1, 0])), num=1)
    (one,) = found.suspects
    assert (one.place, one.row, one.text, one.label, one.proposed) == (2, 13, "text 2", "spam", "ham")
    assert one.probability == pytest.approx(0.05) and one.probability_proposed == pytest.approx(0.95)


def test_a_rare_label_is_measured_by_its_own_standard() -> None:
    """The model is never sure of a label: half-sure of it is as good there as certain elsewhere."""
    said = np.array([[0.95, 0.05]] * 20 + [[0.55, 0.45]] * 10 + [[0.6, 0.4], [0.42, 0.58]])
    truths = np.array([0] * 20 + [1] * 10 + [1, 0])
    found = ranked_label_errors(answers(said, truths))
    assert found.suspects[0].place == 31, "given ham with .42, where .95 is usual"


def test_what_cannot_be_judged_is_left_out() -> None:
    said = np.array([[0.9, 0.1], [0.2, 0.8], [np.nan, np.nan], [0.1, 0.9]])
    found = ranked_label_errors(answers(said, np.array([0, 1, 1, 0])))
    assert [one.place for one in found.suspects] == [3] and found.num_rows == 3
    empty = ranked_label_errors(answers(np.empty((0, 2)), np.empty(0, np.int64)))
    assert empty.suspects == () and empty.num_rows == 0


def test_several_labels_are_so_many_questions() -> None:
    said = np.full((30, 2), 0.05)
    truths = np.zeros((30, 2), dtype=bool)
    said[:10, 0], truths[:10, 0] = 0.9, True
    said[5:15, 1], truths[5:15, 1] = 0.9, True
    said[2, 0], truths[2, 0] = 0.97, False  # missing
    said[20, 1], truths[20, 1] = 0.02, True  # too many
    found = ranked_label_errors(answers(said, truths, "several", ("a", "b")))
    assert {(one.place, one.label, one.proposed) for one in found.suspects} == {(2, "", "a"), (20, "b", "")}
    assert found.expected == pytest.approx(2, abs=0.5)


def test_a_label_never_learned_leaves_the_others_in_judgement() -> None:
    said = np.array([[0.9, np.nan], [0.1, 0.2], [0.9, 0.2], [0.1, 0.1]])
    truths = np.array([[1, 1], [0, 0], [0, 0], [0, 0]], dtype=bool)
    found = ranked_label_errors(answers(said, truths, "several", ("a", "b")))
    assert [(one.place, one.proposed) for one in found.suspects] == [(2, "a")]


def test_numbers_by_their_residuals() -> None:
    generator = np.random.default_rng(0)
    truths = generator.normal(3, 1, 200)
    said = (truths + generator.normal(0, 0.2, 200))[:, None]
    truths[[7, 90]] += [9.0, -6.0]
    found = ranked_label_errors(answers(said, truths, "number", ()), num=2)
    assert [one.place for one in found.suspects] == [7, 90]
    assert float(found.suspects[0].label) == pytest.approx(truths[7], rel=1e-4)
    assert found.suspects[0].probability == pytest.approx(1 / 200)
    assert 2 <= found.expected <= 4


def test_the_json_is_json() -> None:
    said, given, _ = planted(2, 300, 0.05)
    tree = ranked_label_errors(answers(said, given), num=3).to_json()
    assert set(tree) == {"suspects", "num_rows", "expected", "judge"} and len(tree["suspects"]) == 3
