"""A run that finds answers in one paragraph of plain words."""

from __future__ import annotations

from engine.config.pretrained import LoRA
from engine.config.readers import BidafReader, PretrainedReader
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.config.tasks.question_answering import QuestionAnswering
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.numbers import duration
from studio.tasks.run_words import batch_words, extreme_kept, mended, size, source_name


def paragraph(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> tuple[Message, ...]:
    """Goal and data, mends, model, how passages are read, training, what is kept."""
    task = config.task
    assert isinstance(task, QuestionAnswering)
    pieces = message(
        "It reads up to {limit} tokens of question and passage at once; longer passages in pieces that share {stride}.",
        limit=config.data.max_length,
        stride=task.stride,
    )
    return (
        message("It learns to mark the answer to a question in a passage, or to say that there is none."),
        _data(config, report),
        *mended(report),
        _model(config),
        *size(estimate),
        pieces,
        _training(config, estimate),
        best_sentence(config),
    )


def best_sentence(config: RunConfig) -> Message:
    """Which checkpoint is kept."""
    metric = judged_by(config.task, config.training.best)
    if metric == "f1":
        return message("The checkpoint whose answers share most words with the right ones (F1) is kept.")
    if metric == "em":
        return message("The checkpoint with the most answers that are exactly right (EM) is kept.")
    return extreme_kept(metric)


def _data(config: RunConfig, report: DataReport | None) -> Message:
    rows = report.num_rows if report else {}
    counts = {"train": rows.get("train", 0), "validation": rows.get("validation", 0), "test": rows.get("test", 0)}
    if config.data.train == "builtin":
        return message(
            "It reads {train:plural:question:questions} about invented pages of manuals, is checked on {validation} "
            "others while it learns, and {test} are kept for the final test.",
            **counts,
        )
    return message(
        "It reads {train:plural:question:questions} of “{name}”, is checked on {validation} others while it learns, "
        "and {test} are kept for the final test.",
        name=source_name(config.data.train),
        **counts,
    )


def _model(config: RunConfig) -> Message:
    model = config.model
    if isinstance(model, PretrainedReader):
        if isinstance(model.adaptation, LoRA):
            return message(
                "Small matrices beside the weights of “{name}” learn (LoRA).", name=source_name(model.source)
            )
        return message("It goes on from “{name}”, which has read much already.", name=source_name(model.source))
    assert isinstance(model, BidafReader)
    if model.context_to_query and model.query_to_context:
        return message("Question and passage are read by LSTMs whose words look at each other (BiDAF).")
    if model.context_to_query:
        return message("Both are read by LSTMs; the passage's words look at those of the question.")
    if model.query_to_context:
        return message("Both are read by LSTMs; the question looks at the passage's words.")
    return message("Both are read by LSTMs without attention: the question is one vector for the whole passage.")


def _training(config: RunConfig, estimate: Estimate | None) -> Message:
    training = config.training
    if estimate is None:
        return message(
            "It learns in {updates:plural:update:updates} of {batch}.",
            updates=training.max_steps,
            batch=batch_words(config),
        )
    return message(
        "It learns in {updates:plural:update:updates} of {batch}, which take {time} on {device}.",
        updates=training.max_steps,
        batch=batch_words(config),
        time=duration(estimate.total_seconds),
        device=estimate.device,
    )
