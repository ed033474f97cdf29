"""A language model's run in one paragraph of plain words."""

from __future__ import annotations

from typing import assert_never

from engine.config.language_models import NGram, PretrainedCausal, RecurrentLanguageModel, TransformerLanguageModel
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.numbers import duration
from studio.tasks.run_words import batch_words, extreme_kept, mended, size, source_name


def paragraph(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> tuple[Message, ...]:
    """Goal and data, mends, the model, how it learns, which checkpoint is kept, how long it takes."""
    return (
        message("It learns to tell the next token from those before it, and so to write."),
        _data(config, report),
        *mended(report),
        _model(config),
        _learning(config),
        *size(estimate),
        extreme_kept(judged_by(config.task, config.training.best)),
        *_time(estimate),
    )


def _data(config: RunConfig, report: DataReport | None) -> Message:
    rows = report.num_rows if report else {}
    told = {"train": rows.get("train", 0), "validation": rows.get("validation", 0)}
    if config.data.train == "builtin":
        return message(
            "It reads {train:plural:built-in story:built-in stories}, one after the other, and is measured on "
            "{validation} others.",
            **told,
        )
    return message(
        "It reads {train:plural:text:texts} of “{name}”, one after the other, and is measured on {validation} others.",
        name=source_name(config.data.train),
        **told,
    )


def _model(config: RunConfig) -> Message:
    spec = config.model
    assert isinstance(spec, NGram | RecurrentLanguageModel | TransformerLanguageModel | PretrainedCausal)
    match spec:
        case NGram():
            return message("It counts all runs of up to {order} tokens (Kneser-Ney), in one turn.", order=spec.order)
        case RecurrentLanguageModel():
            return message(
                "A recurrent network of {layers:plural:layer:layers} reads on where it stopped, and learns over "
                "{length} tokens at a time.",
                layers=spec.num_layers,
                length=config.data.max_length,
            )
        case TransformerLanguageModel():
            return message(
                "A Transformer of {layers:plural:layer:layers} sees {length} tokens at once.",
                layers=spec.num_layers,
                length=config.data.max_length,
            )
        case PretrainedCausal():
            return message("It goes on from “{name}”, which has read much already.", name=source_name(spec.source))
        case _:
            assert_never(spec)


def _learning(config: RunConfig) -> Message:
    return message(
        "It learns in {count:plural:update:updates} of {batch} each, and is measured every {every}.",
        count=config.training.max_steps,
        batch=batch_words(config),
        every=config.training.evaluate_every,
    )


def _time(estimate: Estimate | None) -> tuple[Message, ...]:
    if estimate is None:
        return ()
    return (
        message("All of it takes {time} on {device}.", time=duration(estimate.total_seconds), device=estimate.device),
    )
