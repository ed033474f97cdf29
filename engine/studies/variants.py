"""The variants of an ablation: the plain network, each part alone on top of it, and all parts together.

Every variant reads the same number of texts: with k micro-batches an update, accumulation makes k times fewer updates
of a k times larger batch. The learning rate is the same in all of them, so that a variant differs in its part alone;
warm-up, schedule, evaluations and patience are shares of the run or counted in evaluations, and so stand at the same
texts everywhere. Where the number of micro-batches is found while it trains, no number of updates is known beforehand
to read as many texts: the updates are the same then, and more texts are read (the report's `texts` says how many).
Pre-training on unlabelled text is none of the parts: every variant lacks it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.config.accumulation import FixedAccumulation
from engine.config.adversary import FGM, NoAdversary
from engine.config.classifiers import AdditiveAttention, Recurrent
from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of
from engine.errors import InputError
from engine.messages import Message, message
from engine.runs.study import Study, Variant

USUAL_ACCUMULATION = 4
"""Micro-batches of an update where the given config has only one."""

MOST_SEEDS = 100
_CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
_WITHOUT_ATTENTION = ("last", "max", "mean")


def create_ablation(config: RunConfig, folder: Path, num_seeds: int, name: str | None = None) -> Study:
    """A new study's folder: `ablation_variants` of the config, each with `num_seeds` seeds from the config's own on.
    Raises InputError for a config that cannot be taken apart, and for a name that is taken."""
    if not 1 <= num_seeds <= MOST_SEEDS:
        raise InputError(
            message("A study cannot have {count:plural:seed:seeds}.", count=num_seeds),
            "seeds",
            message("Give a number from 1 to {most}; three is a good beginning.", most=MOST_SEEDS),
        )
    seeds = [config.seed + number for number in range(num_seeds)]
    return Study.create("ablation", config, ablation_variants(config), seeds, folder, name)


def ablation_variants(config: RunConfig) -> tuple[Variant, ...]:
    """The plain network, + attention, + accumulation, + adversary, all three. A part that the config lacks is additive
    attention, `USUAL_ACCUMULATION` micro-batches, or FGM. Raises InputError for what cannot be taken apart."""
    refuse_unfit(config)
    assert isinstance(config.model, Recurrent)
    parts = _parts(config)
    plain = _plain(config)
    titles: Mapping[str, Message] = {
        config.model.cell: message("{cell} alone", cell=_CELLS[config.model.cell]),
        "attention": message("+ attention"),
        "accumulation": message("+ accumulation"),
        "adversary": message("+ adversary"),
        "all": message("All three"),
    }
    together = {key: value for part in parts.values() for key, value in part.items()}
    changes: dict[str, dict[str, Any]] = {config.model.cell: {}, **parts, "all": together}
    return tuple(
        Variant(name, titles[name], plain.with_values(change).model_copy(update={"title": ""}))
        for name, change in changes.items()
    )


def refuse_unfit(config: RunConfig) -> None:
    """Raises InputError, with a word on what to begin with, where the parts cannot be taken out one by one."""
    begin = message("Begin with a recurrent recipe that sorts texts, such as “attention”.")
    if not type_of(config.task).can("ablate") or not config.task.has_classes:
        raise InputError(
            message("An ablation compares precision and recall, so it needs the goal of sorting texts."), "task", begin
        )
    if not isinstance(config.model, Recurrent):
        raise InputError(
            message("This model cannot be tried without its attention: it is made of it, or never had any."),
            "model",
            begin,
        )
    if config.training.adversary.name == "attention":
        raise InputError(
            message("The adversary on the attention cannot be tried alone, without attention."),
            "training.adversary",
            message("Choose an adversary on the word vectors, such as FGM."),
        )


def _parts(config: RunConfig) -> dict[str, dict[str, Any]]:
    """{part: what it changes about the plain config}."""
    assert isinstance(config.model, Recurrent)
    model, training = config.model, config.training
    has_attention = model.pooling.name not in _WITHOUT_ATTENTION
    pooling = model.pooling if has_attention else AdditiveAttention()
    adversary = FGM() if isinstance(training.adversary, NoAdversary) else training.adversary
    return {
        "attention": {"model.pooling": pooling.model_dump(mode="json")},
        "accumulation": _accumulation(config),
        "adversary": {"training.adversary": adversary.model_dump(mode="json")},
    }


def _accumulation(config: RunConfig) -> dict[str, Any]:
    """More micro-batches an update, and so many fewer updates."""
    accumulation, factor = config.training.accumulation, _factor(config)
    plain = _plain(config).training
    if not isinstance(accumulation, FixedAccumulation):
        return {"training.accumulation": accumulation.model_dump(mode="json")}
    every = plain.checkpoint_every
    return {
        "training.accumulation": {"name": "fixed", "steps": factor},
        "training.max_steps": math.ceil(plain.max_steps / factor),
        "training.evaluate_every": math.ceil(plain.evaluate_every / factor),
        "training.checkpoint_every": None if every is None else math.ceil(every / factor),
    }


def _factor(config: RunConfig) -> int:
    """Micro-batches of one update of the accumulating variants, where that is fixed."""
    accumulation = config.training.accumulation
    if not isinstance(accumulation, FixedAccumulation):
        return 1
    return accumulation.steps if accumulation.steps > 1 else USUAL_ACCUMULATION


def _plain(config: RunConfig) -> RunConfig:
    """Without any of the parts, reading as many texts as the config does."""
    training = config.training
    accumulation, every = training.accumulation, training.checkpoint_every
    times = accumulation.steps if isinstance(accumulation, FixedAccumulation) else 1
    return config.with_values(
        {
            "model.pooling": {"name": "last"},
            "training.accumulation": {"name": "fixed", "steps": 1},
            "training.adversary": {"name": "none"},
            "training.pretraining": {"name": "none"},
            "training.max_steps": (training.max_steps - training.pretraining.steps) * times,
            "training.evaluate_every": training.evaluate_every * times,
            "training.checkpoint_every": None if every is None else every * times,
        }
    )
