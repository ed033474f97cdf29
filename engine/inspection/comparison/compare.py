"""compare: runs beside each other on the same texts; which one is better, and whether that is luck."""

from __future__ import annotations

import math
import statistics
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

from engine.breath import mapped, telling
from engine.config.data import Source
from engine.config.differences import differing_settings
from engine.errors import InputError
from engine.inspection.comparison.compared_rows import ComparedRows, compared_rows
from engine.inspection.comparison.significance_verdicts import apart, found, judged, matched
from engine.inspection.comparison.verdict_words import Finding, Side
from engine.inspection.evaluation.examine import examine
from engine.messages import Message, message
from engine.metrics.confidence_intervals import holm, mean_half_width
from engine.metrics.registry import WRITER_METRICS, ends
from engine.records import (
    WRONG_IF_UNKNOWN,
    Answers,
    ComparedFigure,
    ComparedGroup,
    Comparison,
    LabelRule,
    Pair,
    Progress,
    Setting,
    TargetKind,
)
from engine.records.comparison import OUTCOMES, Over
from engine.runs.checkpoints import checkpoint_path
from engine.runs.history import History, open_history
from engine.runs.run import Run
from engine.runs.seed_groups import RunGroup, grouped, members
from engine.runs.study import Study
from engine.targets import target_of

_LEFT_OUT = ("probability",)
_MOST_LABELS = 6
_SHARE = 1000
"""Parts that each run's answers count for in the progress."""


def compare(
    runs: Sequence[Run | Study],
    split: str | None = None,
    source: Source | None = None,
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Generator[Progress, None, Comparison]:
    """The best checkpoints of runs (of a study: all of its runs that have one) on a labelled file, or on a split of
    their data (test, else validation, where none is named). The first one's group is the base of all comparisons.
    Answers are those of the likeliest label; thresholds that were saved stay aside. Breathes.

    Raises InputError for a single run, runs without a checkpoint, a text GAN beside a classifier, and other labels.
    """
    chosen = members(runs)
    _refuse_unfit(chosen, runs)
    groups = grouped(chosen)
    histories = {run.path: open_history(run.journal)[0] for run in chosen}
    _refuse_other_labels(chosen, histories)
    settings, num_equal = differing_settings([group.config for group in groups])
    if not chosen[0].config.task.has_labels:
        return _of_writers(groups, histories, settings, num_equal)
    ordered = [run for group in groups for run in group.runs]
    answers: list[Answers] = []
    for run in ordered:
        answers.append((yield from _asked(run, split, source, rule, len(answers), len(ordered))))
        _refuse_others(ordered[0], answers[0], run, answers[-1])
    rows = yield from _matched_rows(answers, len(ordered))
    sides = _sides(groups)
    pairs = _pairs(rows, sides, answers[0].kind)
    table = tuple(_group(group, side, rows, answers, histories) for group, side in zip(groups, sides, strict=True))
    return Comparison(
        groups=table,
        settings=settings,
        num_equal=num_equal,
        pairs=pairs,
        headline=_headline(table, pairs),
        notes=_notes(table, answers, pairs),
        baseline=_baseline(histories[ordered[0].path], answers, pairs),
        left_out=answers[0].left_out,
        strangers=answers[0].strangers,
    )


# --- asking ---------------------------------------------------------------------------------------------------------


def _asked(
    run: Run, split: str | None, source: Source | None, rule: LabelRule, number: int, count: int
) -> Generator[Progress, None, Answers]:
    def told(progress: Progress) -> Progress:
        done = number * _SHARE + _SHARE * progress.done // max(1, progress.total)
        return Progress(done, (count + 1) * _SHARE, note=progress.note)

    return (yield from mapped(examine(run, source, split, rule=rule), told))


def _matched_rows(answers: Sequence[Answers], count: int) -> Generator[Progress, None, ComparedRows]:
    """The rows matched and drawn: what the last part of the progress stands for."""
    matching = compared_rows(answers, answers[0].positive_label)
    rows = yield from telling(matching, Progress(count * _SHARE, (count + 1) * _SHARE))
    for done in rows.drawn.draw():
        yield Progress(count * _SHARE + _SHARE * done // rows.drawn.num_draws, (count + 1) * _SHARE)
    return rows


# --- what cannot be compared ----------------------------------------------------------------------------------------


def _refuse_unfit(chosen: Sequence[Run], asked: Sequence[Run | Study]) -> None:
    if len(chosen) < 2:
        raise InputError(
            message("There is only one run to compare, or none."),
            ", ".join(str(one.path) for one in asked),
            message("Choose two runs or more, or a study of which two runs have a checkpoint."),
        )
    for run in chosen:
        checkpoint_path(run)
    first = chosen[0]
    for run in chosen[1:]:
        if run.config.task.has_labels != first.config.task.has_labels:
            raise InputError(
                message("A run that invents texts cannot be compared with one that sorts them."),
                f"{first.name}, {run.name}",
                message("Choose runs of one goal."),
            )


def _refuse_other_labels(chosen: Sequence[Run], histories: Mapping[Path, History]) -> None:
    """Before anything is asked; a run whose journal does not say its labels is found out by its answers."""
    known = [(run, started.labels) for run in chosen if (started := histories[run.path].started) is not None]
    for run, labels in known:
        if set(labels) != set(known[0][1]):
            first, wanted = known[0]
            raise _other_labels(
                first, _labels_in_words(wanted), run, _labels_in_words(labels), _differing(first, wanted, run, labels)
            )


def _refuse_others(first: Run, wanted: Answers, run: Run, given: Answers) -> None:
    if given.kind != wanted.kind or set(given.labels) != set(wanted.labels):
        mend = _differing(first, wanted.labels, run, given.labels)
        raise _other_labels(first, _answers_in_words(wanted), run, _answers_in_words(given), mend)


def _differing(first: Run, wanted: Sequence[str], run: Run, given: Sequence[str]) -> Message:
    """Which labels the one has and the other has not."""
    owner, own = first, [label for label in wanted if label not in given]
    if not own:
        owner, own = run, [label for label in given if label not in wanted]
    if not own or not wanted or not given:
        return message("Choose runs with the same labels.")
    shown = _labels_in_words(own)
    both = [label for label in given if label not in wanted]
    if owner is run or not both:
        return message("Choose runs with the same labels: only {name} knows {labels}.", name=owner.name, labels=shown)
    return message(
        "Choose runs with the same labels: only {name} knows {labels}, and only {other} knows {others}.",
        name=owner.name,
        labels=shown,
        other=run.name,
        others=_labels_in_words(both),
    )


def _other_labels(first: Run, wanted: Message, run: Run, given: Message, mend: Message) -> InputError:
    return InputError(
        message(
            "These runs answer different questions: {first} says {wanted}; {other} says {given}.",
            first=first.name,
            wanted=wanted,
            other=run.name,
            given=given,
        ),
        str(run.path),
        mend,
    )


def _answers_in_words(answers: Answers) -> Message:
    words = _labels_in_words(answers.labels)
    return target_of(answers.kind).answers_in_words(words)


def _labels_in_words(labels: Sequence[str]) -> Message:
    """The first few of them; without any it is a number."""
    if not labels:
        return message("a number")
    shown = list(labels[:_MOST_LABELS])
    if len(shown) == len(labels):
        return message("{labels}", labels=shown)
    return message("{labels} and {count} more", labels=shown, count=len(labels) - len(shown))


# --- the table ------------------------------------------------------------------------------------------------------


def _sides(groups: Sequence[RunGroup]) -> list[Side]:
    sides, first = [], 0
    for group in groups:
        numbers = tuple(range(first, first + len(group.runs)))
        sides.append(Side(group.title, numbers, group.seeds))
        first += len(group.runs)
    return sides


def _group(
    group: RunGroup,
    side: Side,
    rows: ComparedRows,
    answers: Sequence[Answers],
    histories: Mapping[Path, History],
) -> ComparedGroup:
    own = [rows.drawn.figures(run) for run in side.runs]
    figures = {name: _figure([one[name] for one in own], name, side, rows) for name in own[0] if name not in _LEFT_OUT}
    return _with_costs(group, figures, histories, answers[side.runs[0]].split, len(answers[side.runs[0]]))


def _figure(values: Sequence[float], name: str, side: Side, rows: ComparedRows) -> ComparedFigure:
    if len(values) > 1:
        return _with_ends(name, values, float(mean_half_width(values)), "seeds")
    return _with_ends(name, values, rows.drawn.mean_half_width(side.runs, name), "rows")


def _with_ends(name: str, values: Sequence[float], half_width: float, over: Over) -> ComparedFigure:
    mean = statistics.fmean(values)
    low, high = ends(name, mean, half_width) or (math.nan, math.nan)
    return ComparedFigure(mean, half_width, tuple(values), over, low, high)


def _with_costs(
    group: RunGroup,
    figures: dict[str, ComparedFigure],
    histories: Mapping[Path, History],
    split: str = "",
    num_rows: int = 0,
) -> ComparedGroup:
    own = [histories[run.path] for run in group.runs]
    return ComparedGroup(
        title=group.title,
        runs=tuple(run.path for run in group.runs),
        names=tuple(run.name for run in group.runs),
        seeds=group.seeds,
        figures=figures,
        split=split,
        num_rows=num_rows,
        num_parameters=_mean([one.started.num_parameters for one in own if one.started]),
        seconds=_mean([one.progress.seconds for one in own if one.progress]),
        memory_bytes=_mean([one.most_memory for one in own if one.most_memory]),
    )


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else float("nan")


# --- what is said ---------------------------------------------------------------------------------------------------


def _pairs(rows: ComparedRows, sides: Sequence[Side], kind: TargetKind) -> tuple[Pair, ...]:
    """Each group against the first, corrected for their number."""
    base, *others = sides
    fits = [matched(rows, base, other) for other in others]
    findings: list[Finding | None] = [
        None if fit is None else found(rows, fit[0], fit[1], kind, is_paired=fit[2]) for fit in fits
    ]
    corrected = iter(holm([one.p_value for one in findings if one is not None]))
    count = sum(one is not None for one in findings)
    pairs = []
    for number, (finding, fit, other) in enumerate(zip(findings, fits, others, strict=True), start=1):
        if finding is None or fit is None:
            pairs.append(apart(0, number, base, other))
        else:
            pairs.append(judged(0, number, fit[0], fit[1], finding, next(corrected), count))
    return tuple(pairs)


def _headline(groups: Sequence[ComparedGroup], pairs: Sequence[Pair]) -> Message:
    if len(pairs) == 1:
        only = pairs[0]
        return only.verdict if only.outcome == "apart" else _joined([only.verdict, only.scope])
    base = groups[0].title
    titles = {outcome: [groups[one.b].title for one in pairs if one.outcome == outcome] for outcome in OUTCOMES}
    parts = [
        (titles["better"], message("Better than {base}: {titles}.", base=base, titles=titles["better"])),
        (titles["worse"], message("Worse than {base}: {titles}.", base=base, titles=titles["worse"])),
        (titles["open"], message("Can't be told from {base}: {titles}.", base=base, titles=titles["open"])),
        (titles["apart"], message("Measured on other texts: {titles}.", titles=titles["apart"])),
    ]
    return _joined([part for named, part in parts if named])


def _joined(parts: Sequence[Message]) -> Message:
    told = parts[0]
    for part in parts[1:]:
        told = message("{before} {after}", before=told, after=part)
    return told


def _notes(groups: Sequence[ComparedGroup], answers: Sequence[Answers], pairs: Sequence[Pair]) -> tuple[Message, ...]:
    notes = []
    if len(pairs) > 1:
        notes.append(
            message(
                "p-values are corrected for {count:plural:comparison:comparisons} (Holm).",
                count=sum(pair.p_value is not None for pair in pairs),
            )
        )
        notes += _scopes(groups, pairs)
    if any(one.split == "validation" for one in answers):
        notes.append(
            message(
                "Measured on validation texts, by which the best checkpoint was chosen: the figures are a little too "
                "good."
            )
        )
    return tuple(notes)


def _scopes(groups: Sequence[ComparedGroup], pairs: Sequence[Pair]) -> list[Message]:
    """What each verdict is about, said once for all that are about the same."""
    told = {pair.scope.id: pair.scope for pair in pairs if pair.outcome != "apart"}
    if len(told) < 2:
        return list(told.values())
    return [
        message("{titles}: {scope}", titles=[groups[one.b].title for one in pairs if one.scope == scope], scope=scope)
        for scope in told.values()
    ]


def _baseline(history: History, answers: Sequence[Answers], pairs: Sequence[Pair]) -> dict[str, float]:
    """Word counting as the base's run measured it on the very split, where all are compared on that."""
    told = history.baselines.get(answers[0].split)
    if told is None or any(pair.outcome == "apart" for pair in pairs) or told.num_rows != len(answers[0]):
        return {}
    return dict(told.metrics)


# --- runs that invent texts -----------------------------------------------------------------------------------------


def _of_writers(
    groups: Sequence[RunGroup], histories: Mapping[Path, History], settings: tuple[Setting, ...], num_equal: int
) -> Comparison:
    """The meters that each one's training measured at its best checkpoint; there are no right answers to compare."""
    table = []
    for group in groups:
        own = [_meters(histories[run.path]) for run in group.runs]
        names = [name for name in WRITER_METRICS if all(name in one for one in own)]
        figures = {name: _spread(name, [one[name] for one in own]) for name in names}
        table.append(_with_costs(group, figures, histories, "validation"))
    headline = message("Invented texts are neither right nor wrong: each run's own meters stand beside each other.")
    return Comparison(tuple(table), settings, num_equal, (), headline)


def _meters(history: History) -> dict[str, float]:
    told = history.evaluations.get("validation", [])
    at_best = [one for one in told if history.best is not None and one.step == history.best.step]
    return dict((at_best or told)[-1].metrics) if told else {}


def _spread(name: str, values: Sequence[float]) -> ComparedFigure:
    return _with_ends(name, values, float(mean_half_width(values)), "seeds" if len(values) > 1 else "")
