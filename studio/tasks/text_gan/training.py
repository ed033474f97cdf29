"""The training page of a text GAN's runs."""

from __future__ import annotations

from engine.messages import message
from engine.metrics.registry import METRICS
from studio.tasks.judgement import CRITIC, PRETRAINING, WRITER
from studio.tasks.measures import CRITIC_PRECISION, CRITIC_RECALL, DISTINCT, REACH, SELF_BLEU, chosen
from studio.tasks.text_gan.panels import panels
from studio.tasks.text_gan.verdict import ended, running
from studio.tasks.training_view import Phases, TrainingView

TRAINING = TrainingView(
    players=(CRITIC, WRITER),
    learner=WRITER,
    player_names={PRETRAINING: message("rehearsal"), CRITIC: message("critic"), WRITER: message("writer")},
    player_colors={PRETRAINING: "s3", CRITIC: "s4"},
    # of a GAN the loss on validation is the writer's, a token, as in the rehearsal
    validation_name=METRICS["nll_gen"].title,
    phases=Phases(
        before=message("Rehearsal"),
        task=message("The game"),
        turn=message("the game begins"),
        end=message("rehearsal ends"),
    ),
    loss_caption=message("writer and critic pull against each other: neither has to fall"),
    quality_title=message("Variety and critic"),
    quality_caption=lambda started, config: message("of the invented texts; dashed: real text"),
    probes_caption=lambda step: message("how the critic reads real texts, step {step}", step=step),
    curves=lambda config: (SELF_BLEU, DISTINCT, CRITIC_PRECISION, CRITIC_RECALL),
    tiles=lambda config: (DISTINCT, REACH),
    followed=chosen,
    compared=lambda config: (REACH.key, DISTINCT.key, SELF_BLEU.key, "nll_gen"),
    panels=panels,
    running=running,
    ended=ended,
)
