"""Answers and decisions on disk: they come back as they were, and what is out of date or damaged is not found."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.run import RunConfig
from engine.errors import InputError
from engine.records import UNDECIDED, Answers, Decision, LabelRule, LeftOut, Promise, UnknownLabel
from engine.runs.answers import answers_path, keep_answers, keep_counted, kept_answers, kept_counted
from engine.runs.checkpoints import sha256, verify
from engine.runs.decision import read_decision, save_decision
from engine.runs.files import write_atomic
from engine.runs.run import Run
from engine.runs.texts import TextColumn
from engine.targets import target_of


def made(num_rows: int = 3) -> Answers:
    return Answers(
        kind="one",
        labels=("ham", "spam"),
        positive_label="spam",
        loss="cross-entropy",
        logits=np.arange(2 * num_rows, dtype=np.float32).reshape(-1, 2),
        truths=np.arange(num_rows) % 2,
        rows=np.arange(1, num_rows + 1),
        num_tokens=np.full(num_rows, 7, dtype=np.int32),
        texts=[f"text {row}, 真的\r\n" for row in range(num_rows)],
        split="test",
        source="",
        checkpoint="step-10",
        columns={"stars": [str(row) for row in range(num_rows)]},
    )


@pytest.fixture
def run(tmp_path: Path) -> Run:
    file = tmp_path / "reviews.csv"
    file.write_text("text,label\na,1\n", encoding="utf-8")
    return Run.create(RunConfig().with_values({"data.train": str(file)}), tmp_path / "runs", "one")


def test_answers_come_back_as_they_were(run: Run) -> None:
    path = answers_path(run, None, "test", "step-10")
    assert kept_answers(path) is None
    keep_answers(path, made())
    found = kept_answers(path)
    assert found is not None
    for name in ("kind", "labels", "positive_label", "loss", "split", "source", "checkpoint"):
        assert getattr(found, name) == getattr(made(), name)
    for name in ("logits", "truths", "rows", "num_tokens"):
        assert (getattr(found, name) == getattr(made(), name)).all()
    assert list(found.texts) == made().texts and list(found.columns["stars"]) == ["0", "1", "2"]
    keep_counted(path, np.ones((3, 2)))
    assert (kept_counted(path) == 1).all()


def test_rows_without_labels_are_kept_too(run: Run) -> None:
    path = answers_path(run, "other.csv", "data", "step-10")
    keep_answers(path, Answers(**{**vars(made()), "truths": None}))
    found = kept_answers(path)
    assert found is not None and found.truths is None


def test_what_decides_the_rows_decides_the_place(run: Run) -> None:
    places = {answers_path(run, None, split, step) for split in ("validation", "test") for step in ("step-1", "step-2")}
    before = answers_path(run, None, "test", "step-1")
    file = Path(str(run.config.data.train))
    file.write_text("text,label\nb,1\nc,0\n", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert len(places) == 4 and answers_path(run, None, "test", "step-1") != before
    assert answers_path(run, str(file), "data", "step-1") != answers_path(run, None, "data", "step-1")


def test_damaged_answers_are_asked_for_anew(run: Run) -> None:
    path = answers_path(run, None, "test", "step-10")
    keep_answers(path, made())
    (path / "logits.npy").write_bytes(b"no array")
    assert kept_answers(path) is None
    keep_answers(path, made(5))
    found = kept_answers(path)
    assert found is not None and len(found) == 5


def test_old_answers_make_room(run: Run) -> None:
    for step in range(12):
        keep_answers(answers_path(run, None, "test", f"step-{step}"), made())
    assert len(list((run.path / "answers").iterdir())) == 8


@given(st.lists(st.text(max_size=12), max_size=8))
@settings(deadline=None, max_examples=40)
def test_any_texts_come_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    stem = tmp_path_factory.mktemp("texts") / "column"
    TextColumn.write(stem, texts)
    found = TextColumn(stem)
    assert list(found) == texts and found[:2] == texts[:2] and len(found) == len(texts)
    with pytest.raises(IndexError):
        found[len(texts)]


# --- decisions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    folder = tmp_path / "step-1"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "num_labels": 2}), encoding="utf-8")
    sums = {"config.json": sha256(folder / "config.json")}
    (folder / "manifest.json").write_text(json.dumps({"sha256": sums}), encoding="utf-8")
    return folder


PROMISE = Promise("spam", 0.95, 0.95, 0.8, 400, recall=0.7, coverage=0.9)
DECISION = Decision(1.4, {"spam": 0.8}, (PROMISE,))


def test_a_decision_is_saved_into_the_config_and_the_checkpoint_stays_whole(checkpoint: Path) -> None:
    assert read_decision(checkpoint) == UNDECIDED
    save_decision(checkpoint, DECISION)
    verify(checkpoint)
    assert read_decision(checkpoint) == DECISION
    assert json.loads((checkpoint / "config.json").read_text())["model_type"] == "bert"
    save_decision(checkpoint, UNDECIDED)
    verify(checkpoint)
    assert "decision" not in json.loads((checkpoint / "config.json").read_text())


def test_a_crash_between_any_two_writes_leaves_a_checkpoint_that_opens(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for num_writes in range(3):
        done = 0

        def crashing(path: Path, content: bytes | str, last: int = num_writes) -> None:
            nonlocal done
            if done == last:
                raise KeyboardInterrupt
            done += 1
            write_atomic(path, content)

        monkeypatch.setattr("engine.runs.decision.write_atomic", crashing)
        with pytest.raises(KeyboardInterrupt):
            save_decision(checkpoint, Decision(1.0 + num_writes, {"spam": 0.5}))
        verify(checkpoint)
    monkeypatch.undo()
    save_decision(checkpoint, DECISION)
    verify(checkpoint)


def test_a_changed_config_is_still_found_out(checkpoint: Path) -> None:
    save_decision(checkpoint, DECISION)
    with (checkpoint / "config.json").open("a", encoding="utf-8") as file:
        file.write(" ")
    with pytest.raises(InputError, match="damaged"):
        verify(checkpoint)


@pytest.mark.parametrize("decision", ["no", 3, {"temperature": "hot"}, {"thresholds": [1]}, {"promises": [{"x": 1}]}])
def test_a_decision_in_unknown_words_is_none(checkpoint: Path, decision: object) -> None:
    (checkpoint / "config.json").write_text(json.dumps({"decision": decision}), encoding="utf-8")
    (checkpoint / "manifest.json").unlink()
    assert read_decision(checkpoint) == UNDECIDED


def test_without_a_config_there_is_nothing_to_save_into(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        save_decision(tmp_path, DECISION)


def test_what_was_left_out_is_kept(run: Run) -> None:
    path = answers_path(run, "other.csv", "data", "step-10")
    left_out = (LeftOut("no_label", 25, tuple(range(20))), LeftOut("unknown_label", 1, (7,), ("odd",)))
    strangers, unknown = (UnknownLabel("Good", 1, (3,), like="good"),), np.array([[False], [False], [True]])
    keep_answers(path, replace(made(), left_out=left_out, strangers=strangers, unknown=unknown))
    found = kept_answers(path)
    assert found is not None and found.left_out == left_out and found.strangers == strangers
    assert found.unknown is not None and (found.unknown == unknown).all()


def test_labels_read_otherwise_are_kept_elsewhere(run: Run) -> None:
    rules = [LabelRule(), LabelRule(leave_out=True), LabelRule(match_spelling=True), LabelRule(True, True)]
    assert len({answers_path(run, "other.csv", "data", "step-10", rule) for rule in rules}) == 4
    assert len({answers_path(run, None, "test", "step-10", rule) for rule in rules}) == 1


def test_true_labels_name_those_that_the_model_does_not_know() -> None:
    one = replace(
        made(), truths=np.array([0, 1, -1]), strangers=(UnknownLabel("odd", 1),), unknown=np.eye(3, 1, -2) > 0
    )
    assert [target_of(one.kind).true_labels(one, place) for place in range(3)] == [
        (one.labels[0],),
        (one.labels[1],),
        ("odd",),
    ]
    several = replace(one, kind="several", truths=np.array([[True, False], [False, False], [True, True]]))
    assert [target_of(several.kind).true_labels(several, place) for place in range(3)] == [
        (one.labels[0],),
        (),
        (*one.labels, "odd"),
    ]
