"""Invent texts: as a goal, and the pages of its runs."""

from __future__ import annotations

from engine.messages import message
from studio.tasks.task_view import GoalCard, HomeCard, TaskView

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
    has_builtin_source=True,
)
