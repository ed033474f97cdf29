"""The wizard for text GANs."""

from __future__ import annotations

from engine.config.gan import TextGanPair
from engine.config.run import RunConfig
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.forms.choice_form import ChoiceForm
from studio.numbers import duration, file_size
from studio.tasks.text_gan.forms import GameForms
from studio.tasks.text_gan.pair import PairPanel, pairs_to_measure
from studio.tasks.text_gan.paragraph import paragraph
from studio.tasks.wizard_view import OwnModels, WizardView


def _updates(config: RunConfig, report: DataReport | None) -> Message:
    del report
    before = config.training.pretraining.steps
    game = config.training.max_steps - before
    return message("{rehearsal} of rehearsal, {game} of the game", rehearsal=before, game=game)


def _cost(estimate: Estimate) -> Message:
    return message(
        "{parameters} parameters of both, {memory} of memory, {time} in all",
        parameters=estimate.num_parameters,
        memory=file_size(estimate.memory_bytes),
        time=duration(estimate.total_seconds),
    )


def _length(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> Message:
    del report
    before, training = config.training.pretraining.steps, config.training
    if estimate is None:
        return message(
            "{rehearsal:plural:update:updates} of rehearsal, then {game} of the game",
            rehearsal=before,
            game=training.max_steps - before,
        )
    return message(
        "{rehearsal:plural:update:updates} of rehearsal, then {game} of the game: {time} in all",
        rehearsal=before,
        game=training.max_steps - before,
        time=duration(estimate.total_seconds),
    )


WIZARD = WizardView(
    make_forms=GameForms,
    lengths={
        "quick": message("A quarter of the usual rehearsal and game: enough to read first texts."),
        "balanced": message("The recipe's own rehearsal and game."),
        "best": message("Two and a half times the usual rehearsal and game."),
        "own": message("The length was typed by hand."),
    },
    updates=_updates,
    paragraph=paragraph,
    cost=_cost,
    length=_length,
    topics=("captions",),
    models=OwnModels(
        note=message("Two models play against each other. Every writer can play against every critic."),
        make_panel=PairPanel,
        make_form=lambda: ChoiceForm(TextGanPair()),
        to_measure=pairs_to_measure,
    ),
)
