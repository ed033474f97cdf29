"""Write text: as a goal, and the pages of its runs."""

from __future__ import annotations

from engine.messages import message
from studio.tasks.task_view import GoalCard, HomeCard, TaskView

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
    has_builtin_source=True,
)
