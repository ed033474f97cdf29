"""What a run says to its held-out rows is kept within bounds, survives the journal, and is undone by a resume."""

from __future__ import annotations

from pathlib import Path

from engine import events
from engine.runs.answered_texts import MOST_STEPS
from engine.runs.history import History, open_history
from engine.runs.journal import JournalWriter


def answered(step: int, said: str = "x", read: str = "a long passage") -> events.TextsAnswered:
    row = {"read": [read], "wanted": "right", "said": said, "score": None}
    return events.TextsAnswered(step=step, rows=[row])


def test_the_journal_gives_them_back(tmp_path: Path) -> None:
    with JournalWriter(tmp_path / "journal.jsonl") as journal:
        journal.append(answered(10, "one"))
        journal.append(answered(20, "two"))
    history, _ = open_history(tmp_path / "journal.jsonl")
    assert history.answered.steps == [10, 20] and history.answered[1].rows[0]["said"] == "two"
    assert history.num_damaged == 0 and not history.log


def test_a_resume_undoes_what_was_said_later() -> None:
    history = History()
    for step in (10, 20, 30):
        history.append(answered(step))
    history.append(events.RunResumed(step=20, process=1))
    assert history.answered.steps == [10, 20]


def test_many_steps_are_thinned_and_texts_stand_in_memory_once() -> None:
    history = History()
    for step in range(1, 2001):
        history.append(answered(step, str(step), "".join(("a long ", "passage"))))
    steps = history.answered.steps
    assert len(steps) <= MOST_STEPS and steps[0] == 1 and steps[-1] == 2000 and steps == sorted(set(steps))
    assert len({id(one.rows[0]["read"][0]) for one in history.answered}) == 1


def test_a_row_of_another_version_is_shown_as_far_as_it_goes() -> None:
    history = History()
    history.append(events.TextsAnswered(step=1, rows=[{"said": None, "read": "one text"}]))
    assert history.answered[0].rows[0] == {"said": "", "read": [], "wanted": ""}
