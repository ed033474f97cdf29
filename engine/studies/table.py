"""The table of a study: what its runs reached and cost, read from their journals, with the mean over the seeds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from engine.events import Progressed
from engine.messages import Message
from engine.metrics.registry import METRICS
from engine.records import Spread, StudyReport, VariantResult
from engine.records.studies import QUALITIES, Sign
from engine.runs.history import History, open_history
from engine.runs.journal import JournalReader, parse
from engine.runs.run import Run
from engine.runs.study import Member, Study
from engine.studies.best_words import best_said
from engine.studies.findings import findings

COSTS = ("seconds", "memory_bytes", "texts")


@dataclass(frozen=True)
class _Outcome:
    """One run: how it stands; where it is finished its figures, on which split they were measured, and their intervals
    over its rows."""

    state: str
    figures: dict[str, float]
    split: str = "test"
    half_widths: Mapping[str, float] = field(default_factory=dict)


def study_report(study: Study) -> StudyReport:
    """The table of what is finished so far, and what it says in words. Reads journals alone."""
    outcomes = {member.path.name: _outcome(member) for member in study.members}
    rows = tuple(_row(one.name, one.title, _members(study, one.name), outcomes) for one in study.variants)
    splits = {one.split for one in outcomes.values() if one.figures}
    split = "validation" if "validation" in splits else "test"
    told, take = _SAID.get(study.kind, _ablation_said)(study, rows)
    found, signs = tuple(one for _, one in told), tuple(sign for sign, _ in told)
    return StudyReport(study.kind, study.state, study.seeds, split, rows, found, signs, take)


def _ablation_said(study: Study, rows: Sequence[VariantResult]) -> tuple[list[tuple[Sign, Message]], None]:
    return findings(study.base, rows), None


_SAID: Mapping[str, Callable[[Study, Sequence[VariantResult]], tuple[list[tuple[Sign, Message]], str | None]]] = {
    "best": best_said
}
"""What a study says of its table, by its kind."""


def spread_of(values: Sequence[float], half_width: float = math.nan) -> Spread:
    """Mean and sample standard deviation; that of one value is 0, and its interval is that over rows. At least one."""
    if len(values) == 1:
        return Spread(values[0], 0.0, tuple(values), half_width)
    return Spread(statistics.fmean(values), statistics.stdev(values), tuple(values))


def _members(study: Study, variant: str) -> list[Member]:
    return [one for one in study.members if one.variant.name == variant]


def _row(name: str, title: Message, members: Sequence[Member], outcomes: dict[str, _Outcome]) -> VariantResult:
    """A figure that one of the finished runs lacks is left out."""
    own = [outcomes[one.path.name] for one in members]
    done = [one.figures for one in own if one.figures]
    widths = next((one.half_widths for one in own if one.figures), {})
    known = dict.fromkeys((*QUALITIES, *METRICS, *COSTS))
    names = [key for key in known if done and all(key in figures for figures in done)]
    return VariantResult(
        name=name,
        title=title,
        figures={key: spread_of([figures[key] for figures in done], widths.get(key, math.nan)) for key in names},
        runs=tuple(one.path.name for one in members),
        states=tuple(one.state for one in own),
        seeds=tuple(member.seed for member, one in zip(members, own, strict=True) if one.figures),
    )


def _outcome(member: Member) -> _Outcome:
    run = member.run
    if run is None:
        return _Outcome("waiting", {})
    state = run.state
    if state != "finished":
        return _Outcome(state, {})
    written = run.journal.stat()
    return _finished(run.path, member.variant.config.training.micro_batch_size, written.st_size, written.st_mtime_ns)


@lru_cache(maxsize=512)
def _finished(path: Path, micro_batch_size: int, _size: int, _written: int) -> _Outcome:
    """Read once: a finished run does not change, unless it is trained anew."""
    run = Run(path)
    history = open_history(run.journal)[0]
    split, qualities, widths = _qualities(history)
    costs = {"memory_bytes": _most_memory(run.journal)}
    if history.progress is not None:
        costs["seconds"] = history.progress.seconds
    costs["texts"] = float(history.steps("model", "accumulation")[1].sum()) * micro_batch_size
    return _Outcome("finished", {**qualities, **costs}, split, widths)


def _qualities(history: History) -> tuple[str, dict[str, float], dict[str, float]]:
    """(split, figures, half-widths of their intervals) of the best checkpoint: on test, as the loop measures it at the
    end, else on validation."""
    tested = history.evaluations.get("test", [])
    at_best = [
        one
        for one in history.evaluations.get("validation", [])
        if history.best is None or one.step == history.best.step
    ]
    split, found = ("test", tested) if tested else ("validation", at_best)
    if not found:
        return split, {}, {}
    metrics = {name: value for name, value in found[-1].metrics.items() if name in METRICS}
    return split, metrics, dict(found[-1].intervals or {})


def _most_memory(journal: Path) -> float:
    lines = JournalReader(journal).read_lines()
    told = [parse(line) for line in lines if line.startswith(b'{"event":"Progressed"')]
    return float(max((one.memory_bytes for one in told if isinstance(one, Progressed)), default=0))
