"""The training page of runs that chat."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.events import RunStarted
from engine.messages import Message, message
from engine.runs.history import History
from studio.plots.charts.panel import Panel, Trace
from studio.tasks.chat.verdict import ended, running
from studio.tasks.judgement import MODEL
from studio.tasks.measures import LOSS, SPLIT, TRAINING_LOSS, Measure, chosen
from studio.tasks.training_view import Phases, TrainingView
from studio.theme import tokens
from studio.translation import tr

PERPLEXITY = Measure("perplexity", "s1")


def _quality_caption(started: RunStarted, config: RunConfig) -> Message:
    del config
    return message(
        "of the answers in {count:plural:unseen dialogue:unseen dialogues}; lower is better",
        count=started.rows.get(SPLIT, 0),
    )


def _panels(history: History, config: RunConfig) -> list[Panel]:
    del config
    curve = history.metric(PERPLEXITY.key, SPLIT)
    trace = Trace(PERPLEXITY.key, PERPLEXITY.name(), PERPLEXITY.color(tokens()), *curve)
    return [Panel("perplexity", tr("Perplexity of unseen answers"), (trace,), stretch=3)]


TRAINING = TrainingView(
    players=(MODEL,),
    learner=MODEL,
    player_names={MODEL: message("train")},
    player_colors={},
    validation_name=message("validation"),
    phases=Phases(
        before=message("Learning"), task=message("Learning"), turn=message("it learns"), end=message("it learns")
    ),
    loss_caption=message("how surprised it is by a token of an answer; lower is better"),
    quality_title=message("Perplexity"),
    quality_caption=_quality_caption,
    probes_caption=lambda step: message("held-out dialogues, step {step}", step=step),
    curves=lambda config: (PERPLEXITY,),
    tiles=lambda config: (PERPLEXITY, LOSS),
    followed=chosen,
    compared=lambda config: (PERPLEXITY.key, LOSS.key, TRAINING_LOSS),
    panels=_panels,
    running=running,
    ended=ended,
)
