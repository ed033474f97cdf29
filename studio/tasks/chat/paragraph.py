"""A run that chats in one paragraph of plain words."""

from __future__ import annotations

from engine.config.language_models import PretrainedCausal, RecurrentLanguageModel, TransformerLanguageModel
from engine.config.model import Model
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.numbers import duration
from studio.tasks.run_words import batch_words, extreme_kept, mended, size, source_name


def paragraph(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> tuple[Message, ...]:
    """Goal and data, mends, model, training, what is measured, which checkpoint is kept, how long it takes."""
    return (
        message("It learns to answer as it is answered in your dialogues; only the answers are learned."),
        _data(config, report),
        *mended(report),
        _model(config.model),
        *size(estimate),
        message(
            "It takes {updates:plural:update:updates} of {batch} each.",
            updates=config.training.max_steps,
            batch=batch_words(config),
        ),
        message(
            "Every {every:plural:update:updates} it is measured how surprised it is by answers that it never saw, and "
            "it answers a few of those dialogues itself.",
            every=config.training.evaluate_every,
        ),
        extreme_kept(judged_by(config.task, config.training.best)),
        *_time(estimate),
    )


def _data(config: RunConfig, report: DataReport | None) -> Message:
    rows = report.num_rows if report else {}
    train, validation = rows.get("train", 0), rows.get("validation", 0)
    if config.data.train == "builtin":
        return message(
            "It reads {train:plural:built-in dialogue:built-in dialogues}; {validation} others are held back.",
            train=train,
            validation=validation,
        )
    return message(
        "It reads {train:plural:dialogue:dialogues} of “{name}”; {validation} others are held back.",
        train=train,
        validation=validation,
        name=source_name(config.data.train),
    )


def _model(model: Model) -> Message:
    match model:
        case TransformerLanguageModel():
            return message("It is a Transformer of {layers:plural:layer:layers}, made anew.", layers=model.num_layers)
        case RecurrentLanguageModel():
            return message(
                "It is a recurrent network of {layers:plural:layer:layers}, made anew.", layers=model.num_layers
            )
        case PretrainedCausal():
            return message("It goes on from the language model “{name}”.", name=source_name(model.source))
    return message("Choose a language model for it.")


def _time(estimate: Estimate | None) -> tuple[Message, ...]:
    if estimate is None:
        return ()
    return (
        message("All of it takes {time} on {device}.", time=duration(estimate.total_seconds), device=estimate.device),
    )
