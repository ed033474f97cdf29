"""The end of a search: the best trials and the person's own settings with further seeds, and the winner beside them."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import replace

from engine.commands import Command
from engine.errors import AttuneError
from engine.messages import message
from engine.metrics.registry import metric_of
from engine.records import Comparison, Progress
from engine.records.comparison import Change, ComparedGroup
from engine.records.search import AgainstStart
from engine.runs.run import Run
from engine.runs.search_folder import disk_bytes, run_name
from engine.studies.search_record import value_of
from engine.studies.search_session import LiveTrial, RunEnd, Session, Telling
from engine.studies.trial_memory import Remembered


def repeat_best(session: Session) -> Telling:
    """Seed by seed, so that the comparison is whole, only uncertain, after the first; what would not end within the
    minutes is left out and said. Where no trial but the person's own settings came to its end there is nothing to
    repeat them against."""
    trials = session.memory.trials()
    finalists = session.recorder.finalists(trials)
    start = next((one for one in trials if one.is_start and one.state == "done"), None)
    if not finalists or finalists == [start]:
        return
    session.standing = replace(session.standing, phase="repeating")
    yield from session.tell()
    chosen = [*finalists, *([start] if start is not None and start not in finalists else [])]
    num_left_out, num_failed = 0, 0
    for seed in session.study.seeds[1:]:
        for one in chosen:
            run = Run(session.study.path / run_name(one.number, seed))
            if not math.isnan(value_of(run, session.plan, session.config)):
                continue
            if session.clock.seconds + 0.9 * one.seconds > session.seconds:
                num_left_out += 1
                continue
            end = yield from _repeat_one(session, one, seed)
            if session.is_stopping:
                return
            num_left_out += end.state == "pruned"
            num_failed += end.state == "failed"
    if num_left_out:
        session.note(
            message("{count:plural:repeat was:repeats were} left out, as the minutes were over.", count=num_left_out)
        )
    if num_failed:
        session.note(message("{count:plural:repeat:repeats} failed and left no figures.", count=num_failed))


def _repeat_one(session: Session, one: Remembered, seed: int) -> Generator[Progress, Command | None, RunEnd]:
    config = session.run_config(one.number, one.parameters, seed, is_start=one.is_start)
    run = session.made(run_name(one.number, seed), config)
    trial = LiveTrial(one, run, session.keys, config.training.best.recall_floor)
    end = yield from session.train(trial, session.clock.seconds, session.seconds, is_trial=False)
    session.disk = disk_bytes(session.study.path)
    yield from session.tell()
    return end


def measure_winner(session: Session) -> Telling:
    """The winner and the person's own settings on the same rows, those of test where there are any."""
    record = session.record()
    ahead = session.recorder.ahead(record.repeats)
    start = next((one for one in record.repeats if record.trial(one.trial).is_start), None)
    if ahead is None or start is None or ahead.trial == start.trial:
        return
    session.standing = replace(session.standing, phase="comparing")
    yield from session.tell()
    seeds = [seed for seed in start.seeds if seed in ahead.seeds]
    before, after = ([Run(session.study.path / run_name(one.trial, seed)) for seed in seeds] for one in (start, ahead))
    floor = session.plan.goals[0].recall_floor
    against: AgainstStart | None
    try:
        if floor is not None:
            against = yield from session.followed(session.tools.at_recall(before, after, floor))
        else:
            comparison = yield from session.followed(session.tools.compare([*before, *after]))
            against = None if comparison is None else _against_start(comparison, session.keys[0])
    except AttuneError as error:
        session.note(message("The winner could not be measured beside your settings: {reason}", reason=error.what))
        return
    session.standing = replace(session.standing, against_start=against)


def _against_start(comparison: Comparison, key: str) -> AgainstStart | None:
    """The goal's own figure where runs are compared by it, else the first one that they are compared by."""
    start, winner = comparison.groups[0], comparison.groups[-1]
    pair = comparison.pairs[-1] if comparison.pairs else None
    if pair is None or pair.outcome == "apart":
        return None
    names = [name for name in (key, comparison.leading, "f1", *pair.change) if name in pair.change]
    if not names:
        return None
    name = names[0]
    change, metric = pair.change[name], metric_of(name)
    if metric.lower_is_better:
        change = Change(-change.value, change.half_width, -change.high, -change.low)
    return AgainstStart(
        metric=name,
        title=metric.title,
        split=winner.split,
        num_rows=pair.num_rows,
        start=start.figures[name].value,
        winner=winner.figures[name].value,
        change=change,
        seeds_start=len(start.seeds),
        seeds_winner=len(winner.seeds),
        recall_start=_recall(start, name),
        recall_winner=_recall(winner, name),
    )


def _recall(group: ComparedGroup, name: str) -> float:
    return group.figures["recall"].value if name == "precision" and "recall" in group.figures else math.nan
