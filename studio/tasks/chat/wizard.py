"""The wizard for runs that chat."""

from __future__ import annotations

from engine.config.language_models import PretrainedCausal, RecurrentLanguageModel, TransformerLanguageModel
from engine.config.run import RunConfig
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.forms.kinds_form import KindsForm
from studio.numbers import duration, file_size
from studio.tasks.chat.forms import ChatForms
from studio.tasks.chat.models import LanguageModelsPanel, to_measure
from studio.tasks.chat.paragraph import paragraph
from studio.tasks.run_words import USUAL_LENGTHS, batch_size, batch_words, is_found, passes, read_in_updates, reading
from studio.tasks.wizard_view import OwnModels, WizardView


def _cost(estimate: Estimate) -> Message:
    return message(
        "{parameters} parameters, {memory} of memory, {time} to read all dialogues once",
        parameters=estimate.num_parameters,
        memory=file_size(estimate.memory_bytes),
        time=duration(estimate.seconds_per_step * estimate.steps_per_epoch),
    )


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
            "{updates:plural:update:updates} of {batch:plural:dialogue:dialogues} each", updates=updates, batch=batch
        )
    return message(
        "{updates:plural:update:updates} of {batch:plural:dialogue:dialogues} each: {reading}, {time} in all",
        updates=updates, batch=batch, reading=reading(times), time=duration(estimate.total_seconds),
    )  # fmt: skip


WIZARD = WizardView(
    make_forms=ChatForms,
    lengths=USUAL_LENGTHS,
    updates=read_in_updates,
    paragraph=paragraph,
    cost=_cost,
    length=_length,
    topics=("dialogues",),
    models=OwnModels(
        note=message("A language model reads the turns so far and writes the next one, token by token."),
        make_panel=LanguageModelsPanel,
        make_form=lambda: KindsForm(TransformerLanguageModel(), RecurrentLanguageModel(), PretrainedCausal()),
        to_measure=to_measure,
    ),
)
