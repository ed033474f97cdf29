"""History: the same curves live, replayed and from the cache."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import events
from engine.events import Event
from engine.messages import message
from engine.runs import history as module
from engine.runs.history import History, open_history
from engine.runs.journal import JournalWriter


def steps(first: int, count: int) -> events.StepsTaken:
    numbers = np.arange(first, first + count)
    return events.StepsTaken(
        steps=numbers,
        losses={"model": 1.0 / numbers},
        learning_rates={"model": np.full(count, 0.1)},
        gradient_norms={"model": np.ones(count)},
        accumulation=np.full(count, 2),
    )


def evaluated(step: int, f1: float) -> events.Evaluated:
    return events.Evaluated(step=step, split="validation", metrics={"f1": f1, "loss": 1 - f1}, num_rows=10)


def saved(step: int, value: float) -> events.CheckpointSaved:
    return events.CheckpointSaved(step=step, path=f"checkpoints/step-{step}", is_best=True, metric="f1", value=value)


def story() -> list[Event]:
    return [
        steps(1, 100),
        evaluated(100, 0.6),
        saved(100, 0.6),
        steps(101, 300),
        evaluated(400, 0.9),
        saved(400, 0.9),
        events.RunPaused(step=400),
    ]


def fed(told: list[Event]) -> History:
    history = History()
    for event in told:
        history.append(event)
    return history


def test_curves_grow_in_order() -> None:
    history = fed(story())
    xs, ys = history.steps("model", "loss")
    assert xs.tolist() == list(range(1, 401)) and ys[9] == pytest.approx(0.1)
    assert history.metric("f1")[1].tolist() == [0.6, 0.9]
    assert history.best is not None and history.best.step == 400
    assert history.state == "paused" and history.last_step == 400


def test_resume_cuts_what_was_undone() -> None:
    history = fed([*story(), events.RunResumed(step=100, process=1)])
    assert history.last_step == 100 and history.state == "running"
    assert history.metric("f1")[0].tolist() == [100]
    assert history.best is not None and history.best.value == 0.6


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["f1", "loss", "recall"]), st.integers(1, 90)), max_size=40))
def test_metric_columns_are_those_of_the_evaluations(told: list[tuple[bool, str, int]]) -> None:
    """Whatever is evaluated and cut, in whatever order, a column says what the list of evaluations says."""
    history, step = History(), 0
    for is_cut, name, number in told:
        if is_cut:
            step = min(step, number)
            history.append(events.RunResumed(step=step, process=1))
        else:
            step += number
            history.append(events.Evaluated(step=step, split="validation", metrics={name: 1 / number}, num_rows=9))
        for metric in ("f1", "loss", "recall"):
            expected = [one for one in history.evaluations["validation"] if metric in one.metrics]
            xs, ys = history.metric(metric)
            assert xs.tolist() == [one.step for one in expected]
            assert ys.tolist() == [one.metrics[metric] for one in expected]


def test_a_metric_that_nobody_measured_is_empty() -> None:
    assert [len(column) for column in fed(story()).metric("bleu", "test")] == [0, 0]


@given(st.lists(st.integers(1, 400), min_size=1, max_size=20))
def test_any_pieces_make_the_same_curve(sizes: list[int]) -> None:
    first, history = 1, History()
    for size in sizes:
        history.append(steps(first, size))
        first += size
    assert history.steps()[0].tolist() == list(range(1, first))


@pytest.mark.parametrize("is_cached", [False, True])
def test_replayed_equals_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_cached: bool) -> None:
    if is_cached:
        monkeypatch.setattr(module, "_CACHE_FROM", 100)
    path = tmp_path / "journal.jsonl"
    with JournalWriter(path) as journal:
        for event in story():
            journal.append(event)
        open_history(path)
        assert (tmp_path / "journal.cache.npz").exists() == is_cached
        more = [steps(401, 50), events.Noticed(message=message("hello"))]
        for event in more:
            journal.append(event)
    found, reader = open_history(path)
    live = fed([*story(), *more])
    assert reader.offset == path.stat().st_size
    assert np.allclose(found.steps()[1], live.steps()[1], rtol=1e-8)
    assert found.steps()[0].tolist() == live.steps()[0].tolist()
    assert [line.message for line in found.log] == [line.message for line in live.log]
    assert found.state == live.state and found.best == live.best and found.num_events == live.num_events


def test_a_cache_of_another_journal_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHE_FROM", 10)
    path = tmp_path / "journal.jsonl"
    with JournalWriter(path) as journal:
        journal.append(steps(1, 500))
    open_history(path)
    path.unlink()
    with JournalWriter(path) as journal:
        journal.append(steps(1, 3))
    assert open_history(path)[0].last_step == 3


def test_damaged_cache_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHE_FROM", 10)
    path = tmp_path / "journal.jsonl"
    with JournalWriter(path) as journal:
        journal.append(steps(1, 50))
    (tmp_path / "journal.cache.npz").write_bytes(b"PK nonsense")
    assert open_history(path)[0].last_step == 50


def test_attacks_are_kept_and_told_until_the_run_goes_on() -> None:
    figures = {"precision": 0.971, "recall": 0.9}
    attacked = events.Attacked(
        step=400, method="character", before=figures, after={"precision": 0.71, "recall": 0.85}, num_rows=9, success=0.1
    )
    history = fed([*story(), attacked])
    assert history.attacks == [attacked]
    assert str(history.log[-1].message) == ("Misspelled on purpose: precision 97.1 % → 71.0 %, recall 90.0 % → 85.0 %.")
    assert history.log[-1].step == 400
    history.append(events.RunResumed(step=400, process=1))
    assert history.attacks == []


def test_time_and_memory_are_kept_over_the_whole_training() -> None:
    def progressed(step: int, memory: int) -> events.Progressed:
        return events.Progressed(
            step=step,
            total_steps=400,
            epoch=1.0,
            seconds=step / 10,
            seconds_left=0.0,
            tokens_per_second=1.0,
            memory_bytes=memory,
            memory_total=1000,
            padding_share=0.0,
        )

    history = fed([steps(1, 100), progressed(50, 700), progressed(100, 300)])
    at, seconds = history.pace()
    assert at.tolist() == [50, 100] and seconds.tolist() == [5.0, 10.0] and history.most_memory == 700
    history.append(events.RunResumed(step=60, process=2))
    assert history.pace()[0].tolist() == [50], "what was undone took no time"
