"""Sort texts: as a goal, and the pages of its runs."""

from __future__ import annotations

from engine.messages import message
from studio.tasks.task_view import GoalCard, HomeCard, TaskView

CLASSIFICATION = TaskView(
    name="classification",
    goal=GoalCard(
        title=message("Sort texts"),
        purpose=message(
            "Give every text one of your labels, several, or a number: a topic, a mood, spam or not, stars. "
            "Shows precision and recall, and which words decide."
        ),
        example=(message("“My parcel is two weeks late”"), message("Delivery")),
        home=HomeCard("ph.tag", message("Give every text one of your labels"), "s1"),
    ),
    recipe="attention",
    stages=("training", "evaluation", "attention", "try", "export"),
    result_page="evaluation",
)
