"""The wizard for runs that translate or summarise."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.config.seq2seq import PretrainedSeq2Seq, RecurrentSeq2Seq, TransformerSeq2Seq
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.forms.kinds_form import KindsForm
from studio.numbers import duration
from studio.tasks.run_words import USUAL_LENGTHS, batch_words, cost_of_reading, passes, read_in_updates, reading
from studio.tasks.sequence_to_sequence.forms import TranslationForms
from studio.tasks.sequence_to_sequence.models import TranslatorsPanel, translators_to_measure
from studio.tasks.sequence_to_sequence.paragraph import paragraph
from studio.tasks.wizard_view import OwnModels, WizardView


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
    lengths=USUAL_LENGTHS,
    updates=read_in_updates,
    paragraph=paragraph,
    cost=cost_of_reading,
    length=_length,
    topics=("dates",),
    models=OwnModels(
        note=message("A model reads, another one writes. With attention it shows which word comes from where."),
        make_panel=TranslatorsPanel,
        make_form=lambda: KindsForm(RecurrentSeq2Seq(), TransformerSeq2Seq(), PretrainedSeq2Seq()),
        to_measure=translators_to_measure,
    ),
)
