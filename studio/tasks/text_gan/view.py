"""Invent texts: as a goal, and the pages of its runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.messages import message
from studio.tasks.task_view import GoalCard, HomeCard, TaskView

if TYPE_CHECKING:
    from studio.tasks.training_view import TrainingView
    from studio.tasks.wizard_view import WizardView


def _training() -> TrainingView:
    from studio.tasks.text_gan.training import TRAINING

    return TRAINING


def _wizard() -> WizardView:
    from studio.tasks.text_gan.wizard import WIZARD

    return WIZARD


TEXT_GAN = TaskView(
    name="text-gan",
    goal=GoalCard(
        title=message("Invent texts"),
        purpose=message(
            "A writer learns to invent texts like yours from a critic that learns to tell them from real ones (a "
            "text GAN). No labels needed. Shows how varied its texts are beside real ones."
        ),
        example=(message("10,000 captions"), message("“a man riding a wave”")),
        home=HomeCard("ph.magic-wand", message("A writer learns from a critic (a text GAN)"), "s2"),
    ),
    recipe="text-gan",
    stages=("training", "attention", "samples"),
    result_page="samples",
    load_training=_training,
    load_wizard=_wizard,
    has_builtin_source=True,
)
