"""Find answers: as a goal, and the pages of its runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.messages import message
from studio.tasks.task_view import GoalCard, HomeCard, TaskView

if TYPE_CHECKING:
    from studio.tasks.training_view import TrainingView
    from studio.tasks.wizard_view import WizardView


def _training() -> TrainingView:
    from studio.tasks.question_answering.training import TRAINING

    return TRAINING


def _wizard() -> WizardView:
    from studio.tasks.question_answering.wizard import WIZARD

    return WIZARD


QUESTION_ANSWERING = TaskView(
    name="question-answering",
    goal=GoalCard(
        title=message("Find answers"),
        purpose=message(
            "Ask a question about a passage: the model marks the piece that answers it, or says that there is none. "
            "Shows which words of both meet, and which ones made the answer."
        ),
        example=(message("“How often must I wash the filter?”"), message("“once a week”")),
        home=HomeCard("ph.book-open", message("Mark the answer to a question in a passage"), "s3"),
    ),
    recipe="squad-reader",
    stages=("training", "scores", "read", "export"),
    result_page="read",
    load_training=_training,
    load_wizard=_wizard,
    has_builtin_source=True,
)
