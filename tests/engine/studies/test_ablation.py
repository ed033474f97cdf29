"""Running a study: one run after the other, stopped and gone on with, failures told, one table in the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine import events, verbs
from engine.commands import Command, Stop
from engine.errors import InputError
from engine.records import Progress, StudyReport
from engine.runs.run import Run
from engine.runs.study import RunNews, Study
from engine.studies.ablation import Ablating, run_ablation
from engine.studies.table import study_report
from engine.studies.variants import create_ablation
from tests.engine.studies.pretended import pretend
from tests.engine.studies.test_variants import recipe
from tests.engine.training.conftest import TINY

Answer = Callable[[Progress], Command | None]


def follow(ablating: Ablating, answer: Answer = lambda _progress: None) -> tuple[StudyReport, list[Progress]]:
    told: list[Progress] = []
    command: Command | None = None
    while True:
        try:
            progress = ablating.send(command)
        except StopIteration as end:
            return end.value, told
        told.append(progress)
        command = answer(progress)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return create_ablation(recipe(training__max_steps=8), tmp_path, 3, "study")


def stop_within(name: str) -> Answer:
    def answer(progress: Progress) -> Command | None:
        news = progress.partial
        return Stop() if isinstance(news, RunNews) and news.run.name == name else None

    return answer


def test_every_run_is_trained_once_under_one_bar(study: Study) -> None:
    begun: list[str] = []
    report, told = follow(run_ablation(study, pretend(study, told=lambda run: begun.append(run.path.name))))
    assert begun == [one.path.name for one in study.members]
    assert study.state == report.state == "finished" and report.num_done == report.num_runs == 15
    done = [one.done for one in told]
    assert done == sorted(done) and done[0] == 0 and done[-1] == told[-1].total == 15 * 8
    tables = [one.partial for one in told if isinstance(one.partial, StudyReport)]
    assert [one.num_done for one in tables] == list(range(16))
    assert all(member.run is not None and member.run.state == "finished" for member in study.members)
    follow(run_ablation(study, pretend(study, told=lambda run: begun.append("again"))))
    assert "again" not in begun


def test_the_table_reads_the_journals(study: Study) -> None:
    report, _ = follow(run_ablation(study, pretend(study)))
    plain, attention, accumulation, adversary, _ = report.rows
    assert report.split == "test" and plain.figures["precision"].values == pytest.approx((0.801, 0.812, 0.82))
    assert attention.figures["f1"].mean == pytest.approx(0.862)
    assert plain.figures["memory_bytes"].mean == 700, "the most that was in use, not the last"
    assert plain.figures["texts"].mean == accumulation.figures["texts"].mean == 8 * 64
    assert adversary.figures["seconds"].mean == 20
    said = [one.english() for one in report.findings]
    assert said[0].startswith("+ attention helped: precision +6.1 points (± ")
    assert "more than chance" in said[0] and "recall +6.1" in said[0]
    assert said[1].startswith("+ accumulation: within noise") and said[2].startswith("+ adversary: within noise")
    assert "+ adversary 2.00" in said[5] and "learning rate is the same" in said[-1]


def test_stopped_and_gone_on_with(study: Study) -> None:
    report, _ = follow(run_ablation(study, pretend(study)), stop_within("attention-seed1"))
    assert report.state == study.state == "stopped" and report.num_done == 6
    assert report.rows[1].states == ("finished", "stopped", "waiting")
    assert "for want of three finished seeds: + attention, + acc" in report.findings[0].english()
    begun: list[str] = []
    report, told = follow(run_ablation(study, pretend(study, told=lambda run: begun.append(run.path.name))))
    assert begun[0] == "attention-seed1" and len(begun) == 9
    assert report.state == "finished" and report.num_done == 15 and told[-1].done == told[-1].total


def test_a_run_that_fails_is_told_and_the_next_one_begins(study: Study) -> None:
    report, _ = follow(run_ablation(study, pretend(study, fails="adversary-seed1")))
    adversary = report.rows[3]
    assert report.state == "finished" and report.num_done == 15
    assert adversary.states == ("finished", "failed", "finished") and adversary.seeds == (0, 2)
    said = " ".join(one.english() for one in report.findings)
    assert "1 run failed and left no figures: adversary-seed1" in said
    assert "finished seeds: + adversary." in said and "+ adversary:" not in said and "+ attention helped" in said, (
        "two seeds claim nothing"
    )
    report, _ = follow(run_ablation(study, pretend(study)))
    assert report.rows[3].states == ("finished",) * 3, "going on tries it once more"


def test_wrong_input_ends_the_study(study: Study) -> None:
    def refuse(run: Run):  # type: ignore[no-untyped-def]
        yield None
        raise InputError(study.variants[0].title, "data.train", "Mend it.")

    with pytest.raises(InputError):
        follow(run_ablation(study, refuse))
    assert study.state == "stopped"


def test_a_study_that_nobody_runs_any_more_was_interrupted(study: Study) -> None:
    ablating = run_ablation(study, pretend(study))
    next(ablating)
    assert study.state == "running" and study_report(study).state == "running"
    with pytest.raises(InputError, match="being run already"):
        next(run_ablation(study, pretend(study)))
    ablating.close()
    assert study.state == "interrupted"


def test_one_seed_claims_nothing(tmp_path: Path) -> None:
    study = create_ablation(recipe(training__max_steps=4), tmp_path, 1)
    report, _ = follow(run_ablation(study, pretend(study)))
    said = " ".join(one.english() for one in report.findings)
    assert said.startswith("One seed says nothing about luck: run three.")
    assert "helped" not in said and "harmed" not in said and "noise" not in said


@pytest.mark.slow
def test_real_runs_stop_in_the_middle_and_go_on(tmp_path: Path) -> None:
    tiny = {**TINY, "data.builtin.num_rows": 60, "training.max_steps": 4, "training.evaluate_every": 2}
    config = recipe().with_values({**tiny, "training.micro_batch_size": 4})
    study = verbs.create_ablation(config, tmp_path, 1)

    def answer(progress: Progress) -> Command | None:
        news = progress.partial
        is_saved = isinstance(news, RunNews) and isinstance(news.event, events.CheckpointSaved)
        return Stop() if is_saved and "attention" in news.run.name else None

    report, _ = follow(verbs.ablate(study), answer)
    assert report.state == "stopped" and report.rows[1].states == ("stopped",) and report.rows[0].seeds == (0,)
    report, told = follow(verbs.ablate(study))
    resumed = [one.partial.run.name for one in told if _is_resumed(one)]  # type: ignore[attr-defined]
    assert resumed == ["attention-seed0"] and report.state == "finished" and report.num_done == 5
    assert {"precision", "recall", "f1", "accuracy", "seconds", "texts"} <= set(report.rows[4].figures)
    evaluated = verbs.evaluate(Run.open(study.path / "all-seed0"))
    assert evaluated.split == report.split == "test"
    assert report.rows[4].figures["accuracy"].values[0] == pytest.approx(evaluated.metrics["accuracy"])


def _is_resumed(progress: Progress) -> bool:
    return isinstance(progress.partial, RunNews) and isinstance(progress.partial.event, events.RunResumed)
