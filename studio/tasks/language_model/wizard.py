"""The wizard for language models."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.forms.kinds_form import KindsForm
from studio.numbers import duration
from studio.tasks.language_model.forms import WritingForms
from studio.tasks.language_model.models import MODELS, LanguageModelPanel, models_to_measure
from studio.tasks.language_model.paragraph import paragraph
from studio.tasks.run_words import batch_size, cost_of_reading
from studio.tasks.wizard_view import OwnModels, WizardView


def _updates(config: RunConfig, report: DataReport | None) -> Message | None:
    del report
    tokens = config.training.max_steps * batch_size(config) * config.data.max_length
    return message("about {tokens} tokens read", tokens=tokens)


def _length(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> Message:
    del report
    told = {"updates": config.training.max_steps, "batch": batch_size(config), "length": config.data.max_length}
    if estimate is None:
        return message("{updates:plural:update:updates} of {batch} pieces of {length} tokens each", **told)
    return message(
        "{updates:plural:update:updates} of {batch} pieces of {length} tokens each: {time} in all",
        time=duration(estimate.total_seconds),
        **told,
    )


WIZARD = WizardView(
    make_forms=WritingForms,
    lengths={
        "quick": message("A quarter of the usual length: enough to read first texts."),
        "balanced": message("The recipe's own length. It ends early when nothing gets better."),
        "best": message("Two and a half times the usual length, and more patience before it ends early."),
        "own": message("The length was typed by hand."),
    },
    updates=_updates,
    paragraph=paragraph,
    cost=cost_of_reading,
    length=_length,
    topics=("stories",),
    models=OwnModels(
        note=message("Each tells the next token in its own way; all are measured alike, by perplexity."),
        make_panel=LanguageModelPanel,
        make_form=lambda: KindsForm(*MODELS.values()),
        to_measure=models_to_measure,
    ),
)
