"""Finding the best model: every candidate is trained on the same rows, then all are measured on the same rows.

    measure an update of each -> plan their updates -> train one after the other -> compare with word counting

Each candidate is an ordinary run. The one that is advised is chosen by the validation rows; what it is worth is said by
the test rows, where there are any, so that choosing flatters nobody.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.commands import Command, Stop
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.messages import Message
from engine.metrics.registry import metric_of
from engine.records import Comparison, Estimate, Progress, StudyReport
from engine.runs.history import open_history
from engine.runs.names import free_name
from engine.runs.run import Run
from engine.runs.study import Study, Variant
from engine.studies.ablation import Training, run_ablation
from engine.studies.best_words import begin_plan, keep_plan, read_plan
from engine.studies.candidates import COUNTING, Candidate, candidates_of, checked_minutes, planned
from engine.studies.table import study_report

Finding = Generator[Progress, Command | None, StudyReport]


@dataclass(frozen=True)
class BestTools:
    """What studies are told, as they load without torch: `recipes` by name; `estimate` measures an update; `train`
    begins a run or goes on with it; `compare` puts runs beside each other on the same rows."""

    recipes: Callable[[], Mapping[str, RunConfig]]
    estimate: Callable[[RunConfig], Estimate]
    train: Callable[[Run], Training]
    compare: Callable[[Sequence[Run]], Generator[Progress, None, Comparison]]


def create_best(
    base: RunConfig,
    recipes: Mapping[str, RunConfig],
    minutes: float,
    folder: Path,
    encoder: str | None = None,
    name: str | None = None,
) -> Study:
    """A new study's folder. Raises InputError for a goal without word counting and for minutes that are no time."""
    checked_minutes(minutes)
    candidates_of(base, recipes, encoder)
    train = base.data.train if isinstance(base.data.train, str) else base.data.train[0]
    about = Path(train).stem or train
    study = Study.create("best", base, (), [base.seed], folder, name or free_name(folder, f"{about} best model"))
    begin_plan(study, minutes, encoder)
    return study


def find_best(study: Study, tools: BestTools) -> Finding:
    """Begin, or go on: what is planned, trained and compared already is not done again. Yields what `run_ablation`
    does. Raises InputError while another process runs it, and for wrong input."""
    with study.locked():
        if not (yield from _plan(study, tools)):
            study.become("stopped")
            return study_report(study)
    study = Study.open(study.path)
    report = yield from run_ablation(study, tools.train)
    if report.state != "finished" or read_plan(study)["verdict"] is not None:
        return report
    with study.locked():
        yield from _compare(study, tools)
        report = study_report(study)
        study.keep(report)
    return report


def _plan(study: Study, tools: BestTools) -> Generator[Progress, Command | None, bool]:
    """Give every candidate its row, or leave it out. Whether it came to the end."""
    plan = read_plan(study)
    found = candidates_of(study.base, tools.recipes(), plan["encoder"])
    known = {one.name for one in study.variants} | {one["name"] for one in plan["left_out"]}
    settled: dict[str, RunConfig | Message] = {}
    num_networks = len(found) - 1
    for place, one in enumerate(reversed(found)):  # the dearest first: its part is the others' where it is left out
        if isinstance((yield Progress(place, 100 * len(found))), Stop):
            return False
        if one.key not in known:
            settled[one.key] = planned(one, float(plan["minutes"]), num_networks, tools.estimate)
            num_networks -= isinstance(settled[one.key], Message)
    for one in found:
        if one.key in settled:
            _settle(study, one, settled[one.key])
    return True


def _settle(study: Study, candidate: Candidate, config: RunConfig | Message) -> None:
    if isinstance(config, RunConfig):
        study.add(Variant(candidate.key, candidate.title, config))
        return
    told = {"name": candidate.key, "title": candidate.title.to_json(), "why": config.to_json()}
    keep_plan(study, {"left_out": [*read_plan(study)["left_out"], told]})


def _compare(study: Study, tools: BestTools) -> Generator[Progress, Command | None, None]:
    """The advised model against word counting, or word counting against the nearest other one, on the same rows."""
    metric = judged_by(study.base.task, study.base.training.best)
    reached = {one.variant.name: value for one in study.members if (value := _validated(one.run, metric)) is not None}
    verdict: dict[str, Any] = {"metric": metric, "ahead": None}
    if reached:
        sign = -1 if metric_of(metric).lower_is_better else 1
        order = sorted(reached, key=lambda name: sign * reached[name], reverse=True)
        verdict["ahead"] = order[0]
        others = [name for name in order if name not in (COUNTING, order[0])]
        rival = COUNTING if COUNTING in reached and order[0] != COUNTING else next(iter(others), None)
        if rival is not None:
            runs = {one.variant.name: one.run for one in study.members}
            pair = [run for name in (rival, order[0]) if (run := runs[name]) is not None]
            comparison = yield from tools.compare(pair)
            verdict |= {"rival": rival, **_change(comparison, metric)}
    keep_plan(study, {"verdict": verdict})


def _validated(run: Run | None, metric: str) -> float | None:
    """What its best checkpoint reached on the validation rows."""
    if run is None or run.state != "finished":
        return None
    history = open_history(run.journal)[0]
    measured = history.evaluations.get("validation", [])
    at_best = [one for one in measured if history.best is None or one.step == history.best.step] or measured
    value = at_best[-1].metrics.get(metric, math.nan) if at_best else math.nan
    return None if math.isnan(value) else float(value)


def _change(comparison: Comparison, metric: str) -> dict[str, Any]:
    """Of the rows that both answered; empty where they cannot be compared."""
    pair = comparison.pairs[-1] if comparison.pairs else None
    names = [] if pair is None else [one for one in (metric, comparison.leading) if one in pair.change]
    if pair is None or not names:
        return {}
    first, last = comparison.groups[0], comparison.groups[-1]
    return {
        "measured": names[0],
        "split": last.split,
        "num_rows": pair.num_rows,
        "values": [last.figures[names[0]].value, first.figures[names[0]].value],
        "change": pair.change[names[0]].to_json(),
    }
