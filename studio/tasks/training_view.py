"""TrainingView: what the training page shows of a task's runs: players, curves, figures, and the verdict on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.config.run import RunConfig
from engine.events import RunStarted
from engine.messages import Message
from engine.runs.history import History
from studio.plots.charts.panel import Panel
from studio.tasks.judgement import PRETRAINING, Verdict, is_rehearsing
from studio.tasks.measures import LOSS, SPLIT, Curves, Measure
from studio.theme import tokens
from studio.translation import words


@dataclass(frozen=True)
class Phases:
    """What a run does before the task and then, as titles; `turn` is said where one becomes the other, `end` at the
    end of the first on the chart."""

    before: Message
    task: Message
    turn: Message
    end: Message


@dataclass(frozen=True)
class TrainingView:
    """`players` take turns in this order; `learner` is the one whom the run is for. `player_names` stand at the ends of
    their curves, `player_colors` name tokens of the theme; `validation_name` is what the loss on validation is called.

    `curves` are the metrics of the second chart, whose title is theirs or `quality_title`, `tiles` those in large
    figures; `followed` tells whether the run learns; `compared` are the keys of those by which runs are compared while
    they learn, the first at once. `panels` are those of the large view between the loss and what every run has, always
    the same ones for one run. `running` is the verdict on a run that has made steps, `ended` on one in the state
    "finished" or "stopped".
    """

    players: tuple[str, ...]
    learner: str
    player_names: Mapping[str, Message]
    player_colors: Mapping[str, str]
    validation_name: Message
    phases: Phases
    loss_caption: Message
    quality_caption: Callable[[RunStarted, RunConfig], Message]
    probes_caption: Callable[[int], Message]
    curves: Callable[[RunConfig], tuple[Measure, ...]]
    tiles: Callable[[RunConfig], tuple[Measure, Measure]]
    followed: Callable[[RunConfig], Measure]
    compared: Callable[[RunConfig], tuple[str, ...]]
    panels: Callable[[History, RunConfig], list[Panel]]
    running: Callable[[History, RunConfig], Verdict]
    ended: Callable[[History, RunConfig, str], Verdict]
    quality_title: Message | None = None

    def players_of(self, config: RunConfig) -> tuple[str, ...]:
        """Everyone who will take a turn, in the order of their turns."""
        return (PRETRAINING, *self.players) if config.training.pretraining.steps else self.players

    def main_player(self, history: History, config: RunConfig) -> str:
        """Who learns what the run is for; while it still rehearses, who rehearses."""
        return PRETRAINING if is_rehearsing(history, config) else self.learner

    def player_name(self, player: str) -> str:
        """As it stands at the end of a curve."""
        return words(self.player_names[player]) if player in self.player_names else player

    def player_color(self, player: str) -> str:
        """The colour of the curves of one player; the validation's is nobody's."""
        return str(getattr(tokens(), self.player_colors.get(player, "s1")))

    def read_curves(self, history: History, config: RunConfig) -> Curves:
        """Every curve that the page draws, read once."""
        measures = (LOSS, *self.curves(config), *self.tiles(config))
        return {measure.key: history.metric(measure.key, SPLIT) for measure in measures}
