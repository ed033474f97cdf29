"""Translate or summarise: as a goal, and the pages of its runs."""

from __future__ import annotations

from engine.messages import message
from studio.tasks.task_view import GoalCard, HomeCard, TaskView

SEQUENCE_TO_SEQUENCE = TaskView(
    name="sequence-to-sequence",
    goal=GoalCard(
        title=message("Translate or summarise"),
        purpose=message(
            "Write a text for each of yours: a translation, a summary, the same in another form. It learns from pairs "
            "of texts, and shows which word comes from where."
        ),
        example=(message("“Das Mädchen malt eine Sonne.”"), message("“The girl draws a sun.”")),
        home=HomeCard("ph.translate", message("Write a text for each of yours"), "s3"),
    ),
    recipe="translate-attention",
    stages=("training", "scores", "translate", "export"),
    result_page="translate",
    has_builtin_source=True,
)
