"""RunSummary: what a list says of a run in one row: its state in words, its curve, its leading figures."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engine.errors import AttuneError, InputError
from engine.metrics.registry import metric_of
from engine.runs.history import History
from engine.runs.labelling import Labelling
from engine.runs.run_facts import OtherVersion
from engine.runs.run_maintenance import Marks
from engine.runs.study import Study
from studio.numbers import duration, percent
from studio.translation import tr, words
from studio.widgets.pill import PillKind
from studio.widgets.run_question import RunQuestion, labels_told, question_of
from studio.widgets.search_summary import summarize_search

if TYPE_CHECKING:  # the choices load after the first paint
    from engine.config.run import RunConfig

SPLIT = "validation"
DAMAGED = "damaged"
"""The state of a run that cannot be opened; `damage` of its entry says why."""

_CURVES = ("precision", "accuracy", "f1", "distinct_2", "r2")
_SAID_FIRST = ("precision", "mae", "reverse_perplexity")
"""What is said of a run in a list, whatever chooses its best checkpoint."""
_KINDS: dict[str, PillKind] = {
    "running": "accent",
    "labelling": "accent",
    "paused": "warn",
    "interrupted": "warn",
    "finished": "ok",
    "stopped": "ok",
    "failed": "bad",
    "damaged": "bad",
}


class Entry(Protocol):
    """What a run book's entries offer."""

    @property
    def path(self) -> Path: ...
    @property
    def config(self) -> RunConfig: ...
    @property
    def history(self) -> History: ...

    name: str
    created: float
    state: str


@dataclass(frozen=True)
class RunSummary:
    """`share` of the training that is done; `precision` and `recall` are those of the best checkpoint, nan without;
    `question` is None before the journal is read."""

    path: Path
    name: str
    state: str
    created: float
    words: str
    data: str = ""
    share: float = math.nan
    precision: float = math.nan
    recall: float = math.nan
    steps: np.ndarray = field(default_factory=lambda: np.empty(0))
    values: np.ndarray = field(default_factory=lambda: np.empty(0))
    marks: Marks = field(default_factory=Marks)
    question: RunQuestion | None = None

    @property
    def kind(self) -> PillKind:
        return pill_of(self.state)


def pill_of(state: str) -> PillKind:
    """Which of the pill's kinds a run's state has."""
    return _KINDS.get(state, "plain")


def state_word(state: str) -> str:
    """A run's state in one word."""
    return {
        "new": tr("not started"),
        "running": tr("training"),
        "paused": tr("paused"),
        "interrupted": tr("interrupted"),
        "finished": tr("done"),
        "stopped": tr("stopped"),
        "failed": tr("failed"),
        "model": tr("opened model"),
        "damaged": tr("damaged"),
        "labelling": tr("labelling"),
    }.get(state, state)


def bare(entry: Entry) -> RunSummary:
    """What is known without reading the run's journal."""
    damage: InputError | None = getattr(entry, "damage", None)
    if damage is not None:
        return damaged(entry, damage)
    found = RunSummary(entry.path, entry.name, entry.state, entry.created, state_word(entry.state))
    return called_as_now(found, entry)


def damaged(entry: Entry, error: AttuneError) -> RunSummary:
    """Of a run that cannot be opened: why not."""
    what = words(error.what).rstrip(".。")
    told = what
    if not isinstance(error, OtherVersion):
        told = tr("{state} · {detail}", state=state_word(DAMAGED), detail=what)
    return called_as_now(RunSummary(entry.path, entry.name, DAMAGED, entry.created, told), entry)


def called_as_now(summary: RunSummary, entry: Entry) -> RunSummary:
    """The summary with the name, star, tags and note that the run has now."""
    marks = getattr(entry, "marks", summary.marks)
    if (summary.name, summary.marks) == (entry.name, marks):
        return summary
    return replace(summary, name=entry.name, marks=marks)


def summarize(entry: Entry) -> RunSummary:
    """Everything, from the run's history and config, or from a study's table."""
    if entry.state == DAMAGED:
        return bare(entry)
    labelling: Labelling | None = getattr(entry, "labelling", None)
    if labelling is not None:
        return called_as_now(_summarize_labelling(entry, labelling), entry)
    study = getattr(entry, "study", None)
    if study is None:
        return called_as_now(_summarize_run(entry), entry)
    summary = _summarize_search(entry, study) if study.kind == "search" else _summarize_study(entry, study)
    return called_as_now(summary, entry)


def _summarize_run(entry: Entry) -> RunSummary:
    history, best = entry.history, best_metrics(entry.history)
    steps, values = _curve(history)
    return RunSummary(
        path=entry.path,
        name=entry.name,
        state=entry.state,
        created=entry.created,
        words=_in_words(entry, best),
        data=_data(entry),
        share=_share(entry),
        precision=best.get("precision", math.nan),
        recall=best.get("recall", math.nan),
        steps=steps,
        values=values,
        question=_question(entry),
    )


def _summarize_study(entry: Entry, study: Study) -> RunSummary:
    """Its curve is the best F1 of the runs that are done, in the order in which they were trained."""
    table, count = study.last_table, study.num_runs
    rows = table.get("table", [])
    done = sum(state in ("finished", "failed") for row in rows for state in row["states"])
    best = np.maximum.accumulate(np.array(_f1_in_order(table), dtype=np.float64))
    place = tr("{done} of {count:plural:run:runs}", done=done, count=count)
    if entry.state == "finished":
        place = tr("{count:plural:run:runs}", count=count)
    kind = tr("best model") if study.kind == "best" else tr("ablation")
    state = kind if entry.state == "running" else state_word(entry.state)
    return RunSummary(
        path=entry.path,
        name=entry.name,
        state=entry.state,
        created=entry.created,
        words=tr("{state} · {detail}", state=state, detail=place),
        data=_data(entry),
        share=done / count if count else math.nan,
        steps=np.arange(len(best), dtype=np.float64),
        values=best,
        question=question_of(entry.config, _labels_of(study)),
    )


def _summarize_search(entry: Entry, study: Study) -> RunSummary:
    standing = getattr(entry, "standing", None)
    found = summarize_search(study, standing.report if standing is not None else None, entry.state)
    state = tr("search") if entry.state in ("running", "finished") else state_word(entry.state)
    told = tr("{state} · {detail}", state=state, detail=found.place) if found.place else state
    return RunSummary(
        path=entry.path,
        name=entry.name,
        state=entry.state,
        created=entry.created,
        words=found.place if entry.state == "running" and found.place else told,
        data=_data(entry),
        share=found.share,
        steps=np.arange(len(found.best), dtype=np.float64),
        values=found.best,
        question=question_of(entry.config, _labels_of(study)),
    )


def _summarize_labelling(entry: Entry, project: Labelling) -> RunSummary:
    """Its curve is the accuracy on check texts, as the model last measured it."""
    total, source = project.num_texts, Path(project.source).name or project.source
    labels = project.journal().labels
    done, measured = len(labels.given), project.last_measured()
    curve = measured.get("curve") or {}
    place = tr("{done} of {total}", done=done, total=total)
    return RunSummary(
        path=entry.path,
        name=entry.name,
        state=entry.state,
        created=entry.created,
        words=tr("{state} · {detail}", state=state_word(entry.state), detail=place),
        data=tr("{name}, {rows:plural:row:rows}", name=source, rows=total),
        share=done / total if total else math.nan,
        steps=np.array(curve.get("labels", []), dtype=np.float64),
        values=np.array(curve.get("accuracy", []), dtype=np.float64),
    )


def _question(entry: Entry) -> RunQuestion | None:
    if entry.state == "model":
        return None
    started = entry.history.started
    return question_of(entry.config, started.labels if started is not None else None)


def _labels_of(study: Study) -> list[str] | None:
    """Its runs differ in other things."""
    begun = next((member.run for member in study.members if member.run is not None), None)
    return labels_told(begun.journal) if begun is not None else None


def _f1_in_order(table: dict[str, Any]) -> list[float]:
    by_run = {
        (seed, place): value
        for place, row in enumerate(table.get("table", []))
        for seed, value in zip(row["seeds"], row["figures"].get("f1", {"values": []})["values"], strict=False)
    }
    return [value for _, value in sorted(by_run.items())]


def best_metrics(history: History) -> dict[str, float]:
    """The validation metrics of the best checkpoint, else the newest; empty before the first evaluation."""
    found = history.evaluations.get(SPLIT, [])
    if not found:
        return {}
    at_best = [one for one in found if history.best is not None and one.step == history.best.step]
    return (at_best or found)[-1].metrics


def _curve(history: History) -> tuple[np.ndarray, np.ndarray]:
    """Rising is better: precision where there is one, a writer's variety, of numbers the explained share; else
    what chooses the best checkpoint, or the falling loss turned over."""
    for name in _CURVES:
        steps, values = history.metric(name, SPLIT)
        if len(steps):
            return steps, values
    if history.best is not None and not metric_of(history.best.metric).lower_is_better:
        return history.metric(history.best.metric, SPLIT)
    steps, values = history.metric("loss", SPLIT)
    return steps, -values


def _share(entry: Entry) -> float:
    started, progress = entry.history.started, entry.history.progress
    total = progress.total_steps if progress else started.total_steps if started else 0
    return entry.history.last_step / total if total else math.nan


def _data(entry: Entry) -> str:
    if entry.state == "model":
        return str(entry.path.parent)
    source = entry.config.data.train
    rows = entry.history.started.rows.get("train", 0) if entry.history.started else 0
    if source == "builtin":
        topics = {
            "messages": tr("built-in messages"),
            "captions": tr("built-in captions"),
            "manuals": tr("built-in manuals"),
            "dates": tr("built-in dates"),
            "stories": tr("built-in stories"),
            "dialogues": tr("built-in dialogues"),
        }
        name = topics.get(entry.config.data.builtin.topic, tr("built-in reviews"))
    else:
        first = source if isinstance(source, str) else source[0]
        name = Path(first).name or first
    return tr("{name}, {rows:plural:row:rows}", name=name, rows=rows) if rows else name


def _in_words(entry: Entry, best: dict[str, float]) -> str:
    history, word = entry.history, state_word(entry.state)
    if entry.state == "running":
        return _running_words(history, is_even=_reads_evenly(entry.config))
    if entry.state in ("paused", "interrupted") and history.last_step:
        return tr("{state} at step {step}", state=word, step=history.last_step)
    if entry.state == "failed" and history.failure:
        return tr("{state} · {detail}", state=word, detail=words(history.failure.what).rstrip(".。"))
    judged = () if history.best is None else (history.best.metric,)
    for key in (*_SAID_FIRST, *judged):
        if key in best and key != "loss":
            told = {"metric": words(metric_of(key).title), "value": _short(key, best[key])}
            return tr("{state} · {metric} {value}", state=word, **told)
    return word


def _short(key: str, value: float) -> str:
    return percent(value) if metric_of(key).is_share else f"{value:.3g}"


def _reads_evenly(config: RunConfig) -> bool:
    """Whether every step reads as much: only then do steps make epochs."""
    return not config.training.pretraining.steps and config.training.accumulation.name == "fixed"


def _running_words(history: History, *, is_even: bool) -> str:
    started, progress = history.started, history.progress
    if started is None:
        return tr("getting ready")
    if progress is None:
        return tr("the first steps")
    epochs = math.ceil(progress.total_steps / started.steps_per_epoch - 1e-9) if started.steps_per_epoch else 1
    if epochs > 1 and is_even:
        place = tr("epoch {now} of {all}", now=min(epochs, int(progress.epoch) + 1), all=epochs)
    else:
        place = tr("step {step} of {total}", step=progress.step, total=progress.total_steps)
    if not math.isfinite(progress.seconds_left):
        return place
    return tr("{place} · {time} left", place=place, time=duration(progress.seconds_left))
