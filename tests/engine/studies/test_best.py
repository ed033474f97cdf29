"""Finding the best model: the same rows for all, the minutes, what is left out, the advice, and going on."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine import verbs
from engine.__main__ import main
from engine.commands import Command, Stop
from engine.config.run import RunConfig
from engine.config.search import Goal, SearchPlan
from engine.config.search_limits import usual_ranges
from engine.errors import InputError
from engine.messages import message
from engine.records import Estimate, Progress, VariantResult
from engine.runs.run import Run
from engine.runs.study import Study
from engine.studies.best import create_best
from engine.studies.best_words import best_findings, keep_plan, name_to_take
from engine.studies.candidates import COUNTING, Candidate, candidates_of, checked_minutes, planned
from engine.studies.table import spread_of

TINY: dict[str, object] = {
    "data.builtin.num_rows": 200,
    "data.max_length": 24,
    "model.embedding_size": 8,
    "model.hidden_size": 8,
    "training.micro_batch_size": 16,
    "training.max_steps": 30,
    "training.device": "cpu",
}


def base(**changes: object) -> RunConfig:
    return verbs.load_config("attention", {**TINY, **changes})


def ended(running: Generator[Progress, Command | None, Any], command: Command | None = None) -> Any:
    """The result; every question that it yields is answered by `command`."""
    try:
        running.send(None)
        while True:
            running.send(command)
    except StopIteration as end:
        return end.value


@pytest.fixture(scope="module", autouse=True)
def no_encoder() -> Iterator[None]:
    """The one that tests have installed is too large for them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("engine.studies.candidates.packaged_encoder", lambda: None)
        yield


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    study = verbs.create_best(base(), tmp_path_factory.mktemp("runs"), 0.2)
    report = ended(verbs.find_best(study))
    assert report.state == "finished"
    return Study.open(study.path)


@pytest.mark.slow
def test_all_candidates_see_the_same_rows(study: Study) -> None:
    configs = [one.config for one in study.variants]
    assert {COUNTING, "network"} <= {one.name for one in study.variants}
    for name in ("train", "test_share", "validation_share", "builtin", "columns"):
        assert len({str(getattr(one.data, name)) for one in configs}) == 1
    assert {one.seed for one in configs} == {0}
    reports = [verbs.evaluate(one.run) for one in study.members if one.run is not None]
    assert len({one.num_rows for one in reports}) == 1


@pytest.mark.slow
def test_the_table_has_intervals_and_the_advice_names_a_model(study: Study) -> None:
    report = verbs.study_report(study)
    accuracies = [row.figures["accuracy"] for row in report.rows]
    assert all(0 < one.half_width < 0.5 for one in accuracies)
    assert report.signs[0] in ("helped", "noise")
    take = report.take
    assert take and (study.path / take / "run.json").is_file()
    assert Run.open(study.path / take).state == "finished"


@pytest.mark.slow
def test_what_is_done_is_not_done_again(study: Study) -> None:
    before = {path: path.stat().st_mtime_ns for path in study.path.glob("*/journal.jsonl")}
    ended(verbs.find_best(Study.open(study.path)))
    assert before == {path: path.stat().st_mtime_ns for path in study.path.glob("*/journal.jsonl")}


@pytest.mark.slow
def test_a_stop_keeps_what_is_planned_and_it_goes_on_later(tmp_path: Path) -> None:
    study = verbs.create_best(base(), tmp_path, 0.2)
    assert ended(verbs.find_best(study), Stop()).state == "stopped"
    report = ended(verbs.find_best(Study.open(study.path)))
    assert report.state == "finished" and len(report.rows) >= 2


def told(seconds_per_step: float, steps_per_epoch: float, steps: int) -> Estimate:
    return Estimate(1, 1, seconds_per_step, steps_per_epoch, seconds_per_step * steps, "CPU")


def test_a_network_makes_as_many_updates_as_its_part_of_the_minutes_allows() -> None:
    one = Candidate("network", message("Your settings"), base(**{"training.max_steps": 100}))
    config = planned(one, 10, 2, lambda _: told(0.5, 1000, 100))
    assert isinstance(config, RunConfig)
    assert config.training.max_steps == (600 - 60) / 2 / 0.5
    assert config.training.evaluate_every == config.training.max_steps // 10


def test_few_texts_do_not_fill_the_minutes() -> None:
    one = Candidate("network", message("Your settings"), base(**{"training.max_steps": 100}))
    config = planned(one, 1000, 1, lambda _: told(0.01, 40, 100))
    assert isinstance(config, RunConfig) and config.training.max_steps == 15 * 40


def test_what_cannot_begin_to_learn_is_left_out_with_its_figures() -> None:
    one = Candidate("encoder", message("Pretrained encoder"), base(**{"training.max_steps": 100}))
    why = planned(one, 1, 2, lambda _: told(4.0, 300, 100))
    assert not isinstance(why, RunConfig)
    assert "4 s" in why.english() and "300" in why.english()


def test_word_counting_gets_a_part_of_the_minutes() -> None:
    one = Candidate(COUNTING, message("Word counting"), verbs.load_config(COUNTING, {}))
    short, long = (planned(one, minutes, 2, lambda _: pytest.fail()) for minutes in (1, 60))
    assert isinstance(short, RunConfig) and isinstance(long, RunConfig)
    assert (short.model.seconds, long.model.seconds) == (12, 60)  # type: ignore[union-attr]


def test_an_encoder_that_was_named_is_a_candidate() -> None:
    found = candidates_of(base(), verbs.recipes(), "some/encoder")
    assert found[-1].key == "encoder" and found[-1].config.model.source == "some/encoder"  # type: ignore[union-attr]
    keys = [one.key for one in candidates_of(verbs.load_config(COUNTING, {}), verbs.recipes(), None)]
    assert keys[:2] == [COUNTING, "network"]


@pytest.mark.parametrize("minutes", [0, -1, 0.1, 1e9])
def test_minutes_that_are_none_are_refused(minutes: float) -> None:
    with pytest.raises(InputError):
        checked_minutes(minutes)


def test_a_goal_without_word_counting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        verbs.create_best(verbs.load_config("squad-reader", {}), tmp_path, 5)
    assert not list(tmp_path.iterdir())


# --- the advice -----------------------------------------------------------------------------------------------------


def verdict(ahead: str, value: float, half_width: float, measured: str = "accuracy") -> dict[str, Any]:
    change = {"value": value, "half_width": half_width, "low": value - half_width, "high": value + half_width}
    return {
        "metric": measured,
        "ahead": ahead,
        "rival": "network" if ahead == COUNTING else COUNTING,
        "measured": measured,
        "split": "test",
        "num_rows": 500,
        "values": [0.9, 0.9 - value],
        "change": change,
    }


@pytest.mark.parametrize(
    ("found", "take", "sign"),
    [
        (verdict("network", 0.03, 0.01), "network", "helped"),
        (verdict("network", 0.01, 0.02), COUNTING, "noise"),
        (verdict("network", -0.02, 0.01), COUNTING, "helped"),
        (verdict(COUNTING, 0.01, 0.02), COUNTING, "helped"),
        (verdict("network", -0.3, 0.1, "mae"), "network", "helped"),
        (verdict("network", 0.3, 0.1, "mae"), COUNTING, "helped"),
        (verdict("network", 0.3, 0.4, "mae"), COUNTING, "noise"),
    ],
)
def test_the_advice_is_no_worse_than_word_counting(tmp_path: Path, found: dict[str, Any], take: str, sign: str) -> None:
    study = create_best(base(), verbs.recipes(), 5, tmp_path)
    keep_plan(study, {"verdict": found})
    rows: Sequence[VariantResult] = [
        VariantResult(name, message("{name}", name=name), {"seconds": spread_of([4.0])}, (f"{name}-seed0",))
        for name in (COUNTING, "network")
    ]
    assert name_to_take(found) == take
    assert [one for one, _ in best_findings(study, rows)] == [sign]


def test_what_was_left_out_or_failed_is_said(tmp_path: Path) -> None:
    study = create_best(base(), verbs.recipes(), 5, tmp_path)
    why = message("“{path}” has no range.", path="x")
    left = {"name": "encoder", "title": message("Pretrained encoder").to_json(), "why": why.to_json()}
    keep_plan(study, {"left_out": [left]})
    failed = VariantResult("network", message("Your settings"), {}, ("network-seed0",), ("failed",))
    signs = [one for one, _ in best_findings(study, [failed])]
    assert signs == ["open", "note", "note"]


@pytest.mark.slow
def test_the_command_line_tells_the_run_to_take(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "\n".join(
        f"{label},{word} film number {n}" for n in range(60) for label, word in (("yes", "good"), ("no", "bad"))
    )
    (tmp_path / "a.csv").write_text(f"label,text\n{rows}\n")
    changes = [f"{key}={value}" for key, value in TINY.items() if not key.startswith("data.")]
    asked = ["best", str(tmp_path / "a.csv"), "--minutes", "0.2", "--runs", str(tmp_path / "runs"), "--set", *changes]
    assert main([*asked, "--json"]) == 0
    tree = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert Path(tree["best"]).parent == Path(tree["study"]) and len(tree["table"]) >= 2 and tree["findings"]
    assert main(["best", str(tmp_path / "a.csv"), "--minutes", "0", "--runs", str(tmp_path / "runs")]) == 2


def test_each_verb_goes_on_with_its_own_kind_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    best = create_best(base(), verbs.recipes(), 5, tmp_path, name="best")
    config = base()
    plan = SearchPlan(ranges=usual_ranges(config), goals=(Goal(metric="f1"),))
    search = verbs.create_search(config, plan, tmp_path, "search")
    for verb, other in (("ablate", best), ("search", best), ("best", search), ("ablate", search)):
        before = sorted(other.path.rglob("*"))
        assert main([verb, str(other.path)]) == 2
        assert f"“{other.kind}”" in capsys.readouterr().err
        assert sorted(other.path.rglob("*")) == before


def test_a_spoilt_plan_is_said(tmp_path: Path) -> None:
    study = create_best(base(), verbs.recipes(), 5, tmp_path, name="best")
    (study.path / "best.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError):
        verbs.study_report(study)
