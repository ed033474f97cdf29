"""What a config will cost on this machine: parameters, memory and time, measured by a few real steps."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import lru_cache
from typing import Any

import torch

from engine.config.counting import WordCounting
from engine.config.pretrained import Pretrained
from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of
from engine.data.splitting.splits import load_splits
from engine.data.tokens.batches import Batch, BucketedBatches
from engine.models.layers import num_weights
from engine.records import Estimate
from engine.tasks.material import Material, make_tokenizer
from engine.tasks.registry import make_material, make_task
from engine.tasks.task import PRETRAINING, FitsInTime, Invents, LearnsAtOnce, Task
from engine.training.device import Placement, place
from engine.training.optimizers import make_optimizer
from engine.training.step import take_turn

_NUM_TIMED = 3
_SAMPLE_ROWS = 2000
_FEW_TEXTS = 100
_MEASURING = 3
"""A generator's meters take about twice the time that its texts take to write."""


def estimate_cost(config: RunConfig) -> Estimate:
    """Build the models, take a warm-up turn and three timed ones of each player on batches of typical length. Raises
    InputError."""
    sample, num_rows = _material(_data_key(config))
    training = config.training
    placement = place(training)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        task = make_task(config, sample, placement.device)
        batches = _typical(config, sample)
        num_activation_bytes = max(
            _activation_bytes(task, name, batches[0], placement)
            for name in task.players
            if name == "model" or not (isinstance(task, LearnsAtOnce) and name in task.fitted)
        )
        seconds = {
            name: _seconds_of_fitting(task, name, sample, num_rows["train"])
            if isinstance(task, LearnsAtOnce) and name in task.fitted
            else _seconds_per_turn(config, task, name, batches, placement)
            for name in task.players
        }
        num_steps = 1 if isinstance(task, LearnsAtOnce) and task.fitted.issuperset(task.players) else training.max_steps
        measuring = _seconds_per_evaluation(task, batches[0], num_rows.get("validation", 0))
    before = training.pretraining.steps
    rehearsing = before * seconds.get(PRETRAINING, 0.0)
    fitted = task.fitted if isinstance(task, LearnsAtOnce) else frozenset[str]()
    playing = (num_steps - before) * sum(seconds[name] for name in task.turns(before + 1) if name not in fitted)
    playing += sum(seconds[name] for name in fitted)
    per_step = (rehearsing + playing) / num_steps * training.accumulation.first
    models = task.models().values()
    total, learning = sum(map(num_weights, models)), sum(num_weights(model, learning=True) for model in models)
    num_evaluations = -(-num_steps // training.evaluate_every)
    return Estimate(
        num_parameters=total,
        memory_bytes=_weight_bytes(total, learning, config) + num_activation_bytes,
        seconds_per_step=per_step,
        steps_per_epoch=num_rows["train"] / (training.micro_batch_size * training.accumulation.first),
        total_seconds=num_steps * per_step + num_evaluations * measuring,
        device=placement.name,
        num_learning=learning,
    )


def _data_key(config: RunConfig) -> str:
    """Only what decides the tokens, as JSON, so that one reading serves every model card; an encoder brings its own,
    and what counts words cuts texts in its own way."""
    own: dict[str, Any] = {}
    if isinstance(config.model, Pretrained):
        own = {"model": type(config.model)(source=config.model.source)}
    elif isinstance(config.model, WordCounting):
        own = {"model": config.model.model_copy(update={"seconds": 0})}  # nothing is chosen for an estimate
    elif type_of(config.task).model_names:
        own = {"model": config.model}
    return RunConfig(data=config.data, task=config.task, seed=config.seed, **own).model_dump_json()


@lru_cache(maxsize=4)
def _material(data_key: str) -> tuple[Material, dict[str, int]]:
    """(a sample of the rows made ready, how many examples each split has in all): where rows are cut or joined, there
    are more or fewer examples than rows."""
    config = RunConfig.model_validate_json(data_key)
    splits = load_splits(config.data, config.task, config.seed)
    num_rows = {name: len(split) for name, split in splits.splits.items()}
    train = splits.splits["train"]
    tokenizer = make_tokenizer(config, splits)
    step = max(1, len(train) // _SAMPLE_ROWS)
    sample = train.select(range(0, len(train), step))
    material = make_material(config, replace(splits, splits={"train": sample, "validation": sample}), tokenizer)
    per_row = len(material.encoded["train"]) / max(1, len(sample))
    return material, {name: max(1, round(per_row * count)) for name, count in num_rows.items()}


def _typical(config: RunConfig, sample: Material) -> list[Batch]:
    """Batches from short to long, so that their mean time is that of an epoch."""
    stream = BucketedBatches(sample.encoded["train"], config.training.micro_batch_size, config.seed)
    drawn = [stream.at(index) for index in range(stream.batches_per_epoch)]
    full = [batch for batch in drawn if len(batch) == config.training.micro_batch_size] or drawn
    ordered = sorted(full, key=lambda batch: batch.input_ids.shape[1])
    places = [0.5, 0.25, 0.5, 0.75]
    return [ordered[min(len(ordered) - 1, int(place * len(ordered)))] for place in places]


def _activation_bytes(task: Task, player: str, batch: Batch, placement: Placement) -> int:
    """Bytes that the backward pass of a player's turn keeps, each storage counted once."""
    seen: dict[int, int] = {}

    def count(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        seen[storage.data_ptr()] = storage.nbytes()
        return tensor.detach()  # a layer that kept its own output, history and all, would never be freed

    with torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor), placement.autocast():
        task.player(player).train()
        task.loss(player, batch)
    owned = {one.untyped_storage().data_ptr() for model in task.models().values() for one in model.parameters()}
    return sum(size for pointer, size in seen.items() if pointer not in owned)


def _weight_bytes(num_all: int, num_learning: int, config: RunConfig) -> int:
    """All weights, and of those that learn the gradients and the optimizer's memory, in fp32."""
    copies = {"sgd": 2, "momentum": 3, "nesterov": 3, "adagrad": 3, "rmsprop": 3}.get(config.training.optimizer.name, 4)
    return 4 * (num_all + (copies - 1) * num_learning)


def _seconds_per_turn(config: RunConfig, task: Task, player: str, batches: list[Batch], placement: Placement) -> float:
    optimizer = make_optimizer(task.optimizer_and_schedule(player)[0], task.player(player))
    scaler = placement.make_scaler()
    began = time.perf_counter()
    for index, batch in enumerate(batches[: _NUM_TIMED + 1]):
        if index == 1:
            began = time.perf_counter()  # the first one only warms up
        turn = take_turn(task, player, [batch], optimizer, 1e-6, config.training.clipping, placement, scaler)
        float(turn.loss)  # waits for the device
    return (time.perf_counter() - began) / _NUM_TIMED


def _seconds_of_fitting(task: LearnsAtOnce, player: str, sample: Material, num_examples: int) -> float:
    """As long as the sample takes, for all of them."""
    train = sample.encoded["train"]
    if isinstance(task, FitsInTime):
        return task.seconds_of_fitting(player, train, num_examples)
    began = time.perf_counter()
    task.fit(player, train)
    return (time.perf_counter() - began) * num_examples / len(train)


def _seconds_per_evaluation(task: Task, batch: Batch, num_rows: int) -> float:
    """Reading every row once; a generator is measured on a few texts, its own and the held-out ones."""
    began = time.perf_counter()
    if isinstance(task, Invents):
        for _ in task.invent(_FEW_TEXTS):
            pass
        return (time.perf_counter() - began) * _MEASURING * task.num_samples / _FEW_TEXTS
    with torch.inference_mode():
        float(task.loss("model", batch)[0])
    return (time.perf_counter() - began) * num_rows / len(batch)
