"""What comes before the real task: learning to write on, which needs no labels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.config.choice import Choice, setting
from engine.config.optimizer import AdamW, Optimizer, Schedule, WarmupLinear


class NoPretraining(Choice):
    """Begins with the task at once."""

    model_config = ConfigDict(title="None")
    name: Literal["none"] = "none"

    @property
    def steps(self) -> int:
        """None."""
        return 0


class LanguageModelPretraining(Choice):
    """First learns to guess the next word, on training and unlabelled texts alike (Dai & Le 2015)."""

    model_config = ConfigDict(title="Guess the next word")
    name: Literal["language-model"] = "language-model"
    steps: int = setting(
        300, ge=1, le=10_000_000, title="Updates", help="Updates of this part; they count among all updates."
    )
    optimizer: Optimizer = setting(AdamW(), title="Optimizer", help="How a gradient becomes a step.")
    schedule: Schedule = setting(
        WarmupLinear(), title="Schedule", help="How the learning rate changes over this part of the training."
    )


Pretraining = Annotated[NoPretraining | LanguageModelPretraining, Field(discriminator="name")]
