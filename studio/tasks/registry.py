"""VIEWS: what the window knows of every task, by its name; a new one is a folder beside this file and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from studio.tasks.chat.view import CHAT
from studio.tasks.classification.view import CLASSIFICATION
from studio.tasks.language_model.view import LANGUAGE_MODEL
from studio.tasks.question_answering.view import QUESTION_ANSWERING
from studio.tasks.semi_supervised.view import SEMI_SUPERVISED
from studio.tasks.sequence_to_sequence.view import SEQUENCE_TO_SEQUENCE
from studio.tasks.task_view import TaskView
from studio.tasks.text_gan.view import TEXT_GAN

if TYPE_CHECKING:  # the choices load after the first paint
    from engine.config.tasks.task_type import TaskSpec

VIEWS: Mapping[str, TaskView] = {
    one.name: one
    for one in (
        CLASSIFICATION,
        SEMI_SUPERVISED,
        TEXT_GAN,
        QUESTION_ANSWERING,
        SEQUENCE_TO_SEQUENCE,
        LANGUAGE_MODEL,
        CHAT,
    )
}
"""In the order in which they are offered."""

FIRST_GOAL = next(iter(VIEWS))
"""What a new run is about until somebody chooses."""


def view_of(task: TaskSpec) -> TaskView:
    """What the window knows of the task."""
    return VIEWS[task.name]
