"""Sort texts with few labels: as a goal, and the pages of its runs, which are those of any sorting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.messages import message
from studio.tasks.classification.view import CLASSIFICATION
from studio.tasks.task_view import GoalCard

if TYPE_CHECKING:
    from studio.tasks.training_view import TrainingView
    from studio.tasks.wizard_view import WizardView


def _training() -> TrainingView:
    from studio.tasks.semi_supervised.training import TRAINING

    return TRAINING


def _wizard() -> WizardView:
    from studio.tasks.semi_supervised.wizard import WIZARD

    return WIZARD


SEMI_SUPERVISED = replace(
    CLASSIFICATION,
    name="semi-supervised",
    goal=GoalCard(
        title=message("Sort texts with few labels"),
        purpose=message(
            "The same when only some dozens or hundreds of texts have a label: it learns from texts without one as "
            "well, by telling real ones from inventions."
        ),
        example=(message("“You charged my card twice”"), message("Billing")),
    ),
    load_training=_training,
    load_wizard=_wizard,
)
