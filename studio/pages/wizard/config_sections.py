"""Parts of a config as forms need them: the model of a classifier alone, and a text GAN's length in its two halves."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from engine.config.choice import Choice, setting
from engine.config.classifiers import Recurrent
from engine.config.model import Classifier
from engine.config.pretraining import LanguageModelPretraining, NoPretraining, Pretraining
from engine.config.run import RunConfig
from engine.config.training import TrainingConfig
from engine.messages import message

_REHEARSAL = message("Rehearsal")
_REHEARSAL_HELP = message("Updates in which the writer learns to guess the next word. 0: the game begins at once.")
_GAME = message("The game")
_GAME_HELP = message("Updates of the writer in its game with the critic.")


class ClassifierPart(Choice):
    """What sorts texts."""

    model_config = ConfigDict(title="Model")
    model: Annotated[Classifier, Field(discriminator="name")] = setting(Recurrent(), title="Model", help="What learns.")


class GameLength(Choice):
    """How long a text GAN rehearses and plays, and how much it reads at once."""

    model_config = ConfigDict(title="Training")
    rehearsal: int = setting(300, ge=0, le=1_000_000, title=_REHEARSAL.id, help=_REHEARSAL_HELP.id)
    game: int = setting(300, ge=1, le=1_000_000, title=_GAME.id, help=_GAME_HELP.id)
    micro_batch_size: int = setting(32, ge=1, le=4096, title="Micro-batch", help="Texts that are read at once.")


def length_of(config: RunConfig) -> GameLength:
    training = config.training
    before = training.pretraining.steps
    return GameLength(
        rehearsal=before, game=max(1, training.max_steps - before), micro_batch_size=training.micro_batch_size
    )


def with_length_of_game(training: TrainingConfig, length: GameLength) -> TrainingConfig:
    """The same training, so long; the rehearsal's optimizer and schedule stay."""
    return training.model_copy(
        update={
            "max_steps": length.rehearsal + length.game,
            "micro_batch_size": length.micro_batch_size,
            "pretraining": _rehearsing(training.pretraining, length.rehearsal),
        }
    )


def rehearsal_of(config: RunConfig) -> LanguageModelPretraining:
    """How it rehearses, or would."""
    before = config.training.pretraining
    return before if isinstance(before, LanguageModelPretraining) else LanguageModelPretraining()


def _rehearsing(before: Pretraining, steps: int) -> Pretraining:
    if steps == 0:
        return NoPretraining()
    if isinstance(before, LanguageModelPretraining):
        return before.model_copy(update={"steps": steps})
    return LanguageModelPretraining(steps=steps)
