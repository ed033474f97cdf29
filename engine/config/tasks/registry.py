"""TASK_TYPES: every task by its name; a new one is a file beside this one and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from engine.config.tasks.chat import CHAT
from engine.config.tasks.classification import CLASSIFICATION
from engine.config.tasks.language_model import LANGUAGE_MODEL
from engine.config.tasks.question_answering import QUESTION_ANSWERING
from engine.config.tasks.semi_supervised import SEMI_SUPERVISED
from engine.config.tasks.sequence_to_sequence import SEQUENCE_TO_SEQUENCE
from engine.config.tasks.task_type import TaskSpec, TaskType
from engine.config.tasks.text_gan import TEXT_GAN
from engine.records import TargetKind

TASK_TYPES: Mapping[str, TaskType[Any]] = {
    one.name: one
    for one in (
        CLASSIFICATION,
        SEMI_SUPERVISED,
        TEXT_GAN,
        LANGUAGE_MODEL,
        QUESTION_ANSWERING,
        SEQUENCE_TO_SEQUENCE,
        CHAT,
    )
}

if TYPE_CHECKING:
    Task = TaskSpec
else:
    Task = Annotated[reduce(or_, [one.spec for one in TASK_TYPES.values()]), Field(discriminator="name")]


def type_of(task: TaskSpec) -> TaskType[Any]:
    """The task's type."""
    return TASK_TYPES[task.name]


def target_kind(task: TaskSpec) -> TargetKind:
    """The name of what a text's truth is; where texts have none, that of one label."""
    return "one" if task.target is None else task.target.name
