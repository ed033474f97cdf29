"""A run that translates or summarises in one paragraph of plain words."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.config.seq2seq import PretrainedSeq2Seq, RecurrentSeq2Seq, TransformerSeq2Seq
from engine.config.tasks.best_metric import judged_by
from engine.config.tasks.sequence_to_sequence import SequenceToSequence
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.numbers import duration
from studio.tasks.run_words import batch_words, extreme_kept, mended, passes, reading, size, source_name

_ATTENTION: dict[str, Message] = {
    "none": message("It never looks back: all that it read is one state."),
    "bahdanau": message("Before each word it looks at what it read (Bahdanau's attention)."),
    "luong-dot": message("After taking in a word it looks at what it read (Luong's attention, dot)."),
    "luong-general": message("After taking in a word it looks at what it read (Luong's attention, general)."),
    "luong-concat": message("After taking in a word it looks at what it read (Luong's attention, concat)."),
}


def paragraph(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> tuple[Message, ...]:
    """Goal and data, mends, model, how it learns, what is measured and kept, how long it takes."""
    task = config.task
    assert isinstance(task, SequenceToSequence)
    every = message(
        "Every {every:plural:update:updates} it writes {count:plural:validation text:validation texts}, measured by "
        "BLEU, chrF and ROUGE.",
        every=config.training.evaluate_every,
        count=task.validation_rows,
    )
    found = [message("It learns to write a text for each of yours."), _data(config, report), *mended(report)]
    found += [*_model(config), *size(estimate), _training(config, report), *_habits(task), every]
    found.append(extreme_kept(judged_by(task, config.training.best)))
    if estimate is not None:
        found.append(
            message(
                "All of it takes {time} on {device}.", time=duration(estimate.total_seconds), device=estimate.device
            )
        )
    return tuple(found)


def _data(config: RunConfig, report: DataReport | None) -> Message:
    rows = report.num_rows if report else {}
    train, validation = rows.get("train", 0), rows.get("validation", 0)
    if config.data.train == "builtin":
        return message(
            "It reads {train:plural:built-in pair:built-in pairs} of texts; {validation} others check it meanwhile.",
            train=train,
            validation=validation,
        )
    return message(
        "It reads {train:plural:pair:pairs} of texts of “{name}”; {validation} others check it meanwhile.",
        train=train,
        validation=validation,
        name=source_name(config.data.train),
    )


def _model(config: RunConfig) -> list[Message]:
    match config.model:
        case RecurrentSeq2Seq() as model:
            found = [
                message("A recurrent network ({cell}) reads, another one writes.", cell=model.cell.upper()),
                _ATTENTION[model.attention],
            ]
            if model.window != "global":
                found.append(message("It sees a window of {count} tokens at a time.", count=2 * model.window_size + 1))
            if model.copying:
                found.append(message("It can copy words from the text."))
            if model.coverage:
                found.append(message("It remembers where it has looked (coverage)."))
            return found
        case TransformerSeq2Seq() as model:
            return [
                message(
                    "A Transformer of {layers:plural:layer:layers} reads, another one writes.", layers=model.num_layers
                )
            ]
        case PretrainedSeq2Seq() as model:
            return [
                message("It goes on from “{source}”, which has read much already.", source=source_name(model.source))
            ]
    raise AssertionError("another goal's model")


def _training(config: RunConfig, report: DataReport | None) -> Message:
    times = passes(config, report)
    values = {"updates": config.training.max_steps, "batch": batch_words(config)}
    if times is None:
        return message("It learns in {updates:plural:update:updates} of {batch} each.", **values)
    return message(
        "It learns in {updates:plural:update:updates} of {batch} each: {reading}.", reading=reading(times), **values
    )


def _habits(task: SequenceToSequence) -> list[Message]:
    found = []
    if task.label_smoothing:
        found.append(message("It is never to be quite sure (label smoothing {share:.0%}).", share=task.label_smoothing))
    if task.scheduled_sampling:
        found.append(
            message("Ever more of the words before are its own, {share:.0%} at the end.", share=task.scheduled_sampling)
        )
    return found
