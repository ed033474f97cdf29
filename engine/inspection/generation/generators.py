"""A trained text GAN asked for texts: new ones, its meters, and quality against variety through temperatures."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
import torch

from engine.breath import drain, telling
from engine.config.tasks.registry import type_of
from engine.config.tasks.text_gan import TextGan
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.messages import message
from engine.records import Evaluation, Progress, Sample, Samples, Sweep, SweepPoint
from engine.runs.checkpoints import checkpoint_path, step_of, verify
from engine.runs.run import Run
from engine.runs.samples import keep_sweep
from engine.tasks.material import Material
from engine.tasks.registry import make_material
from engine.tasks.text_gan.meters import GanMeters
from engine.tasks.text_gan.pair import sample_length, saved_pair
from engine.tasks.text_gan.writing import Writing
from engine.training.checkpoint import saved_tokenizer

TEMPERATURES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Desk:
    """A checkpoint's pair in memory, on the CPU, in evaluation mode, with the run's own texts beside it."""

    run: Run
    writing: Writing
    material: Material
    num_samples: int
    step: int
    phase: str

    @cached_property
    def meters(self) -> GanMeters:
        """Against the validation texts."""
        return self.meters_on("validation")

    def meters_on(self, split: str) -> GanMeters:
        encoded = self.material.encoded
        return GanMeters(self.writing, encoded["train"], encoded[split], self.run.config.seed)


def generate(
    run: Run,
    num: int = 50,
    temperature: float = 1.0,
    seed: int | None = None,
    checkpoint: str = "best",
    judged: bool = True,
) -> Generator[Progress, None, Samples]:
    """`num` new texts; judged by the critic and compared with the training texts when asked for. Without a seed they
    are new each time. Raises InputError."""
    if num < 1 or not 0 < temperature <= 100:
        raise InputError(
            message("Ask for at least one text, at a temperature above 0 and up to 100."),
            message("{num} texts, temperature {temperature}", num=num, temperature=temperature),
        )
    desk = _desk(run, checkpoint)
    chosen = int(np.random.default_rng().integers(2**31)) if seed is None else seed
    texts = yield from _told(desk.writing.invent(num, chosen, temperature), 0, 2)
    if not judged:
        return Samples(desk.step, desk.phase, tuple(Sample(desk.writing.text(text)) for text in texts), ())
    invented = yield from _told(desk.writing.judge(texts), 1, 2)
    return Samples(desk.step, desk.phase, tuple(desk.meters.with_nearest(sample) for sample in invented), ())


def evaluate_generator(run: Run, split: str | None, checkpoint: str = "best") -> Evaluation:
    """Every meter of the best checkpoint, and of real text, on a split (test, else validation). Raises InputError."""
    desk = _desk(run, checkpoint)
    name = split or ("test" if "test" in desk.material.encoded else "validation")
    if name not in desk.material.encoded:
        raise InputError(
            message("The run has no split “{split}”.", split=name),
            str(run.path),
            message("Choose one of: {known}.", known=[one for one in desk.material.encoded if one != "train"]),
        )
    meters = desk.meters_on(name)
    real = drain(meters.real_text(desk.num_samples))
    texts = drain(desk.writing.invent(desk.num_samples, run.config.seed))
    return Evaluation(drain(meters.measure(texts)), name, desk.num_samples, real_text=real)


def sweep(
    run: Run, checkpoint: str = "best", temperatures: Sequence[float] = TEMPERATURES
) -> Generator[Progress, None, Sweep]:
    """The maximum-likelihood model (the checkpoint in which the rehearsal ended) at every temperature, the chosen
    checkpoint at 1, and real text (Caccia 2020); kept in the run's `report/sweep.json`. Raises InputError for a run
    whose rehearsal left no checkpoint."""
    _refuse_others(run)
    milestones = run.checkpoints.get("milestones") or []
    if not milestones:
        raise InputError(
            message("This run has no checkpoint of the maximum-likelihood model."),
            str(run.path),
            message("Train one with training.pretraining.name=language-model."),
        )
    rehearsed, game = _desk(run, milestones[0]), _desk(run, checkpoint)
    plan = [("maximum_likelihood", rehearsed, temperature) for temperature in temperatures]
    plan.append(("gan", game, 1.0))
    total = len(plan) + 1
    real = yield from _told(game.meters.real_text(game.num_samples), 0, total)
    points = [SweepPoint("real_text", 1.0, real)]
    for model, desk, temperature in plan:
        inventing = desk.writing.invent(desk.num_samples, run.config.seed, temperature)
        texts = yield from _told(inventing, len(points), total, Sweep(tuple(points)))
        metrics = yield from _told(desk.meters.measure(texts), len(points), total)
        points.append(SweepPoint(model, temperature, metrics))
    found = Sweep(tuple(points))
    keep_sweep(run, found)
    return found


def _desk(run: Run, checkpoint: str) -> Desk:
    """Loaded once; the newest two stay in memory."""
    _refuse_others(run)
    path = checkpoint_path(run, checkpoint)
    return _load(run, path.name, (path / "manifest.json").stat().st_mtime_ns)


def _refuse_others(run: Run) -> None:
    if type_of(run.config.task).says:
        raise InputError(
            message("This run answers in words; it invents no texts of its own."),
            str(run.path),
            message("Ask for its answers, or choose a text-GAN run."),
        )
    if not type_of(run.config.task).can("generate"):
        raise InputError(
            message("This run sorts texts; it does not write any."), str(run.path), message("Choose a text-GAN run.")
        )


@lru_cache(maxsize=2)
def _load(run: Run, checkpoint: str, _written: int) -> Desk:
    config = run.config
    assert isinstance(config.task, TextGan)
    path = checkpoint_path(run, checkpoint)
    verify(path)
    tokenizer = saved_tokenizer(path)
    material = make_material(config, load_splits(config.data, config.task, config.seed), tokenizer)
    pair = saved_pair(path)
    for model in (pair.generator, pair.critic):
        model.train(False)
    length = sample_length(material.encoded["train"], config.data.max_length)
    step = step_of(path)
    phase = "pretraining" if step <= config.training.pretraining.steps else "adversarial"
    writing = Writing(pair, tokenizer, length, torch.device("cpu"))
    return Desk(run, writing, material, config.task.num_samples, step, phase)


def _told(
    working: Generator[None, None, Result], done: int, total: int, partial: object = None
) -> Generator[Progress, None, Result]:
    """Tells how far a breathing answer has come, as part `done` of `total`."""
    return (yield from telling(working, Progress(done, total, partial)))
