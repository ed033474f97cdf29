"""Find answers: as a goal, and the pages of its runs."""

from __future__ import annotations

from engine.messages import message
from studio.tasks.task_view import GoalCard, HomeCard, TaskView

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
    has_builtin_source=True,
)
