"""Chat: turns in, the next one out."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from engine.config.adversary import NoAdversary
from engine.config.choice import setting
from engine.config.data import DataConfig
from engine.config.language_models import PretrainedCausal
from engine.config.model import Model
from engine.config.pretraining import LanguageModelPretraining
from engine.config.roles import DIALOGUE
from engine.config.tasks.task_type import Ability, Misfit, TaskSpec, TaskType
from engine.config.training import TrainingConfig
from engine.messages import message


class Chat(TaskSpec):
    """Answer in a dialogue: the model reads the turns so far, instructions included, and learns what is answered."""

    model_config = ConfigDict(title="Chat")
    name: Literal["chat"] = "chat"
    max_new_tokens: int = setting(
        80,
        ge=1,
        le=2048,
        title="Longest answer",
        help="Tokens after which an answer that does not end by itself is cut.",
    )
    num_shown: int = setting(
        4, ge=1, le=20, title="Answers shown", help="Held-out dialogues that it answers at each measurement."
    )

    @property
    def validated(self) -> tuple[str, ...]:
        return ("perplexity",)


def _misfit(task: Chat, model: Model, training: TrainingConfig, data: DataConfig | None) -> Misfit | None:
    if isinstance(model, PretrainedCausal) and model.adaptation.name == "head":
        advice = message(
            "A language model's head is its word vectors: let small matrices, the last layers or all of it learn "
            "(model.adaptation.name=lora)."
        )
        return Misfit("model.adaptation", advice)
    if data is not None and task.max_new_tokens >= data.max_length:
        return Misfit(
            "task.max_new_tokens",
            message(
                "An answer of {answer} tokens leaves nothing of the {limit} that are read for the turns before it.",
                answer=task.max_new_tokens,
                limit=data.max_length,
            ),
        )
    if not isinstance(training.adversary, NoAdversary):
        return Misfit(
            "training.adversary",
            message("There is no adversary for answers in words: choose none (training.adversary.name=none)."),
        )
    if isinstance(training.pretraining, LanguageModelPretraining):
        return Misfit(
            "training.pretraining",
            message("It learns to guess the next word as it is: nothing needs to come before (pretraining none)."),
        )
    return None


CHAT: TaskType[Chat] = TaskType(
    spec=Chat,
    roles=(DIALOGUE,),
    abilities=frozenset[Ability](("chat", "evaluate", "export")),
    model_names=frozenset(("transformer-lm", "recurrent-lm", "pretrained-causal")),
    misfit=_misfit,
)
