"""Find answers: a question and a passage in, the piece of the passage that answers it out."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from engine.config.adversary import NoAdversary
from engine.config.choice import setting
from engine.config.data import DataConfig
from engine.config.model import Model
from engine.config.pretraining import NoPretraining
from engine.config.roles import ANSWER, CONTEXT, QUESTION
from engine.config.tasks.task_type import Ability, Misfit, TaskSpec, TaskType
from engine.config.training import TrainingConfig
from engine.messages import message

LEAST_LENGTH = 32
"""Tokens of a question and a piece of its passage at least."""


class QuestionAnswering(TaskSpec):
    """Find the answer to a question in a passage, or say that it holds none."""

    model_config = ConfigDict(title="Find answers")
    name: Literal["question-answering"] = "question-answering"
    stride: int = setting(
        64,
        ge=1,
        le=4096,
        title="Overlap",
        help="A passage too long to be read at once is read in pieces, which share so many tokens.",
    )
    max_answer_tokens: int = setting(
        24, ge=1, le=512, title="Longest answer", help="An answer has no more tokens than this."
    )
    validation_rows: int = setting(
        1000,
        ge=20,
        le=1_000_000,
        title="Questions at a look",
        help="At most so many validation questions are answered at each evaluation, evenly drawn.",
    )

    @property
    def validated(self) -> tuple[str, ...]:
        return ("f1", "em")


def _misfit(task: QuestionAnswering, model: Model, training: TrainingConfig, data: DataConfig | None) -> Misfit | None:
    del task, model
    if not isinstance(training.adversary, NoAdversary):
        return Misfit(
            "training.adversary",
            message("Finding answers knows no adversary: choose none (training.adversary.name=none)."),
        )
    if not isinstance(training.pretraining, NoPretraining):
        return Misfit(
            "training.pretraining",
            message("Nothing comes before finding answers: choose none (training.pretraining.name=none)."),
        )
    if data is not None and data.max_length < LEAST_LENGTH:
        return Misfit(
            "data.max_length",
            message("A question and a piece of its passage need {least} tokens or more.", least=LEAST_LENGTH),
        )
    return None


QUESTION_ANSWERING: TaskType[QuestionAnswering] = TaskType(
    spec=QuestionAnswering,
    roles=(QUESTION, CONTEXT, ANSWER),
    abilities=frozenset[Ability](("answer questions", "evaluate", "export")),
    model_names=frozenset(("bidaf", "pretrained-reader")),
    misfit=_misfit,
)
