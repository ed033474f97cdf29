"""Quick look, balanced, best: three sizes of training, as changes to a config; and a rate that suits what learns."""

from __future__ import annotations

from typing import Literal

from engine.config.pretrained import Adaptation, Pretrained
from engine.config.run import RunConfig

Preset = Literal["quick", "balanced", "best"]
PRESETS: tuple[Preset, ...] = ("quick", "balanced", "best")

ADAPTATION_RATES = {"whole": 1e-4, "last-layers": 2e-4, "lora": 1e-3, "head": 2e-3}
"""The less of an encoder learns, the larger the steps that it bears, and needs (Hu 2021, table 11)."""

_STEPS = {"quick": 0.25, "balanced": 1.0, "best": 2.5}
_PATIENCE = {"quick": None, "balanced": 6, "best": 10}
_NUM_EVALUATIONS = {"quick": 6, "balanced": 12, "best": 20}


def with_preset(config: RunConfig, recipe: RunConfig, preset: Preset) -> RunConfig:
    """`config` with the training length of `preset`, measured in the updates of `recipe` (the balanced size)."""
    steps = max(20, round(recipe.training.max_steps * _STEPS[preset]))
    return config.with_values(
        {
            "training.max_steps": steps,
            "training.evaluate_every": max(1, steps // _NUM_EVALUATIONS[preset]),
            "training.best.patience": _PATIENCE[preset],
        }
    )


def with_adaptation(config: RunConfig, adaptation: Adaptation) -> RunConfig:
    """`config` with another part of its encoder learning, at the rate that suits it; a rate of one's own stays."""
    assert isinstance(config.model, Pretrained)
    usual = ADAPTATION_RATES[config.model.adaptation.name]
    changes: dict[str, object] = {"model.adaptation": adaptation.model_dump(mode="json")}
    if config.training.optimizer.learning_rate == usual:
        changes["training.optimizer.learning_rate"] = ADAPTATION_RATES[adaptation.name]
    return config.with_values(changes)
