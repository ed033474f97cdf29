"""What is tried and what is saved, and how sure is put into words."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.records import UNDECIDED, Decision, Promise
from engine.runs.decision import read_decision
from studio.pages.evaluation.draft import Draft, Subject
from studio.pages.evaluation.sentences import sureness, sureness_words
from tests.studio.pages.evaluation.desk import THREE, made_answers, made_calibration, made_run

pytestmark = pytest.mark.usefixtures("look")


def test_the_draft_saves_and_goes_back(tmp_path: Path) -> None:
    answers = made_answers(THREE)
    run = made_run(tmp_path, None)
    folder = run.path / "checkpoints" / "step-40"
    draft = Draft()
    draft.open(Subject(run, answers), folder)
    assert not draft.can_save and not draft.can_undo
    draft.set_threshold("billing", 0.8)
    draft.set_threshold("praise", 0.7, Promise("praise", 0.9, 0.95, 0.7, 400))
    assert draft.now.thresholds == {"billing": 0.8, "praise": 0.7}, "kept side by side"
    assert draft.promise_of("praise") is not None and draft.promise_of("billing") is None
    draft.save()
    assert read_decision(folder) == draft.saved == draft.now and not draft.can_save
    draft.set_threshold("praise", 0.71)
    assert draft.promise_of("praise") is None, "moved by hand: nothing is promised any more"
    draft.correct(1.5)
    assert read_decision(folder) == Decision(temperature=1.5) == draft.now
    draft.undo()
    assert read_decision(folder).thresholds == {"billing": 0.8, "praise": 0.7}
    assert draft.now.thresholds["praise"] == 0.71, "what was tried is tried again"
    draft.undo()
    assert read_decision(folder) == UNDECIDED and draft.now.thresholds == {"billing": 0.8, "praise": 0.7}
    assert not draft.can_undo


def test_two_thresholds_of_a_pair_are_at_least_one_half() -> None:
    draft, low = Draft(), Promise("spam", 0.9, 0.95, 0.3, 400)
    draft.open(Subject(None, made_answers()))
    draft.set_threshold("normal", 0.8)
    draft.set_threshold("spam", 0.3, low)
    assert draft.now == Decision(1.0, {"spam": 0.3}, (low,)), "a promise for less makes the other one go"
    draft.set_threshold("normal", 0.4)
    assert draft.now == Decision(1.0, {"normal": 0.5}), "both are one half or more, so the promise for .3 is gone"
    draft.set_threshold("spam", 0.3)
    assert draft.now.thresholds == {"normal": 0.5, "spam": 0.5}
    draft.restore({"now": Decision(1.0, dict.fromkeys(THREE, 0.6), (Promise("", 0.9, 0.95, 0.6, 400),)), "before": []})
    assert draft.promise_of("praise") is not None, "promised for whichever is said"
    draft.set_threshold("praise", 0.7)
    assert draft.promise_of("billing") is None


def test_sureness_in_words() -> None:
    def words(gap: float) -> str:
        return sureness_words(made_calibration(gap=gap).before)

    assert [words(gap) for gap in (0.0, 0.03, 0.08, 0.2)] == [
        "about right", "slightly too sure", "too sure", "far too sure",
    ]  # fmt: skip
    assert words(-0.02) == "slightly too modest" and sureness(made_calibration(gap=-0.02).before) < 0
