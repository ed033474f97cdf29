"""The config of a trial: the person's own with other values at the settings that are tried, measured by the goal.

Trials read the same number of texts: a trial with a larger batch makes fewer updates (unless the number of updates is
itself tried), so that the evaluations, which are counted to stop weak trials, stand at the same texts everywhere.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Any

from engine.config.accumulation import FixedAccumulation
from engine.config.pretraining import LanguageModelPretraining
from engine.config.run import RunConfig
from engine.config.search import Range, SearchPlan
from engine.errors import InputError
from engine.messages import message

_MOST_TRIES = 200
_COUNTED = ("max_steps", "evaluate_every", "checkpoint_every")
"""Settings that count updates."""


def chosen_config(config: RunConfig, plan: SearchPlan, parameters: Mapping[str, Any]) -> RunConfig:
    """What a person gets: their config with these values. Raises InputError for values that do not go together."""
    goal = plan.goals[0]
    changes: dict[str, Any] = {**parameters, "training.best.metric": goal.key}
    if goal.recall_floor is not None:
        changes["training.best.recall_floor"] = goal.recall_floor
    found = config.with_values(changes)
    share = _batch(config) / _batch(found)
    if share == 1:
        return found
    counts: dict[str, Any] = {f"training.{name}": getattr(found.training, name) for name in _COUNTED}
    if isinstance(found.training.pretraining, LanguageModelPretraining):
        counts["training.pretraining.steps"] = found.training.pretraining.steps
    scaled = {
        path: max(1, math.ceil(value * share))
        for path, value in counts.items()
        if value is not None and path not in parameters
    }
    return found.with_values(scaled)


def trial_config(
    config: RunConfig, plan: SearchPlan, parameters: Mapping[str, Any], *, title: str, seed: int, is_start: bool
) -> RunConfig:
    """The same as a run of the search: little is kept of it beside its curves, and word counting stands beside the
    person's own settings alone. Raises InputError."""
    changes: dict[str, Any] = {
        "title": title,
        "seed": seed,
        "training.keep_checkpoints": 0,
        "training.attacked_rows": 0,
        "training.probe_megabytes": 1,
    }
    if not is_start:
        changes["training.baseline"] = False
    return chosen_config(config, plan, parameters).with_values(changes)


def first_check(config: RunConfig) -> int:
    """The number of the evaluation at which a trial may be stopped for the first time: an eighth of them all."""
    return max(1, num_evaluations(config) // 8)


def checks(config: RunConfig, halving: int) -> tuple[float, ...]:
    """The shares of a whole trial at which weak ones are stopped."""
    count, found = num_evaluations(config), []
    place = first_check(config)
    while place < count:
        found.append(place / count)
        place *= halving
    return tuple(found)


def num_evaluations(config: RunConfig) -> int:
    """Looks at the validation rows in a whole training."""
    return math.ceil(config.training.max_steps / config.training.evaluate_every)


def refuse_no_valid_point(config: RunConfig, plan: SearchPlan) -> None:
    """Raises InputError, with what stands against the last one, where no point of the space can be trained."""
    chance = random.Random(config.seed)
    last: InputError | None = None
    for _ in range(_MOST_TRIES):
        try:
            chosen_config(config, plan, {one.path: _drawn(one, chance) for one in plan.ranges})
            return
        except InputError as error:
            last = error
    assert last is not None
    raise InputError(
        message("No settings of this space go together: {reason}", reason=last.what), last.where, last.mend
    )


def _drawn(one: Range, chance: random.Random) -> Any:
    if one.choices:
        return chance.choice(one.choices)
    assert one.low is not None and one.high is not None
    if one.step:
        return one.low + one.step * chance.randint(0, int((one.high - one.low) / one.step + 1e-9))
    if isinstance(one.low, int) and isinstance(one.high, int):
        return chance.randint(one.low, one.high)
    if one.log:
        return math.exp(chance.uniform(math.log(one.low), math.log(one.high)))
    return chance.uniform(one.low, one.high)


def _batch(config: RunConfig) -> int:
    """Texts of an update, as far as they are known beforehand."""
    accumulation = config.training.accumulation
    times = accumulation.steps if isinstance(accumulation, FixedAccumulation) else 1
    return config.training.micro_batch_size * times
