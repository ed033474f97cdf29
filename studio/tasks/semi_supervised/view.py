"""Sort texts with few labels: as a goal, and the pages of its runs, which are those of any sorting."""

from __future__ import annotations

from dataclasses import replace

from engine.messages import message
from studio.tasks.classification.view import CLASSIFICATION
from studio.tasks.task_view import GoalCard

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
)
