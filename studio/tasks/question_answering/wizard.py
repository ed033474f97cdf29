"""The wizard for runs that find answers."""

from __future__ import annotations

from engine.config.readers import BidafReader, PretrainedReader
from engine.config.run import RunConfig
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.forms.kinds_form import KindsForm
from studio.numbers import duration
from studio.tasks.question_answering.forms import ReaderForms
from studio.tasks.question_answering.models import ReaderPanel, to_measure
from studio.tasks.question_answering.paragraph import paragraph
from studio.tasks.run_words import USUAL_LENGTHS, batch_size, cost_of_reading, passes, read_in_updates, reading
from studio.tasks.wizard_view import OwnModels, WizardView


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
    lengths=USUAL_LENGTHS,
    updates=read_in_updates,
    paragraph=paragraph,
    cost=cost_of_reading,
    length=_length,
    topics=("manuals",),
    models=OwnModels(
        note=message("Readers of question and passage: what attention is worth is the difference of the first two."),
        make_panel=ReaderPanel,
        make_form=lambda: KindsForm(BidafReader(), PretrainedReader(), without=("source",)),
        to_measure=to_measure,
    ),
)
