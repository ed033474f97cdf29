"""Text-GAN runs on disk with made-up events and samples: a rehearsal, a game that goes well, and one that collapses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import events
from engine.config.run import RunConfig, from_tree
from engine.messages import message
from engine.records import Sample, Samples
from engine.runs.run import Run
from engine.runs.samples import samples_path, write_samples
from tests.run_folders import started as run_started
from tests.run_folders import steps_taken as run_steps
from tests.run_folders import write_run

WHO = ("a man", "a woman", "two giraffes", "a bus", "a kitchen", "a small cat", "three people", "an old train")
DOES = (
    "riding a wave on top of a surfboard",
    "walking in a field near some trees",
    "driving down the snowy street at night",
    "with a stove and a small window",
    "sitting on a bench next to a dog",
    "holding a plate of food on a table",
    "standing under a red umbrella",
    "lying next to a laptop",
    "waiting at a station in the rain",
)
REAL = {
    "self_bleu_4": 0.41,
    "distinct_2": 0.52,
    "bleu_4": 0.38,
    "unique_share": 0.99,
    "copied_share": 0.02,
    "reverse_perplexity": 61.0,
}
REHEARSED = {
    **REAL,
    "self_bleu_4": 0.36,
    "distinct_2": 0.55,
    "bleu_4": 0.29,
    "reverse_perplexity": 92.0,
    "nll_gen": 0.72,
    "nll_div": 3.6,
}


@dataclass(frozen=True)
class Course:
    """`collapses_after` None: it goes well. `steps` of `total` are done, measured every `every`."""

    steps: int = 7_600
    total: int = 8_000
    every: int = 400
    rehearsal: int = 800
    best: int = 6_400
    collapses_after: int | None = 6_400
    action: str = "told"
    num_samples: int = 60


def gan_config(**changes: object) -> RunConfig:
    tree = {
        "title": "Captions",
        "task": {"name": "text-gan"},
        "model": {"name": "text-gan"},
        "training": {"max_steps": 8_000, "pretraining": {"name": "language-model", "steps": 800}},
    }
    return from_tree(tree).with_values(changes)


def make_gan_run(folder: Path, name: str = "Captions", course: Course | None = None, end: str = "") -> Run:
    """A run whose journal ends in the middle of the game, or in `end` ("finished", "stopped")."""
    course = course or Course()
    run = write_run(folder, name, gan_config(), gan_events(course), end, step=course.steps, best=None)
    for step in steps_of(course):
        write_samples(run, samples_at(step, course))
    return run


def steps_of(course: Course) -> list[int]:
    return list(range(course.every, course.steps + 1, course.every))


def gan_events(course: Course) -> Iterator[events.Event]:
    """As the loop tells them, without times."""
    yield started(course)
    yield _reference("real_text", REAL, 0)
    for step in steps_of(course):
        yield from steps_taken(step - course.every + 1, step, course)
        yield from evaluated(step, course)


def started(course: Course) -> events.RunStarted:
    rows = {"train": 10_000, "validation": 1_000}
    return run_started(total_steps=course.total, num_parameters=1_200_000, rows=rows)


def evaluated(step: int, course: Course) -> Iterator[events.Event]:
    """What one measurement tells: meters, samples, a checkpoint, and a collapse where there is one."""
    yield events.Evaluated(step=step, split="validation", metrics=meters_at(step, course), num_rows=1_000)
    phase = "pretraining" if step <= course.rehearsal else "adversarial"
    yield events.SamplesWritten(step=step, path=samples_path(step), phase=phase, num_samples=course.num_samples)
    if step == course.rehearsal:
        yield _reference("maximum_likelihood", REHEARSED, step)
    if step <= course.best:
        path, value = f"checkpoints/step-{step}", meters_at(step, course)["distinct_2"]
        yield events.CheckpointSaved(step=step, path=path, is_best=True, metric="distinct_2", value=value)
    if has_collapsed(step, course):
        yield collapsed(step, course)


def collapsed(step: int, course: Course) -> events.Collapsed:
    signs = [message("{share} of the last {count} texts begin with “{words}”.", share="38 %", count=200, words="a man")]
    best = course.best if course.action in ("went-back", "stopped") else None
    return events.Collapsed(step=step, signs=signs, action=course.action, best=best)


def has_collapsed(step: int, course: Course) -> bool:
    return course.collapses_after is not None and step > course.collapses_after + course.every


def meters_at(step: int, course: Course) -> dict[str, float]:
    """Variety grows, and falls again after a collapse; a little noise that is the same every time."""
    chance = np.random.default_rng(step)
    grown = 1 - np.exp(-step / 1_500)
    lost = 0.0
    if course.collapses_after is not None and step > course.collapses_after:
        lost = (step - course.collapses_after) / 2_400
    noise = float(chance.normal(0, 0.006))
    return {
        "loss": 1.4 - 0.6 * grown + 0.3 * lost + noise,
        "self_bleu_4": 0.72 - 0.3 * grown + 0.32 * lost + noise,
        "distinct_2": 0.2 + 0.29 * grown - 0.26 * lost - noise,
        "bleu_4": 0.2 + 0.16 * grown + 0.1 * lost,
        "nll_gen": 1.4 - 0.6 * grown + 0.3 * lost + noise,
        "nll_div": 2.4 + 1.2 * grown - 1.1 * lost + 5 * noise,
        "unique_share": 0.9 + 0.09 * grown - 0.3 * lost,
        "copied_share": 0.01 + 0.04 * lost,
        "reverse_perplexity": 180 - 100 * grown + 60 * lost,
        "discriminator_accuracy": 0.95 - 0.33 * grown + 0.1 * lost,
        "discriminator_precision": 0.93 - 0.3 * grown + 0.1 * lost,
        "discriminator_recall": 0.9 - 0.24 * grown + 0.1 * lost,
    }


def samples_at(step: int, course: Course) -> Samples:
    chance = np.random.default_rng(step)
    share = 0.38 if course.collapses_after is not None and step > course.collapses_after else 0.12
    invented = tuple(_invented(chance, share) for _ in range(course.num_samples))
    phase = "pretraining" if step <= course.rehearsal else "adversarial"
    real = tuple(_judged(_text(chance, WHO), 0.45 + 0.5 * float(chance.random()), "", 0.0) for _ in range(40))
    return Samples(step, phase, invented, real, (("a man", share, 0.11), ("a woman", 0.1, 0.09)))


def _invented(chance: np.random.Generator, share: float) -> Sample:
    who = WHO[:1] if chance.random() < share else WHO[1:]
    text = _text(chance, who)
    words = text.split()
    nearest = " ".join([*words[:-1], "window"])
    return _judged(text, 0.08 + 0.6 * float(chance.random()), nearest, 1 - 1 / max(2, len(words) - 1))


def _text(chance: np.random.Generator, who: tuple[str, ...]) -> str:
    return f"{who[int(chance.integers(len(who)))]} {DOES[int(chance.integers(len(DOES)))]}"


def _judged(text: str, probability: float, nearest: str, overlap: float) -> Sample:
    tokens = tuple(text.split())
    weights = np.arange(1, len(tokens) + 1) % 4 + 0.2
    shares = tuple((weights / weights.sum()).tolist())
    return Sample(text, probability, nearest, overlap, tokens, shares)


def steps_taken(first: int, last: int, course: Course) -> Iterator[events.StepsTaken]:
    """The rehearsal's steps have one player, those of the game two and a temperature."""
    if first <= course.rehearsal:
        yield _steps(np.arange(first, min(last, course.rehearsal) + 1), ("pretraining",), course)
    if last > course.rehearsal:
        yield _steps(np.arange(max(first, course.rehearsal + 1), last + 1), ("discriminator", "generator"), course)


def _steps(steps: np.ndarray, players: tuple[str, ...], course: Course) -> events.StepsTaken:
    chance = np.random.default_rng(int(steps[0]))
    losses = {
        "pretraining": 1.9 + 3.5 * np.exp(-steps / 220),
        "discriminator": 0.6 + 0.09 * np.exp(-(steps - course.rehearsal) / 900),
        "generator": 0.78 + 0.3 * np.exp(-(steps - course.rehearsal) / 900),
    }
    rates = {"pretraining": 3e-3, "discriminator": 3e-4, "generator": 1e-4}
    played = (steps - course.rehearsal) / (course.total - course.rehearsal)
    gauges = {"temperature": 100.0**played} if "generator" in players else {}
    noisy = {one: losses[one] + chance.normal(0, 0.05, len(steps)) for one in players}
    return run_steps(steps, noisy, {one: rates[one] for one in players}, gauges=gauges)


def _reference(name: str, metrics: dict[str, float], step: int) -> events.ReferenceMeasured:
    return events.ReferenceMeasured(step=step, name=name, metrics=metrics, num_rows=1_000)
