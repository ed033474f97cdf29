"""A text GAN's run in one paragraph of plain words."""

from __future__ import annotations

from typing import assert_never

from engine.config.classifiers import Convolutional, FromScratch, Fusion, Recurrent, Transformer
from engine.config.gan import AttentionLSTM, Generator, RelationalMemory, TextGanPair, WritingTransformer
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.config.tasks.text_gan import Guard, GumbelSoftmax, TextGan
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.numbers import duration
from studio.tasks.run_words import batch_words, extreme_kept, mended, size, source_name


def paragraph(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> tuple[Message, ...]:
    """Goal and data, mends, who plays and by which rules, what is measured, what happens on a collapse, which
    checkpoint is kept, how long it takes."""
    task, pair = config.task, config.model
    assert isinstance(task, TextGan) and isinstance(pair, TextGanPair)
    return (
        message("It learns to invent texts like yours."),
        _data(config, report),
        *mended(report),
        _players(pair),
        *_game(config, batch_words(config)),
        *size(estimate),
        *_kept(config, estimate),
    )


def _kept(config: RunConfig, estimate: Estimate | None) -> tuple[Message, ...]:
    """What is measured, what happens on a collapse, which checkpoint is kept, how long it takes."""
    task = config.task
    assert isinstance(task, TextGan)
    measured = message(
        "Every {every:plural:update:updates} it invents {count:plural:text:texts}, measured beside real ones.",
        every=config.training.evaluate_every,
        count=task.num_samples,
    )
    best = extreme_kept(judged_by(task, config.training.best))
    if estimate is None:
        return measured, _guard(task.guard), best
    time = message("All of it takes {time} on {device}.", time=duration(estimate.total_seconds), device=estimate.device)
    return measured, _guard(task.guard), best, time


def _data(config: RunConfig, report: DataReport | None) -> Message:
    rows = report.num_rows if report else {}
    train, validation = rows.get("train", 0), rows.get("validation", 0)
    if config.data.train == "builtin":
        return message(
            "It reads {train:plural:built-in caption:built-in captions}; {validation} others stand beside its own.",
            train=train,
            validation=validation,
        )
    return message(
        "It reads {train:plural:text:texts} of “{name}”; {validation} others stand beside its own.",
        train=train,
        validation=validation,
        name=source_name(config.data.train),
    )


def _players(pair: TextGanPair) -> Message:
    return message(
        "The writer is {writer}, the critic {critic}.",
        writer=_writer(pair.generator),
        critic=_critic(pair.discriminator),
    )


def _writer(writer: Generator) -> Message:
    match writer:
        case AttentionLSTM():
            return message("an LSTM that looks back at what it has written")
        case WritingTransformer():
            return message("a Transformer of {layers:plural:layer:layers}", layers=writer.num_layers)
        case RelationalMemory():
            return message("a relational memory of {slots:plural:slot:slots}", slots=writer.num_slots)
        case _:
            assert_never(writer)


def _critic(critic: FromScratch) -> Message:
    match critic:
        case Recurrent():
            looks = critic.pooling.name not in ("last", "max", "mean")
            return message("a recurrent network with attention") if looks else message("a recurrent network")
        case Transformer(causal=True):
            return message("a Transformer that reads from left to right")
        case Transformer():
            return message("a Transformer of {layers:plural:layer:layers}", layers=critic.num_layers)
        case Fusion():
            return message("a Transformer block with a recurrent network")
        case Convolutional():
            return message("a convolutional network")
        case _:
            assert_never(critic)


def _game(config: RunConfig, batch: Message) -> tuple[Message, ...]:
    task, training = config.task, config.training
    assert isinstance(task, TextGan)
    before = training.pretraining.steps
    first = message(
        "First the writer rehearses: in {count:plural:update:updates} it learns to guess the next word.", count=before
    )
    game = message(
        "Then they play {count:plural:round:rounds}: in each the critic learns {turns:plural:time:times}, the writer "
        "once, every time from {batch}.",
        count=training.max_steps - before,
        turns=task.discriminator_steps,
        batch=batch,
    )
    return (*((first,) if before else ()), game, _estimator(task))


def _estimator(task: TextGan) -> Message:
    spec = task.estimator
    if not isinstance(spec, GumbelSoftmax):
        return message("Words are drawn for good; what the critic likes better than usual becomes likelier.")
    if spec.annealing == "none":
        return message("Words are drawn softly, always as softly as at first.")
    return message(
        "Words are drawn softly, ever more surely (inverse temperature {first} to {last}).",
        first=f"{spec.first_inverse_temperature:.4g}",
        last=f"{spec.last_inverse_temperature:.4g}",
    )


def _guard(guard: Guard) -> Message:
    match guard.action:
        case "go-back":
            return message("When its texts lose their variety, it goes back to the best checkpoint with softer words.")
        case "soften":
            return message("When its texts lose their variety, its words become softer.")
        case "stop":
            return message("When its texts lose their variety, it stops; the best checkpoint is kept.")
        case "tell":
            return message("When its texts lose their variety, it only says so.")
