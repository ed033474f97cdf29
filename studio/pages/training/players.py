"""Players: whose curves a run has, which of them to look at now, what they are called and how they are coloured."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.metrics.registry import METRICS
from engine.runs.history import History
from studio.theme import tokens
from studio.translation import tr, words

PRETRAINING, MODEL, WRITER, CRITIC = "pretraining", "model", "generator", "discriminator"


def is_gan(config: RunConfig) -> bool:
    return config.task.name == "text-gan"


def players_of(config: RunConfig) -> tuple[str, ...]:
    """Everyone who will take a turn, in the order of their turns."""
    before = (PRETRAINING,) if config.training.pretraining.steps else ()
    if is_gan(config):
        return (*before, CRITIC, WRITER)
    return (*before, MODEL, WRITER) if config.task.name == "semi-supervised" else (*before, MODEL)


def main_player(history: History, config: RunConfig) -> str:
    """Who learns what the run is for; while it still rehearses, who rehearses."""
    if is_rehearsing(history, config):
        return PRETRAINING
    return WRITER if is_gan(config) else MODEL


def is_rehearsing(history: History, config: RunConfig) -> bool:
    """Whether it still learns to guess the next word, before the task itself."""
    return 0 < history.last_step <= config.training.pretraining.steps


def player_name(player: str, config: RunConfig) -> str:
    """As it stands at the end of a curve."""
    if player == PRETRAINING:
        return tr("rehearsal") if is_gan(config) else tr("guessing words")
    if is_gan(config):
        return tr("critic") if player == CRITIC else tr("writer")
    return {MODEL: tr("train"), WRITER: tr("generator")}.get(player, player)


def player_color(player: str, config: RunConfig) -> str:
    """The colour of the curves of one player; the validation's is nobody's."""
    colors = tokens()
    if player == WRITER and not is_gan(config):
        return colors.s5
    return {PRETRAINING: colors.s3, CRITIC: colors.s4}.get(player, colors.s1)


def validation_name(config: RunConfig) -> str:
    """What the loss on validation is called: of a GAN it is the writer's, a token, as in the rehearsal."""
    return words(METRICS["nll_gen"].title) if is_gan(config) else tr("validation")
