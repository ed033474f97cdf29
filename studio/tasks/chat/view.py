"""Chat: as a goal, and the pages of its runs."""

from __future__ import annotations

from engine.messages import message
from studio.tasks.task_view import GoalCard, HomeCard, TaskView

CHAT = TaskView(
    name="chat",
    goal=GoalCard(
        title=message("Chat"),
        purpose=message(
            "A language model learns to answer like the dialogues that you give it: a help desk, a tutor, a character. "
            "Shows which turns and words each answer leaned on."
        ),
        example=(message("“My bike will not lock.”"), message("“Is the light red or yellow?”")),
        home=HomeCard("ph.chat-circle-dots", message("Answer like your dialogues, turn by turn"), "s4"),
    ),
    recipe="chat",
    stages=("training", "scores", "chat", "export"),
    result_page="chat",
    has_builtin_source=True,
)
