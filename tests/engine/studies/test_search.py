"""Running a search: what is tried, what is stopped early, what survives a kill, and when a winner is named."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from engine.commands import Command, Pause, Resume, Stop
from engine.config.search import Range
from engine.errors import InputError, RunFailure
from engine.events import Evaluated, RunFinished, RunPaused
from engine.messages import message
from engine.records import Progress
from engine.records.search import SearchRecord
from engine.runs.journal import JournalReader
from engine.runs.run import Run, runs_in
from engine.runs.search_folder import TRIALS_FILE, last_found
from engine.runs.study import RunNews, Study, studies_in
from engine.studies import search_session
from engine.studies.search import run_search
from engine.studies.search_record import search_record
from engine.studies.trial_configs import num_evaluations
from tests.engine.studies.pretended_search import (
    CELL,
    DROPOUT,
    NUM_EVALUATIONS,
    RANGES,
    RATE,
    STEPS,
    Pretended,
    config_of,
    follow,
    plan_of,
    search_in,
    searched,
    worth_of,
)

DIVERGED = RunFailure(message("The loss is not a number any more."))


def points(record: SearchRecord) -> list[dict[str, object]]:
    return [one.parameters for one in record.trials]


def told_by(record: SearchRecord) -> dict[str, object]:
    """All but what the folder takes, in which the record itself is kept."""
    return {name: value for name, value in record.to_json().items() if name != "disk_bytes"}


# --- what is tried ------------------------------------------------------------------------------------------------


def test_the_persons_own_settings_come_first_and_the_ranges_hold(tmp_path: Path) -> None:
    study = search_in(tmp_path, plan_of(trials=14, seeds=1))
    record = searched(study, Pretended())
    first, *others = record.trials
    assert first.is_start and first.parameters == {RATE: 0.001, DROPOUT: 0.3}
    assert [one.number for one in record.trials] == list(range(14)) and not any(one.is_start for one in others)
    for trial in others:
        assert 1e-4 <= trial.parameters[RATE] <= 1e-1 and 0.0 <= trial.parameters[DROPOUT] <= 0.6
    for trial in record.trials:
        config = Run.open(study.path / trial.run).config
        assert config.training.optimizer.learning_rate == trial.parameters[RATE] and config.seed == 0
    assert studies_in(tmp_path)[0].path == study.path and not runs_in(tmp_path)


@pytest.mark.slow
def test_it_finds_better_settings_than_the_start(tmp_path: Path) -> None:
    """TPE learns: its later trials are better on the whole than the first ones, which are chance."""
    record = searched(search_in(tmp_path, plan_of(trials=40, seeds=1, finalists=1)), Pretended())
    worths = [
        worth_of(config_of(training__optimizer__learning_rate=one[RATE], model__dropout=one[DROPOUT]))
        for one in points(record)
    ]
    assert record.trial(record.best).value > record.trials[0].value + 0.05
    assert sum(worths[-15:]) / 15 > sum(worths[1:9]) / 8


@pytest.mark.slow
def test_the_same_seed_tries_the_same_also_after_a_stop(tmp_path: Path) -> None:
    plan = plan_of(trials=12, seeds=1)
    whole = searched(search_in(tmp_path, plan, name="whole"), Pretended())
    study = search_in(tmp_path, plan, name="stopped")

    def stop_in_the_fifth(progress: Progress) -> Command | None:
        news = progress.partial
        return Stop() if isinstance(news, RunNews) and news.run.name == "trial-4-seed0" else None

    stopped = searched(study, Pretended(), stop_in_the_fifth)
    assert stopped.state == study.state == "stopped" and len(stopped.trials) == 5
    assert stopped.trials[4].state == "failed" and "goes on" in stopped.trials[4].reason.english()
    gone_on = searched(Study.open(study.path), Pretended())
    assert points(gone_on) == points(whole) and gone_on.state == "finished"
    other = searched(search_in(tmp_path, plan, config_of(seed=7), name="other"), Pretended())
    assert points(other)[1:] != points(whole)[1:]


def test_a_start_outside_the_ranges_is_trained_as_it_is_and_teaches_nothing(tmp_path: Path) -> None:
    ranges = (Range(path=RATE, low=0.01, high=0.1, log=True), RANGES[1])
    record = searched(search_in(tmp_path, plan_of(ranges=ranges, trials=12, seeds=1)), Pretended())
    assert record.trials[0].is_start and record.trials[0].parameters[RATE] == 0.001
    assert record.trials[0].state == "done" and record.trials[0].value == pytest.approx(0.68)
    assert all(0.01 <= one[RATE] <= 0.1 for one in points(record)[1:])
    assert record.importance is not None and record.importance.num_trials == 11


def test_a_space_of_few_points_is_tried_out_and_said(tmp_path: Path) -> None:
    ranges = (Range(path=CELL, choices=("rnn", "lstm", "gru")),)
    record = searched(search_in(tmp_path, plan_of(ranges=ranges, trials=20, seeds=1)), Pretended())
    assert sorted(one[CELL] for one in points(record)) == ["gru", "lstm", "rnn"]
    assert any("was tried" in note.english() for note in record.notes)


@pytest.mark.slow
def test_settings_that_do_not_go_together_are_passed_over(tmp_path: Path) -> None:
    """Seven heads divide no width of 128."""
    config = config_of(model__name="transformer", model__hidden_size=128)
    ranges = (Range(path="model.num_heads", low=1, high=16), RANGES[0])
    record = searched(
        search_in(tmp_path, plan_of(ranges=ranges, trials=10, seeds=1), config), Pretended(lambda _c: 0.5)
    )
    assert len(record.trials) == 10 and all(128 % one["model.num_heads"] == 0 for one in points(record))
    assert any("passed over" in note.english() for note in record.notes)


def test_a_larger_batch_makes_fewer_updates_of_the_same_texts(tmp_path: Path) -> None:
    ranges = (Range(path="training.micro_batch_size", choices=(16, 32, 64)),)
    config = config_of(training__micro_batch_size=32)
    study = search_in(tmp_path, plan_of(ranges=ranges, trials=3, seeds=1, prunes=False), config)
    record = searched(study, Pretended(lambda _config: 0.5))
    read = {}
    for trial in record.trials:
        training = Run.open(study.path / trial.run).config.training
        read[training.micro_batch_size] = training.micro_batch_size * training.max_steps
        assert num_evaluations(Run.open(study.path / trial.run).config) == pytest.approx(NUM_EVALUATIONS, abs=1)
    assert read == {16: 1280, 32: 1280, 64: 1280}


# --- what is stopped early ----------------------------------------------------------------------------------------


def test_weak_trials_end_early_and_save_steps(tmp_path: Path) -> None:
    study, pretended = search_in(tmp_path, plan_of(trials=20, seeds=1)), Pretended()
    record = searched(study, pretended)
    pruned = [one for one in record.trials if one.state == "pruned"]
    assert record.checks == (1 / 8, 1 / 4, 1 / 2) and len(pruned) >= 5 and record.trials[0].state == "done"
    made = sum(pretended.evaluated.values())
    assert made <= 0.7 * 20 * NUM_EVALUATIONS
    assert record.budget.saved_share == pytest.approx(1 - made / (20 * NUM_EVALUATIONS))
    for trial in pruned:
        run = Run.open(study.path / trial.run)
        told = JournalReader(run.journal).read()
        last = told[-1]
        assert isinstance(last, RunFinished) and last.state == run.state == "stopped"
        assert last.reason == trial.reason and "Stopped early by the search" in last.reason.english()
        assert sum(isinstance(one, Evaluated) for one in told) == len(trial.curve) in (1, 2, 4)
        assert not run.checkpoints and not list((run.path / "checkpoints").iterdir())
    kept = {one.number for one in record.trials if Run(study.path / one.run).checkpoints}
    ordered = sorted((one for one in record.trials if one.state == "done"), key=lambda one: -one.value)
    assert kept == {0, *(one.number for one in ordered[:3])} and record.disk_bytes > 3000


def test_without_pruning_all_come_to_their_end(tmp_path: Path) -> None:
    record = searched(search_in(tmp_path, plan_of(trials=6, seeds=1, prunes=False)), Pretended())
    assert {one.state for one in record.trials} == {"done"} and record.budget.saved_share == 0 and record.checks == ()


def test_two_goals_make_a_front_and_stop_nothing(tmp_path: Path) -> None:
    """Here what precision gains recall loses, so that no trial beats another in both."""
    record = searched(
        search_in(tmp_path, plan_of("precision", "recall", trials=6, seeds=1)),
        Pretended(lambda c: c.model.dropout + 0.3),
    )
    assert {one.state for one in record.trials} == {"done"} and len(record.goals) == 2
    assert record.front == tuple(one.number for one in record.trials)
    dominated = searched(search_in(tmp_path, plan_of("accuracy", "loss", trials=6, seeds=1), name="other"), Pretended())
    assert dominated.front == (dominated.best,), "less loss is better, and goes with accuracy here"


# --- failures, kills ----------------------------------------------------------------------------------------------


def test_a_trial_that_fails_is_told_and_the_search_goes_on(tmp_path: Path) -> None:
    def fails(run: Run) -> RunFailure | None:
        return DIVERGED if run.path.name == "trial-2-seed0" else None

    record = searched(search_in(tmp_path, plan_of(trials=6, seeds=1, prunes=False)), Pretended(fails=fails))
    assert [one.state for one in record.trials] == ["done", "done", "failed", "done", "done", "done"]
    assert record.trials[2].reason == DIVERGED.what and record.state == "finished"


def test_where_everything_fails_it_says_so(tmp_path: Path) -> None:
    study = search_in(tmp_path, plan_of(trials=30, seeds=1))
    with pytest.raises(InputError) as caught:
        searched(study, Pretended(lambda _config: math.nan, fails=lambda _run: DIVERGED))
    assert "not a number" in str(caught.value) and "alone" in caught.value.mend.english()
    assert study.state == "stopped" and len(search_record(study).trials) < 6


def test_wrong_input_ends_it_at_the_first_trial(tmp_path: Path) -> None:
    def train(_run: Run) -> object:
        raise InputError(message("There are too few rows."))
        yield

    study = search_in(tmp_path, plan_of(trials=30))
    tools = Pretended().tools()
    with pytest.raises(InputError, match="too few rows"):
        follow(run_search(study, type(tools)(train, tools.compare, tools.at_recall)))
    assert study.state == "stopped"


def test_a_killed_process_costs_no_trial_but_the_one_that_trained(tmp_path: Path) -> None:
    plan = plan_of(trials=8, seeds=1, prunes=False)
    study = search_in(tmp_path, plan)
    searching = run_search(study, Pretended().tools())
    for progress in searching:
        if isinstance(progress.partial, RunNews) and progress.partial.run.name == "trial-3-seed0":
            break
    searching.close()  # as a kill leaves it: nothing is told any more
    journal = study.path / TRIALS_FILE
    with journal.open("ab") as file:
        file.write(b'{"op_code": 5, "work')  # in the middle of a line
    (study.path / f"{TRIALS_FILE}.lock").touch()  # held by nobody
    before = search_record(study)
    assert before.state == "interrupted" and [one.state for one in before.trials] == ["done"] * 3 + ["failed"]
    pretended = Pretended()
    record = searched(Study.open(study.path), pretended)
    assert [one.state for one in record.trials] == ["done"] * 8 and record.state == "finished"
    assert record.trials[:3] == before.trials[:3] and record.trials[3].parameters == before.trials[3].parameters
    assert "trial-2-seed0" not in pretended.begun and pretended.begun[0] == "trial-3-seed0"
    assert points(record) == points(searched(search_in(tmp_path, plan, name="whole"), Pretended()))


def test_a_damaged_journal_is_said_in_words(tmp_path: Path) -> None:
    study = search_in(tmp_path, plan_of(trials=4, seeds=1))
    searched(study, Pretended())
    lines = (study.path / TRIALS_FILE).read_bytes().split(b"\n")
    (study.path / TRIALS_FILE).write_bytes(b"\n".join([*lines[:5], b"{spoilt", *lines[6:]]))
    with pytest.raises(InputError, match="damaged"):
        search_record(study)


def test_the_folder_tells_what_the_running_search_told(tmp_path: Path) -> None:
    study = search_in(tmp_path, plan_of(trials=12))
    record = searched(study, Pretended())
    assert told_by(search_record(study)) == told_by(record)
    assert last_found(study)["winner"] == record.winner and last_found(study)["state"] == "finished"
    again = Pretended()
    assert told_by(searched(study, again)) == told_by(record) and not again.begun, "a finished search stays as it is"


def test_only_one_process_runs_it(tmp_path: Path) -> None:
    study = search_in(tmp_path, plan_of(trials=4))
    with study.locked(), pytest.raises(InputError, match="being run"):
        searched(study, Pretended())


# --- the repeats and the winner -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_best_are_repeated_before_a_winner_is_named(tmp_path: Path) -> None:
    study, pretended = search_in(tmp_path, plan_of(trials=16)), Pretended()
    told = follow(run_search(study, pretended.tools()))[1]
    records = [one.partial for one in told if isinstance(one.partial, SearchRecord)]
    assert all("wins" not in one.headline.english() and one.winner is None for one in records[:-1])
    record = search_record(study)
    assert record.outcome == "better" and record.winner is not None and "wins" in record.headline.english()
    assert {one.trial for one in record.repeats if one.trial} == set(
        sorted((one.number for one in record.trials if one.state == "done"), key=lambda n: -record.trial(n).value)[:3]
    )
    assert record.repeats[-1].trial == 0, "the person's own settings are repeated too"
    for one in record.repeats:
        assert one.seeds == (0, 1, 2) and len(one.values) == 3
        assert [Run.open(study.path / name).config.seed for name in one.runs] == [0, 1, 2]
    best = f"trial-{record.winner}-seed"
    assert pretended.compared == [[f"trial-0-seed{seed}" for seed in range(3)] + [f"{best}{seed}" for seed in range(3)]]
    against = record.against_start
    assert against is not None and against.start == pytest.approx(0.68) and against.num_rows == 100
    assert against.change.value == pytest.approx(against.winner - 0.68) and against.split == "test"


@pytest.mark.slow
def test_luck_of_one_seed_does_not_win(tmp_path: Path) -> None:
    """The trial that shone with its first seed is last with the others."""
    study = search_in(tmp_path, plan_of(trials=12, prunes=False))

    def luck(run: Run) -> float:
        number, seed = run.path.name.removeprefix("trial-").split("-seed")
        return 0.0 if number != "5" else (0.5 if seed == "0" else -0.5)

    record = searched(study, Pretended(luck=luck))
    assert record.best == 5 and record.winner != 5
    assert next(one for one in record.repeats if one.trial == 5).mean < 0.7


def test_within_noise_is_no_winner_and_the_start_may_stay_the_best(tmp_path: Path) -> None:
    noise = searched(
        search_in(tmp_path, plan_of(trials=8), name="noise"),
        Pretended(lambda config: 0.7 + 0.001 * (0.3 - config.model.dropout)),
    )
    assert noise.outcome == "noise" and noise.headline.english().startswith("No winner")
    start = searched(
        search_in(tmp_path, plan_of(trials=8), name="start"),
        Pretended(lambda config: 0.7 - abs(config.model.dropout - 0.3)),
    )
    assert start.outcome == "none" and start.winner == 0 and "Nothing better" in start.headline.english()


def test_the_start_alone_is_not_repeated(tmp_path: Path) -> None:
    study, pretended = (
        search_in(tmp_path, plan_of(trials=6)),
        Pretended(lambda c: 0.9 if c.model.dropout == 0.3 else 0.1),
    )
    record = searched(study, pretended)
    assert [one.state for one in record.trials] == ["done", *["pruned"] * 5]
    assert record.outcome == "none" and record.winner == 0 and not record.repeats and len(pretended.begun) == 6


# --- the budget ---------------------------------------------------------------------------------------------------


class Clock:
    """A second for each look at it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(search_session.time, "perf_counter", self.look)

    def look(self) -> float:
        self.now += 1.0
        return self.now


@pytest.mark.slow
def test_the_minutes_hold_with_the_repeats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    study = search_in(tmp_path, plan_of(minutes=20))
    record = searched(study, Pretended())
    assert 0.7 * 1200 <= record.budget.seconds_used <= 1200 + 10 and record.phase == "over"
    assert record.winner is not None and all(len(one.values) == 3 for one in record.repeats)
    assert 0 < record.budget.seconds_held_back <= 360
    short = searched(search_in(tmp_path, plan_of(minutes=1), name="short"), Pretended())
    assert short.budget.seconds_used <= 60 + 10 and not short.repeats and short.winner in (None, 0)
    told = any("left out" in note.english() for note in short.notes) or "luck" in short.headline.english()
    assert told or short.winner == 0


def test_a_pause_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    waited = 0

    def answer(progress: Progress) -> Command | None:
        nonlocal waited
        news = progress.partial
        if waited == 0 and isinstance(news, RunNews) and not isinstance(news.event, RunPaused):
            waited = 1
            return Pause()
        if 0 < waited < 50 and not isinstance(news, SearchRecord):
            waited, clock.now = waited + 1, clock.now + 100
            return Resume() if waited == 50 else None
        return None

    record = searched(search_in(tmp_path, plan_of(trials=2, seeds=1, prunes=False)), Pretended(), answer)
    assert waited == 50 and record.budget.seconds_used < 300 and record.trials[0].seconds < 200


def test_all_a_trial_needs_to_be_drawn(tmp_path: Path) -> None:
    study = search_in(tmp_path, plan_of(trials=12, seeds=1))
    told = follow(run_search(study, Pretended().tools()))[1]
    running = [
        one.partial.running for one in told if isinstance(one.partial, SearchRecord) and one.partial.running is not None
    ]
    first = [one for one in running if one.number == 0]
    assert [len(one.curve) for one in first] == [0, *range(1, NUM_EVALUATIONS + 1)]
    last = first[-1]
    assert last.curve[-1] == (NUM_EVALUATIONS * STEPS, pytest.approx(0.68)) and last.value == pytest.approx(0.68)
    assert last.total_steps == NUM_EVALUATIONS * STEPS and last.steps_per_pass == 10
    record = search_record(study)
    assert record.importance is not None and record.importance.evaluator == "PED-ANOVA"
    assert sum(one.share for one in record.importance.influences) == pytest.approx(1)
    assert [axis.path for axis in record.axes] == [RATE, DROPOUT] and record.axes[0].log
    assert max(one.done for one in told) == told[-1].total == 12
