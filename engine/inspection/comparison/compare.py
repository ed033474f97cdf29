"""compare: runs beside each other on the same texts; which one is better, and whether that is luck."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

from engine.breath import mapped, telling
from engine.config.data import Source
from engine.config.differences import differing_settings
from engine.config.tasks.registry import type_of
from engine.errors import InputError
from engine.inspection.comparison.compared_in_words import compared_in_words
from engine.inspection.comparison.compared_rows import ComparedRows, compared_rows
from engine.inspection.comparison.comparison_table import (
    ToCompare,
    figure_of,
    headline_of,
    notes_of,
    sides_of,
    with_costs,
    with_ends,
)
from engine.inspection.comparison.significance_verdicts import apart, found, judged, matched
from engine.inspection.comparison.verdict_words import Finding, Side
from engine.inspection.evaluation.examine import examine
from engine.messages import Message, message
from engine.metrics.confidence_intervals import holm, mean_half_width
from engine.metrics.registry import WRITER_METRICS
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
    if type_of(chosen[0].config.task).says:
        return (yield from compared_in_words(ToCompare(groups, histories, settings, num_equal), split, source))
    if not chosen[0].config.task.has_labels:
        return _of_writers(groups, histories, settings, num_equal)
    ordered = [run for group in groups for run in group.runs]
    answers: list[Answers] = []
    for run in ordered:
        answers.append((yield from _asked(run, split, source, rule, len(answers), len(ordered))))
        _refuse_others(ordered[0], answers[0], run, answers[-1])
    rows = yield from _matched_rows(answers, len(ordered))
    sides = sides_of(groups)
    pairs = _pairs(rows, sides, answers[0].kind)
    table = tuple(_group(group, side, rows, answers, histories) for group, side in zip(groups, sides, strict=True))
    return Comparison(
        groups=table,
        settings=settings,
        num_equal=num_equal,
        pairs=pairs,
        headline=headline_of(table, pairs),
        notes=notes_of(table, pairs),
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
        if type_of(run.config.task).says != type_of(first.config.task).says:
            raise InputError(
                message("These runs answer different questions: one in words, the other not, or of another goal."),
                f"{first.name}, {run.name}",
                message("Choose runs of one goal."),
            )
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


def _group(
    group: RunGroup,
    side: Side,
    rows: ComparedRows,
    answers: Sequence[Answers],
    histories: Mapping[Path, History],
) -> ComparedGroup:
    own = [rows.drawn.figures(run) for run in side.runs]
    figures = {
        name: figure_of([one[name] for one in own], name, side, rows) for name in own[0] if name not in _LEFT_OUT
    }
    return with_costs(group, figures, histories, answers[side.runs[0]].split, len(answers[side.runs[0]]))


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
        table.append(with_costs(group, figures, histories, "validation"))
    headline = message("Invented texts are neither right nor wrong: each run's own meters stand beside each other.")
    return Comparison(tuple(table), settings, num_equal, (), headline)


def _meters(history: History) -> dict[str, float]:
    told = history.evaluations.get("validation", [])
    at_best = [one for one in told if history.best is not None and one.step == history.best.step]
    return dict((at_best or told)[-1].metrics) if told else {}


def _spread(name: str, values: Sequence[float]) -> ComparedFigure:
    return with_ends(name, values, float(mean_half_width(values)), "seeds" if len(values) > 1 else "")
