"""Write text: as a goal, and the pages of its runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.messages import message
from studio.tasks.task_view import GoalCard, HomeCard, TaskView

if TYPE_CHECKING:
    from studio.tasks.training_view import TrainingView
    from studio.tasks.wizard_view import WizardView


def _training() -> TrainingView:
    from studio.tasks.language_model.training import TRAINING

    return TRAINING


def _wizard() -> WizardView:
    from studio.tasks.language_model.wizard import WIZARD

    return WIZARD


LANGUAGE_MODEL = TaskView(
    name="language-model",
    goal=GoalCard(
        title=message("Write text"),
        purpose=message(
            "It learns to tell the next word from those before it, and writes on whatever you begin. "
            "No labels needed. Shows how sure it is of every word, and how surprising a text is."
        ),
        example=(message("“The lamp in the tower”"), message("“had been dark for three winters”")),
        home=HomeCard("ph.pencil-simple", message("It writes on whatever you begin"), "s3"),
    ),
    recipe="transformer-lm",
    stages=("training", "scores", "write", "export"),
    result_page="write",
    load_training=_training,
    load_wizard=_wizard,
    has_builtin_source=True,
)
