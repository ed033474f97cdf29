"""What a classifier learns beside its labels, in plain words: adversary, guessing words, texts without labels."""

from __future__ import annotations

from engine.config.adversary import FGM, VAT, Adversary, AttentionAdversary, FreeLB, NoAdversary
from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of
from engine.messages import Message, message
from studio.tasks.run_words import source_name


def beside(config: RunConfig) -> tuple[Message, ...]:
    """What comes before, and what an update is made of; nothing for a plain training of one batch an update."""
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
    return tuple(found)


def adversary(config: RunConfig) -> tuple[Message, ...]:
    against: Adversary = config.training.adversary
    match against:
        case NoAdversary():
            return ()
        case FGM():
            return (message("Each text is read once more with its word vectors moved against the model (FGM)."),)
        case FreeLB():
            return (
                message(
                    "Each text is read {count} times with its word vectors moved ever further against the model "
                    "(FreeLB).",
                    count=against.steps,
                ),
            )
        case VAT():
            return (message("Its answers must hold where a small change would turn them most (VAT)."),)
        case AttentionAdversary():
            return (message("Each text is read once more with its attention moved against the model."),)


def unlabelled(config: RunConfig) -> tuple[Message, ...]:
    source = config.data.unlabelled
    if source is None:
        return ()
    is_read = config.training.pretraining.steps or config.training.adversary.name == "vat"
    if is_read or type_of(config.task).can("learn from unlabelled rows"):
        return (message("It learns from the texts of “{name}” too, which need no labels.", name=source_name(source)),)
    return (message("The texts without labels are not read: nothing that is chosen here needs them."),)
