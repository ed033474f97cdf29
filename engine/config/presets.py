"""Quick look, balanced, best: three sizes of training, as changes to a config."""

from __future__ import annotations

from typing import Literal

from engine.config.run import RunConfig

Preset = Literal["quick", "balanced", "best"]
PRESETS: tuple[Preset, ...] = ("quick", "balanced", "best")

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
