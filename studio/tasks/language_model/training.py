"""The training page of a language model's runs."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.messages import message
from engine.runs.history import History
from studio.plots.charts.panel import Panel, Trace
from studio.tasks.judgement import MODEL
from studio.tasks.language_model.verdict import BITS, PERPLEXITY, ended, running
from studio.tasks.measures import LOSS, SPLIT, TRAINING_LOSS, chosen
from studio.tasks.training_view import Phases, TrainingView
from studio.theme import tokens


def _panels(history: History, config: RunConfig) -> list[Panel]:
    """Always the same ones; what was not measured is an empty trace."""
    del config
    return [
        Panel(
            one.key,
            one.title(),
            (Trace(one.key, one.name(), one.color(tokens()), *history.metric(one.key, SPLIT)),),
            can_be_log=True,
            stretch=stretch,
        )
        for one, stretch in ((PERPLEXITY, 3), (BITS, 2))
    ]


TRAINING = TrainingView(
    players=(MODEL,),
    learner=MODEL,
    player_names={MODEL: message("train")},
    player_colors={},
    validation_name=message("validation"),
    phases=Phases(
        before=message("Before it"),
        task=message("Learning"),
        turn=message("the task begins"),
        end=message("the task begins"),
    ),
    loss_caption=message("surprise a token in nats; lower is better"),
    quality_title=message("Perplexity"),
    quality_caption=lambda started, config: message("among so many tokens it hesitates, on texts that it has not seen"),
    probes_caption=lambda step: message("probe texts, step {step}", step=step),
    curves=lambda config: (PERPLEXITY,),
    tiles=lambda config: (PERPLEXITY, BITS),
    followed=chosen,
    compared=lambda config: (PERPLEXITY.key, BITS.key, LOSS.key, TRAINING_LOSS),
    panels=_panels,
    running=running,
    ended=ended,
)
