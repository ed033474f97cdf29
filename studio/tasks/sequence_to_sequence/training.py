"""The training page of runs that translate or summarise."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.config.tasks.sequence_to_sequence import SequenceToSequence
from engine.events import RunStarted
from engine.messages import Message, message
from engine.runs.history import History
from studio.plots.charts.panel import Panel, Trace
from studio.tasks.judgement import MODEL
from studio.tasks.measures import LOSS, SPLIT, TRAINING_LOSS, Measure, chosen
from studio.tasks.sequence_to_sequence.verdict import ended, running
from studio.tasks.training_view import Phases, TrainingView
from studio.theme import tokens
from studio.translation import tr

BLEU, CHRF = Measure("bleu", "s1"), Measure("chrf", "s2")
ROUGE_1, ROUGE_2, ROUGE_L = Measure("rouge_1", "s3"), Measure("rouge_2", "s4"), Measure("rouge_l", "s5")
EXACT, PERPLEXITY = Measure("em", "s1"), Measure("perplexity", "s1")


def _quality_caption(started: RunStarted, config: RunConfig) -> Message:
    assert isinstance(config.task, SequenceToSequence)
    count = min(config.task.validation_rows, started.rows.get(SPLIT, 0))
    return message("validation, {count:plural:text:texts} written word by word (greedy)", count=count)


def _panels(history: History, config: RunConfig) -> list[Panel]:
    """BLEU and chrF go to 100, ROUGE and exact matches are shares, perplexity has no end."""
    del config
    return [
        Panel("translation", tr("BLEU and chrF"), _traces(history, BLEU, CHRF), stretch=3),
        Panel(
            "rouge",
            tr("ROUGE and exact matches"),
            _traces(history, ROUGE_1, ROUGE_2, ROUGE_L, EXACT),
            is_share=True,
            stretch=2,
        ),
        Panel("perplexity", tr("Perplexity"), _traces(history, PERPLEXITY), can_be_log=True, stretch=2),
    ]


def _traces(history: History, *measures: Measure) -> tuple[Trace, ...]:
    return tuple(Trace(one.key, one.name(), one.color(tokens()), *history.metric(one.key, SPLIT)) for one in measures)


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
    loss_caption=message("how surprised it is by each right word; lower is better"),
    quality_caption=_quality_caption,
    probes_caption=lambda step: message("step {step}", step=step),
    curves=lambda config: (BLEU, CHRF),
    tiles=lambda config: (BLEU, CHRF),
    followed=chosen,
    compared=lambda config: ("bleu", "chrf", "rouge_l", "perplexity", LOSS.key, TRAINING_LOSS),
    panels=_panels,
    running=running,
    ended=ended,
)
