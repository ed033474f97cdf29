"""The training page of runs that find answers: F1 and exact match, and the answers to some questions."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.events import RunStarted
from engine.messages import Message, message
from engine.runs.history import History
from studio.plots.charts.panel import Panel, Trace
from studio.tasks.classification.verdict import ended, running
from studio.tasks.judgement import MODEL
from studio.tasks.measures import LOSS, SPLIT, TRAINING_LOSS, Measure, chosen, with_chosen
from studio.tasks.training_view import Phases, TrainingView
from studio.theme import tokens
from studio.translation import tr

EXACT, SHARED = Measure("em", "s1"), Measure("f1", "s3")


def _caption(started: RunStarted, config: RunConfig) -> Message:
    del started, config
    return message("words shared with the right answer (F1), exactly the same (EM)")


def _curves(config: RunConfig) -> tuple[Measure, ...]:
    return with_chosen((SHARED, EXACT), config)


def _panels(history: History, config: RunConfig) -> list[Panel]:
    traces = tuple(
        Trace(one.key, one.name(), one.color(tokens()), *history.metric(one.key, SPLIT)) for one in _curves(config)
    )
    return [Panel("answers", tr("Quality on validation"), traces, is_share=True, stretch=3)]


def _followed(config: RunConfig) -> Measure:
    one = chosen(config)
    return SHARED if one.key == SHARED.key else EXACT if one.key == EXACT.key else one


TRAINING = TrainingView(
    players=(MODEL,),
    learner=MODEL,
    player_names={MODEL: message("train")},
    player_colors={},
    validation_name=message("validation"),
    phases=Phases(
        before=message("Learning"),
        task=message("Learning"),
        turn=message("the task begins"),
        end=message("the task begins"),
    ),
    loss_caption=message("how wrong it is; lower is better"),
    quality_caption=_caption,
    probes_caption=lambda step: message("probe texts, step {step}", step=step),
    curves=_curves,
    tiles=lambda config: (SHARED, EXACT),
    followed=_followed,
    compared=lambda config: (SHARED.key, EXACT.key, LOSS.key, TRAINING_LOSS),
    panels=_panels,
    running=lambda history, config: running(history, config, _followed(config)),
    ended=lambda history, config, state: ended(history, _followed(config), state),
)
