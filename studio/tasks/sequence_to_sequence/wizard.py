"""The wizard for runs that translate or summarise."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.numbers import duration, file_size
from studio.tasks.run_words import batch_words, passes, reading
from studio.tasks.sequence_to_sequence.forms import TranslationForms
from studio.tasks.sequence_to_sequence.model_forms import ModelForms
from studio.tasks.sequence_to_sequence.models import TranslatorsPanel, translators_to_measure
from studio.tasks.sequence_to_sequence.paragraph import paragraph
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
    updates, batch, times = config.training.max_steps, batch_words(config), passes(config, report)
    if estimate is None or times is None:
        return message("{updates:plural:update:updates} of {batch} each", updates=updates, batch=batch)
    return message(
        "{updates:plural:update:updates} of {batch} each: {reading}, {time} in all",
        updates=updates,
        batch=batch,
        reading=reading(times),
        time=duration(estimate.total_seconds),
    )


WIZARD = WizardView(
    make_forms=TranslationForms,
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
    topics=("dates",),
    models=OwnModels(
        note=message("A model reads, another one writes. With attention it shows which word comes from where."),
        make_panel=TranslatorsPanel,
        make_form=ModelForms,  # type: ignore[arg-type]
        to_measure=translators_to_measure,
    ),
)
