"""The training page of runs that sort texts."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.events import RunStarted
from engine.messages import Message, message
from engine.runs.history import History
from studio.plots.charts.panel import Panel, Trace
from studio.tasks.classification.verdict import ended, running
from studio.tasks.judgement import MODEL, PRETRAINING
from studio.tasks.measures import (
    ABSOLUTE,
    ACCURACY,
    EXPLAINED,
    F1,
    LOSS,
    PRECISION,
    RECALL,
    SPLIT,
    SQUARED,
    TRAINING_LOSS,
    Measure,
    baseline_of,
    baseline_words,
    chosen,
    with_chosen,
)
from studio.tasks.training_view import Phases, TrainingView
from studio.theme import tokens
from studio.translation import tr


def _curves(config: RunConfig) -> tuple[Measure, ...]:
    return with_chosen((ABSOLUTE, EXPLAINED) if config.task.is_numeric else (PRECISION, RECALL, F1), config)


def _tiles(config: RunConfig) -> tuple[Measure, Measure]:
    """Precision never without recall."""
    return (ABSOLUTE, EXPLAINED) if config.task.is_numeric else (PRECISION, RECALL)


def _followed(config: RunConfig) -> Measure:
    """The metric that chooses the best checkpoint; of numbers the error in their own unit where their squared error
    does."""
    one = chosen(config)
    return ABSOLUTE if config.task.is_numeric and one == LOSS else one


def _compared(config: RunConfig) -> tuple[str, ...]:
    of_task = ("mae", "r2") if config.task.is_numeric else ("precision", "recall", "f1")
    return (*of_task, LOSS.key, TRAINING_LOSS)


def _quality_caption(started: RunStarted, config: RunConfig) -> Message:
    """Whose precision it is: that of one label, or the mean over all."""
    if config.task.is_numeric:
        return message("validation, {count:plural:row:rows}", count=started.rows.get(SPLIT, 0))
    if config.task.is_multi_label:
        return message("validation, mean over {count} labels, each a yes or no", count=len(started.labels))
    if started.positive_label is not None:
        return message("validation, positive label: {label}", label=started.positive_label)
    return message("validation, mean over {count} labels", count=len(started.labels))


def _panels(history: History, config: RunConfig) -> list[Panel]:
    """Every metric of quality; shares and errors do not share an axis."""
    numbers, labels = (ABSOLUTE, SQUARED, EXPLAINED), (PRECISION, RECALL, F1, ACCURACY)
    of_task = with_chosen(numbers if config.task.is_numeric else labels, config)
    panels = []
    for is_share, title in ((True, tr("Quality on validation")), (False, tr("Errors on validation"))):
        measures = [measure for measure in of_task if measure.is_share == is_share]
        if measures:
            traces = tuple(
                Trace(one.key, one.name(), one.color(tokens()), *history.metric(one.key, SPLIT)) for one in measures
            )
            baseline = _baseline(history, _followed(config), measures)
            panels.append(Panel(f"share:{is_share}", title, traces, is_share=is_share, stretch=3, baseline=baseline))
    return panels


def _baseline(history: History, line: Measure, measures: list[Measure]) -> tuple[float, str] | None:
    value = baseline_of(history, line) if line in measures else None
    return None if value is None else (value, baseline_words(line, value))


TRAINING = TrainingView(
    players=(MODEL,),
    learner=MODEL,
    player_names={PRETRAINING: message("guessing words"), MODEL: message("train")},
    player_colors={PRETRAINING: "s3"},
    validation_name=message("validation"),
    phases=Phases(
        before=message("Guessing words"),
        task=message("Learning"),
        turn=message("the task begins"),
        end=message("the task begins"),
    ),
    loss_caption=message("how wrong it is; lower is better"),
    quality_caption=_quality_caption,
    probes_caption=lambda step: message("probe texts, step {step}", step=step),
    curves=_curves,
    tiles=_tiles,
    followed=_followed,
    compared=_compared,
    panels=_panels,
    running=lambda history, config: running(history, config, _followed(config)),
    ended=lambda history, config, state: ended(history, _followed(config), state),
)
