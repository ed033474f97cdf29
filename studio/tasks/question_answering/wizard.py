"""The wizard for runs that find answers."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.numbers import duration, file_size
from studio.tasks.question_answering.forms import ModelForms, ReaderForms
from studio.tasks.question_answering.models import ReaderPanel, to_measure
from studio.tasks.question_answering.paragraph import paragraph
from studio.tasks.run_words import batch_size, passes, reading
from studio.tasks.wizard_view import OwnModels, WizardView


def _updates(config: RunConfig, report: DataReport | None) -> Message | None:
    times = passes(config, report)
    return reading(times) if times else None


def _cost(estimate: Estimate) -> Message:
    return message(
        "{parameters} parameters, {memory} of memory, {time} to read all texts once",
        parameters=estimate.num_parameters,
        memory=file_size(estimate.memory_bytes),
        time=duration(estimate.seconds_per_step * estimate.steps_per_epoch),
    )


def _length(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> Message:
    updates, batch = config.training.max_steps, batch_size(config)
    times = passes(config, report)
    if estimate is None or times is None:
        return message(
            "{updates:plural:update:updates} of {batch:plural:question:questions} each", updates=updates, batch=batch
        )
    return message(
        "{updates:plural:update:updates} of {batch:plural:question:questions} each: {reading}, {time} in all",
        updates=updates,
        batch=batch,
        reading=reading(times),
        time=duration(estimate.total_seconds),
    )


WIZARD = WizardView(
    make_forms=ReaderForms,
    lengths={
        "quick": message("A quarter of the usual length: enough to see whether it learns at all."),
        "balanced": message("The recipe's own length. It ends early when nothing gets better."),
        "best": message("Two and a half times the usual length, and more patience before it ends early."),
        "own": message("The length was typed by hand."),
    },
    updates=_updates,
    paragraph=paragraph,
    cost=_cost,
    length=_length,
    topics=("manuals",),
    models=OwnModels(
        note=message("Readers of question and passage: what attention is worth is the difference of the first two."),
        make_panel=ReaderPanel,
        make_form=ModelForms,
        to_measure=to_measure,
    ),
)
