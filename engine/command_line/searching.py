"""The verb that looks for the best settings: search. Ctrl+C stops and keeps; the study's folder goes on later."""

from __future__ import annotations

import argparse
import math
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.ending import stopping
from engine.command_line.outlets import without_console
from engine.command_line.parser import add_verb
from engine.command_line.printing import print_json
from engine.commands import Command, Stop
from engine.errors import AttuneError
from engine.events import RunPaused
from engine.metrics.registry import metric_of
from engine.records.search import SearchRecord, Trial
from engine.runs.search_folder import BEST_FILE
from engine.runs.study import RunNews, Study, is_study

_WAIT = 0.2
_GAP = 3
_MINUTES = 20.0

Settings = Callable[[Sequence[str]], dict[str, object]]


def add_searching_verb(verbs: Any, settings: Settings) -> None:
    """Put the verb of this file into the parser; `settings` reads `path=value` pairs."""
    search = add_verb(verbs, "search", _search, "the best settings for the data: many trials, the best repeated")
    search.add_argument("config", metavar="RECIPE_OR_YAML_OR_STUDY_FOLDER")
    search.add_argument("--minutes", type=float, default=None, metavar="M", help="time for all of it (20)")
    search.add_argument("--trials", type=int, default=None, metavar="N", help="how many settings are tried at most")
    search.add_argument(
        "--goal",
        action="append",
        default=[],
        metavar="METRIC",
        help="what is to be good on validation, “precision@0.85” at a least recall; twice for two goals",
    )
    search.add_argument("--space", type=Path, default=None, metavar="FILE", help="the settings to try (YAML)")
    search.add_argument(
        "--pruning", action=argparse.BooleanOptionalAction, default=None, help="stop weak trials early (with one goal)"
    )
    search.add_argument("--set", nargs="+", action="extend", default=[], metavar="path=value", help="change settings")
    search.add_argument(
        "--runs", type=Path, default=Path("runs"), metavar="DIR", help="where studies are kept (./runs)"
    )
    search.add_argument("--name", default=None, help="the study's name")
    search.set_defaults(settings=settings)


def _search(asked: argparse.Namespace) -> int:
    from engine import verbs

    if is_study(Path(asked.config)):
        return _follow(Study.open(Path(asked.config)), asked.json)
    config = verbs.load_config(asked.config, asked.settings(asked.set))
    study = verbs.create_search(config, _plan(asked, config), asked.runs, asked.name)
    try:
        return _follow(study, asked.json)
    except AttuneError:
        _forget_unstarted(study)
        raise


def _plan(asked: argparse.Namespace, config: Any) -> Any:
    from engine.config.search import Goal, SearchPlan, budget_of, goal_of, read_space
    from engine.config.search_limits import usual_ranges
    from engine.config.tasks.best_metric import judged_by

    minutes = _MINUTES if asked.minutes is None and asked.trials is None else asked.minutes
    goals = tuple(goal_of(text) for text in asked.goal) or (Goal(metric=judged_by(config.task, config.training.best)),)
    return SearchPlan(
        ranges=usual_ranges(config) if asked.space is None else read_space(asked.space),
        goals=goals,
        budget=budget_of(minutes, asked.trials),
        prunes=len(goals) == 1 if asked.pruning is None else asked.pruning,
    )


def _follow(study: Study, as_json: bool) -> int:
    """Print what comes out of the trials until the end, then what was found."""
    from engine import verbs

    searching = verbs.search(study)
    wishes: list[Command] = []
    told: dict[int, str] = {}
    with stopping(lambda: wishes.append(Stop())), without_console():
        command: Command | None = None
        is_paused = False
        while True:
            try:
                progress = searching.send(command)
            except StopIteration as end:
                return _finish(study, end.value, as_json)
            command = wishes.pop() if wishes else None
            if isinstance(progress.partial, RunNews):
                is_paused = isinstance(progress.partial.event, RunPaused)
            elif isinstance(progress.partial, SearchRecord):
                _show(progress.partial, told, progress.done / progress.total, as_json)
            elif is_paused:
                time.sleep(_WAIT)


def _show(record: SearchRecord, told: dict[int, str], share: float, as_json: bool) -> None:
    """A line for each trial that begins or ends."""
    for trial in record.trials:
        if told.get(trial.number) == trial.state:
            continue
        told[trial.number] = trial.state
        if as_json:
            print_json({"share": round(share, 4), "trial": _trial_json(trial)})
        else:
            say(f"{time.strftime('%H:%M:%S')}  {100 * share:3.0f} %  {_line(trial, record)}")


def _line(trial: Trial, record: SearchRecord) -> str:
    value = "" if not trial.values else f"  {metric_of(record.goals[0].key).written(trial.value)}"
    why = "" if trial.reason is None else f"  {trial.reason.english()}"
    return f"trial {trial.number:3} {trial.state:8}{value}{why}"


def _finish(study: Study, record: SearchRecord, as_json: bool) -> int:
    """Exit code 1 where not one trial could be measured."""
    best = best_json(study, record)
    if as_json:
        tree = record.to_json()
        kept = ("state", "seed", "front", "budget", "repeats", "outcome", "against_start", "importance", "disk_bytes")
        print_json(
            {
                "study": str(study.path),
                "best": best,
                "trials": [_trial_json(one) for one in record.trials],
                "headline": record.headline.english(),
                **{name: tree[name] for name in kept},
                "saved_share": _share(record),
                "notes": [one.english() for one in record.notes],
            }
        )
    else:
        for line in record_lines(record):
            say(line)
        if best is not None:
            say(f"The best settings, to be trained by “train”: {study.path / BEST_FILE}")
        say(study.path)
    return int(best is None)


def best_json(study: Study, record: SearchRecord) -> dict[str, Any] | None:
    """The winner, else the best so far: its config, its first goal on validation (the mean over its seeds), its
    seeds."""
    from engine.runs.search_folder import plan_of
    from engine.studies.trial_configs import chosen_config

    number = record.best if record.winner is None else record.winner
    if number is None:
        return None
    trial = record.trial(number)
    repeated = next((one for one in record.repeats if one.trial == number and one.values), None)
    return {
        "trial": number,
        "config": chosen_config(study.base, plan_of(study), trial.parameters).to_tree(),
        "parameters": trial.parameters,
        "value": trial.value if repeated is None else repeated.mean,
        "values": list(trial.values),
        "seeds": [record.seed] if repeated is None else list(repeated.seeds),
        "is_winner": record.winner is not None,
    }


def _share(record: SearchRecord) -> float | None:
    """Of the updates that stopping weak trials saved."""
    saved = record.budget.saved_share
    return round(saved, 4) if math.isfinite(saved) else None


def _trial_json(trial: Trial) -> dict[str, Any]:
    return {
        "number": trial.number,
        "state": trial.state,
        "parameters": trial.parameters,
        "values": list(trial.values),
        "seconds": round(trial.seconds, 2),
        "steps": trial.steps,
        "run": trial.run,
        "reason": None if trial.reason is None else trial.reason.english(),
        "curve": [list(point) for point in trial.curve],
    }


def record_lines(record: SearchRecord) -> Iterator[str]:
    """The sentence, the best trials, what mattered, the repeats, what it cost."""
    yield record.headline.english()
    yield ""
    yield from _aligned([["", *(goal.title.english() for goal in record.goals), "seconds", "settings"], *_best(record)])
    if record.repeats:
        yield ""
        written = metric_of(record.goals[0].key).written
        for one in record.repeats:
            values = ", ".join(written(value) for value in one.values)
            yield f"trial {one.trial} over seeds {', '.join(map(str, one.seeds))}: {values}; mean {written(one.mean)}"
    if record.importance is not None:
        yield ""
        yield f"What mattered ({record.importance.evaluator}, {record.importance.num_trials} trials):"
        yield from (f"  {one.path:36} {100 * one.share:3.0f} %" for one in record.importance.influences)
    yield ""
    counts = {state: sum(one.state == state for one in record.trials) for state in ("done", "pruned", "failed")}
    saved = _share(record)
    yield (
        f"{len(record.trials)} trials: {counts['done']} done, {counts['pruned']} stopped early, "
        f"{counts['failed']} failed; "
        f"{record.budget.seconds_used / 60:.1f} minutes, {record.disk_bytes / 2**20:,.0f} MB"
        + ("." if saved is None else f"; stopping early saved {100 * saved:.0f} % of the updates.")
    )
    yield from (note.english() for note in record.notes)


_SHOWN = 5


def _best(record: SearchRecord) -> list[list[str]]:
    """The front where there are two goals, else the best ones."""
    lower = record.goals[0].lower_is_better
    done = [one for one in record.trials if one.state == "done"]
    chosen = [one for one in done if one.number in record.front] if len(record.goals) > 1 else done
    ordered = sorted(chosen, key=lambda one: one.value if lower else -one.value)[:_SHOWN]
    return [_row(one, record) for one in ordered]


def _row(trial: Trial, record: SearchRecord) -> list[str]:
    figures = [metric_of(goal.key).written(value) for goal, value in zip(record.goals, trial.values, strict=False)]
    settings = ", ".join(f"{path.rpartition('.')[2]} {_short(value)}" for path, value in trial.parameters.items())
    name = "your settings" if trial.is_start else f"trial {trial.number}"
    return [name, *figures, f"{trial.seconds:.0f}", settings]


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _aligned(lines: list[list[str]]) -> Iterator[str]:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    for line in lines:
        yield (" " * _GAP).join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _forget_unstarted(study: Study) -> None:
    """A search that wrong input kept from its first figure leaves nothing behind."""
    journals = list(study.path.glob("*/journal.jsonl"))
    if not any(b'"event":"Evaluated"' in one.read_bytes() for one in journals):
        shutil.rmtree(study.path, ignore_errors=True)
