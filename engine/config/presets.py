"""Quick look, balanced, best: three sizes of training, as changes to a config; and a rate that suits what learns."""

from __future__ import annotations

from typing import Literal

from engine.config.pretrained import Adaptation, Pretrained
from engine.config.pretraining import LanguageModelPretraining, Pretraining
from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of

Preset = Literal["quick", "balanced", "best"]
PRESETS: tuple[Preset, ...] = ("quick", "balanced", "best")

ADAPTATION_RATES = {"whole": 1e-4, "last-layers": 2e-4, "lora": 1e-3, "head": 2e-3}
"""The less of an encoder learns, the larger the steps that it bears, and needs (Hu 2021, table 11)."""

_STEPS = {"quick": 0.25, "balanced": 1.0, "best": 2.5}
_PATIENCE = {"quick": None, "balanced": 6, "best": 10}
_NUM_EVALUATIONS = {"quick": 6, "balanced": 12, "best": 20}


def with_preset(config: RunConfig, recipe: RunConfig, preset: Preset) -> RunConfig:
    """`config` with the training length of `preset`, measured in the updates of `recipe` (the balanced size).

    What comes before the task keeps its share of the updates. A text GAN is ended by its guard, not by patience, and is
    measured in its balanced size as often as its recipe says.
    """
    training = config.training
    steps = max(20, round(recipe.training.max_steps * _STEPS[preset]))
    every, patience = max(1, steps // _NUM_EVALUATIONS[preset]), _PATIENCE[preset]
    if not type_of(config.task).has_patience:
        every, patience = (recipe.training.evaluate_every if preset == "balanced" else every), None
    changes = {
        "max_steps": steps,
        "evaluate_every": every,
        "best": training.best.model_copy(update={"patience": patience}),
        "pretraining": _pretraining_for(config, recipe, steps),
    }
    return config.model_copy(update={"training": training.model_copy(update=changes)})


def _pretraining_for(config: RunConfig, recipe: RunConfig, steps: int) -> Pretraining:
    """The share of the updates is the recipe's, else the config's own."""
    mine = config.training.pretraining
    if not isinstance(mine, LanguageModelPretraining):
        return mine
    like = recipe.training if recipe.training.pretraining.steps else config.training
    share = min(0.9, like.pretraining.steps / like.max_steps)
    return mine.model_copy(update={"steps": max(1, round(share * steps))})


def with_adaptation(config: RunConfig, adaptation: Adaptation) -> RunConfig:
    """`config` with another part of its encoder learning, at the rate that suits it; a rate of one's own stays."""
    assert isinstance(config.model, Pretrained)
    usual = ADAPTATION_RATES[config.model.adaptation.name]
    model = config.model.model_copy(update={"adaptation": adaptation})
    optimizer, training = config.training.optimizer, config.training
    if optimizer.learning_rate == usual:
        optimizer = optimizer.model_copy(update={"learning_rate": ADAPTATION_RATES[adaptation.name]})
    return config.model_copy(update={"model": model, "training": training.model_copy(update={"optimizer": optimizer})})
