"""The wizard for runs that sort texts."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.numbers import duration
from studio.tasks.classification.forms import SortingForms
from studio.tasks.classification.paragraph import paragraph
from studio.tasks.run_words import USUAL_LENGTHS, batch_size, batch_words, cost_of_reading, is_found, passes, reading
from studio.tasks.wizard_view import WizardView


def _updates(config: RunConfig, report: DataReport | None) -> Message | None:
    before = config.training.pretraining.steps
    if before:
        return message("{count} of them guess the next word", count=before)
    times = passes(config, report)
    return reading(times) if times else None


def _length(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> Message:
    updates, batch = config.training.max_steps, batch_size(config)
    if is_found(config):
        return message(
            "{updates:plural:update:updates} of {batch} each, as many as are found useful",
            updates=updates,
            batch=batch_words(config),
        )
    times = passes(config, report)
    if estimate is None or times is None:
        return message(
            "{updates:plural:update:updates} of {batch:plural:text:texts} each", updates=updates, batch=batch
        )
    return message(
        "{updates:plural:update:updates} of {batch:plural:text:texts} each: {reading}, {time} in all",
        updates=updates, batch=batch, reading=reading(times), time=duration(estimate.total_seconds),
    )  # fmt: skip


WIZARD = WizardView(
    make_forms=SortingForms,
    lengths=USUAL_LENGTHS,
    updates=_updates,
    paragraph=paragraph,
    cost=cost_of_reading,
    length=_length,
    topics=("reviews", "messages", "aspects", "stars"),
)
