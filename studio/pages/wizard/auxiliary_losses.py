"""What a classifier learns beside its labels, in plain words: adversary, guessing words, texts without labels."""

from __future__ import annotations

from engine.config.adversary import FGM, VAT, Adversary, AttentionAdversary, FreeLB, NoAdversary
from engine.config.run import RunConfig
from engine.config.tasks.semi_supervised import SemiSupervised
from engine.messages import Message, message
from studio.pages.wizard.draft import source_name


def beside(config: RunConfig) -> tuple[Message, ...]:
    """Sentences; none for a plain training of one batch an update."""
    training, found = config.training, []
    if training.pretraining.steps:
        found.append(
            message("The first {count} of them only teach it to guess the next word.", count=training.pretraining.steps)
        )
    if training.accumulation.name == "fixed" and training.accumulation.steps > 1:
        found.append(
            message(
                "Each update gathers {count} micro-batches of {size:plural:text:texts}, which saves memory.",
                count=training.accumulation.steps,
                size=training.micro_batch_size,
            )
        )
    return (*found, *_few_labels(config), *_adversary(training.adversary), *_unlabelled(config))


def _adversary(adversary: Adversary) -> tuple[Message, ...]:
    match adversary:
        case NoAdversary():
            return ()
        case FGM():
            return (message("Each text is read once more with its word vectors moved against the model (FGM)."),)
        case FreeLB():
            return (
                message(
                    "Each text is read {count} times with its word vectors moved ever further against the model "
                    "(FreeLB).",
                    count=adversary.steps,
                ),
            )
        case VAT():
            return (message("Its answers must hold where a small change would turn them most (VAT)."),)
        case AttentionAdversary():
            return (message("Each text is read once more with its attention moved against the model."),)


def _few_labels(config: RunConfig) -> tuple[Message, ...]:
    if not isinstance(config.task, SemiSupervised):
        return ()
    return (message("A generator invents summaries of texts; telling them from real ones teaches the model as well."),)


def _unlabelled(config: RunConfig) -> tuple[Message, ...]:
    source = config.data.unlabelled
    if source is None:
        return ()
    is_read = config.training.pretraining.steps or config.training.adversary.name == "vat"
    if is_read or isinstance(config.task, SemiSupervised):
        return (message("It learns from the texts of “{name}” too, which need no labels.", name=source_name(source)),)
    return (message("The texts without labels are not read: nothing that is chosen here needs them."),)
