"""From a run's config to a loop that is ready to go: data, tokenizer, model, and the checkpoint to resume from."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

from transformers import PreTrainedModel

from engine.breath import GivenUp
from engine.commands import Command
from engine.config.pretrained import Pretrained
from engine.data.splitting.splits import load_splits
from engine.data.tokens.encoding import cut_note
from engine.events import Event, Noticed, RunFinished
from engine.messages import Message, message
from engine.models.layers import num_weights
from engine.runs.checkpoints import step_of
from engine.runs.damage import accept as accepted
from engine.runs.damage import refuse_changed
from engine.runs.run import Run
from engine.tasks.material import make_tokenizer
from engine.tasks.registry import make_material, make_task
from engine.tasks.task import HasNotes
from engine.training.background_preparation import in_background
from engine.training.checkpoint import load_trainer, saved_tokenizer, seed_everything
from engine.training.device import place
from engine.training.loop import Loop, Talk
from engine.training.same_data import refuse_other_data
from engine.training.sound_checkpoints import sound_checkpoint

Preparing = Generator[Event | None, Command | None, Loop]


def train(run: Run) -> Talk:
    """Train a new run from its first step. Raises InputError and RunFailure."""
    yield from _prepared(run, None, [])


def resume(run: Run, accept: bool = False) -> Talk:
    """Go on from the newest sound checkpoint; a run that has not come to one from the beginning. Raises InputError,
    also for settings and data that are not those with which it began, and RunFailure."""
    wishes: list[Command] = []
    for name in accepted(run) if accept else ():
        yield from _tell(message("{file} is taken as it is now, as you said.", file=name), wishes, "warning")
    refuse_changed(run)
    checkpoint = yield from sound_checkpoint(run)
    yield from _prepared(run, checkpoint, wishes)


def _prepared(run: Run, checkpoint: Path | None, wishes: list[Command]) -> Talk:
    """Make ready and go; told to stop meanwhile, the run is as it was."""
    try:
        loop = yield from _prepare(run, checkpoint, wishes)
    except GivenUp:
        yield _stopped_before(run, checkpoint)
        return
    yield from loop.run(wishes)


def _prepare(run: Run, checkpoint: Path | None, wishes: list[Command]) -> Preparing:
    """What is commanded meanwhile is kept in `wishes` for the loop. Raises GivenUp when that is to stop."""
    config = run.config
    placement = place(config.training)
    yield from _tell(message("Reading the texts…"), wishes)
    splits = yield from in_background(lambda: load_splits(config.data, config.task, config.seed), wishes)
    for note in splits.notes:
        yield from _tell(note, wishes)
    count = len(splits.splits["train"])
    yield from _tell(message("Cutting {count:plural:text:texts} into tokens…", count=count), wishes)
    tokenizer = saved_tokenizer(checkpoint) if checkpoint is not None else None
    if tokenizer is None:
        tokenizer = yield from in_background(lambda: make_tokenizer(config, splits), wishes)
    if isinstance(config.model, Pretrained) and tokenizer.model_max_length < config.data.max_length:
        limit = tokenizer.model_max_length
        yield from _tell(
            message("The encoder reads at most {limit} tokens: longer texts are cut there.", limit=limit), wishes
        )
    material = yield from in_background(lambda: make_material(config, splits, tokenizer), wishes)
    trainer = None if checkpoint is None else load_trainer(checkpoint)
    if checkpoint is not None and trainer is not None:
        unchecked = refuse_other_data(run, checkpoint, trainer, material)
        if unchecked is not None:
            yield from _tell(unchecked, wishes, "warning")
    seed_everything(config.seed)
    task = make_task(config, material, placement.device, checkpoint)
    cut = cut_note(material.encoded["train"])
    for warning in [*(task.notes if isinstance(task, HasNotes) else []), *([] if cut is None else [cut])]:
        yield from _tell(warning, wishes, "warning")
    if isinstance(config.model, Pretrained):
        yield from _tell(_what_learns(task.model), wishes)
    loop = Loop(run, task, material, placement)
    if checkpoint is not None and trainer is not None:
        loop.restore(trainer, checkpoint.name)
    return loop


def _stopped_before(run: Run, checkpoint: Path | None) -> RunFinished:
    """Stopped while everything was made ready: what was learned before is as it was."""
    named = run.checkpoints
    best: dict[str, Any] | None = None
    if checkpoint is not None and named.get("best"):
        step = int(named["best"].removeprefix("step-"))
        best = {"step": step, "metric": named.get("metric"), "value": named.get("value")}
    step = 0 if checkpoint is None else step_of(checkpoint)
    reason = message("Stopped by you before the first step.") if checkpoint is None else _kept(step)
    return RunFinished(step=step, state="stopped", best=best, reason=reason)


def _kept(step: int) -> Message:
    return message("Stopped by you after step {step}; everything is kept.", step=step)


def _tell(text: Message, wishes: list[Command], level: str = "info") -> Talk:
    command = yield Noticed(message=text, level=level)
    if command is not None:
        wishes.append(command)


def _what_learns(model: PreTrainedModel) -> Message:
    learning, total = num_weights(model, learning=True), num_weights(model)
    if learning == total:
        return message("The encoder is loaded; all of its {total} weights learn.", total=total)
    return message("The encoder is loaded; {learning} of its {total} weights learn.", learning=learning, total=total)
