"""Write text: a language model tells how likely each next token is, and so writes on whatever is begun."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from engine.config.adversary import NoAdversary
from engine.config.choice import setting
from engine.config.data import DataConfig
from engine.config.language_models import PretrainedCausal
from engine.config.model import Model
from engine.config.pretraining import NoPretraining
from engine.config.roles import TEXT
from engine.config.tasks.task_type import Ability, Misfit, TaskSpec, TaskType
from engine.config.training import TrainingConfig
from engine.messages import message


class LanguageModelling(TaskSpec):
    """Write text like yours: it learns to tell the next word, or piece of one, from those before it."""

    model_config = ConfigDict(title="Write text")
    name: Literal["language-model"] = "language-model"
    measured_tokens: int = setting(
        100_000,
        ge=1000,
        le=100_000_000,
        title="Tokens for measuring",
        help="While it learns, at most so many tokens of the validation texts are measured; the final test reads all.",
    )

    @property
    def validated(self) -> tuple[str, ...]:
        return ("perplexity", "bits_per_character")


def _misfit(task: LanguageModelling, model: Model, training: TrainingConfig, data: DataConfig | None) -> Misfit | None:
    del task, data
    if not isinstance(training.adversary, NoAdversary):
        advice = message(
            "A language model is trained without an adversary: choose none (training.adversary.name=none)."
        )
        return Misfit("training.adversary", advice)
    if not isinstance(training.pretraining, NoPretraining):
        advice = message(
            "Guessing the next word is what this goal is about: nothing comes before it "
            "(training.pretraining.name=none)."
        )
        return Misfit("training.pretraining", advice)
    if isinstance(model, PretrainedCausal) and model.adaptation.name == "head":
        advice = message(
            "A language model's head is its word vectors: let small matrices, the last layers or all of it learn "
            "(model.adaptation.name=lora)."
        )
        return Misfit("model.adaptation", advice)
    return None


LANGUAGE_MODEL: TaskType[LanguageModelling] = TaskType(
    spec=LanguageModelling,
    roles=(TEXT,),
    abilities=frozenset[Ability](("write on", "evaluate", "export")),
    model_names=frozenset(("n-gram", "recurrent-lm", "transformer-lm", "pretrained-causal")),
    misfit=_misfit,
    measures_repeats=True,
)
