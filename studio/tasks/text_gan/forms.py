"""GameForms: how a text GAN learns, in cards: its halves, the rules of the game, the guard; the rest under a fold."""

from __future__ import annotations

from pydantic import ConfigDict
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.config.choice import Choice, setting
from engine.config.pretraining import LanguageModelPretraining, NoPretraining, Pretraining
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by, validated
from engine.config.tasks.task_type import Misfit
from engine.config.tasks.text_gan import Guard, TextGan
from engine.config.training import TrainingConfig
from engine.messages import message
from engine.metrics.registry import METRICS
from engine.records import DataReport
from studio.forms.choice_form import ChoiceForm
from studio.tasks.form_group import FormGroup, best_of
from studio.theme import GAP
from studio.translation import tr, words
from studio.widgets import Caption, Heading
from studio.widgets.fold import Fold, carded

_RULES = ("discriminator_steps", "estimator", "loss")
_OWN = (
    "max_steps",
    "micro_batch_size",
    "accumulation",
    "pretraining",
    "adversary",
    "best",
    "baseline",
    "attacked_rows",
)

_REHEARSAL = message("Rehearsal")
_REHEARSAL_HELP = message("Updates in which the writer learns to guess the next word. 0: the game begins at once.")
_GAME = message("The game")
_GAME_HELP = message("Updates of the writer in its game with the critic.")


class GameLength(Choice):
    """How long a text GAN rehearses and plays, and how much it reads at once."""

    model_config = ConfigDict(title="Training")
    rehearsal: int = setting(300, ge=0, le=1_000_000, title=_REHEARSAL.id, help=_REHEARSAL_HELP.id)
    game: int = setting(300, ge=1, le=1_000_000, title=_GAME.id, help=_GAME_HELP.id)
    micro_batch_size: int = setting(32, ge=1, le=4096, title="Micro-batch", help="Texts that are read at once.")


def length_of(config: RunConfig) -> GameLength:
    training = config.training
    before = training.pretraining.steps
    return GameLength(
        rehearsal=before, game=max(1, training.max_steps - before), micro_batch_size=training.micro_batch_size
    )


def with_length_of_game(training: TrainingConfig, length: GameLength) -> TrainingConfig:
    """The same training, so long; the rehearsal's optimizer and schedule stay."""
    return training.model_copy(
        update={
            "max_steps": length.rehearsal + length.game,
            "micro_batch_size": length.micro_batch_size,
            "pretraining": _rehearsing(training.pretraining, length.rehearsal),
        }
    )


def rehearsal_of(config: RunConfig) -> LanguageModelPretraining:
    """How it rehearses, or would."""
    before = config.training.pretraining
    return before if isinstance(before, LanguageModelPretraining) else LanguageModelPretraining()


def _rehearsing(before: Pretraining, steps: int) -> Pretraining:
    if steps == 0:
        return NoPretraining()
    if isinstance(before, LanguageModelPretraining):
        return before.model_copy(update={"steps": steps})
    return LanguageModelPretraining(steps=steps)


class GameForms(FormGroup):
    """The adversary of a text GAN is its critic; its best checkpoint is chosen by its texts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        length = self.joined(
            ChoiceForm(GameLength()),
            length_of,
            lambda length: {"training": with_length_of_game(self.config.training, length)},
        )
        guard = self.joined(
            ChoiceForm(Guard()), _guard_of, lambda guard: {"task": self._task.model_copy(update={"guard": guard})}
        )
        self._kept_by = Caption("", wrap=True)
        best = self.joined(
            ChoiceForm(self.config.training.best, only=("metric",), options={"metric": validated(TextGan())}),
            best_of,
            lambda best: {"training": self.config.training.model_copy(update={"best": best})},
        )
        cards = QGridLayout()
        cards.setSpacing(GAP)
        cards.addWidget(carded(tr("Length and batch"), length, self.of_training("accumulation")), 0, 0)
        cards.addWidget(carded(tr("Guard against collapse"), self._kept_by, best, guard), 0, 1)
        cards.setColumnStretch(0, 1)
        cards.setColumnStretch(1, 1)
        self.column.addLayout(cards)
        self.column.addWidget(carded(tr("Rules of the game"), self._of_task(*_RULES)))
        self.column.addWidget(self._fold())

    def show_config(self, config: RunConfig, fault: Misfit | None, report: DataReport | None = None) -> None:
        super().show_config(config, fault, report)
        self._kept_by.setText(_kept_words(judged_by(config.task, config.training.best)))

    @property
    def _task(self) -> TextGan:
        assert isinstance(self.config.task, TextGan)
        return self.config.task

    def _of_task(self, *fields: str) -> ChoiceForm:
        form = ChoiceForm(TextGan(), only=fields)
        return self.joined(form, lambda config: config.task, lambda task: {"task": task})

    def _fold(self) -> Fold:
        fold = Fold(tr("All settings"), tr("optimizers, schedules, clipping, meters, checkpoints, device"))
        rehearsal = self.joined(
            ChoiceForm(rehearsal_of(self.config), without=("steps",)), rehearsal_of, self._with_rehearsal
        )
        seed = ChoiceForm(self.config, only=("seed",))
        critic = self._of_task("discriminator_optimizer", "discriminator_schedule", "num_samples")
        for title, form in (
            (tr("The rehearsal"), rehearsal),
            (tr("The critic, and the meters"), critic),
            (tr("The writer in the game, and the rest"), self.of_training(without=_OWN)),
            ("", self.joined(seed, lambda config: config, lambda config: {"seed": config.seed})),
        ):
            if title:
                fold.inside.addWidget(Heading(title, "card"))
            fold.inside.addWidget(form)
        return fold

    def _with_rehearsal(self, rehearsal: object) -> dict[str, object]:
        """Without a rehearsal there is nothing to set."""
        if not self.config.training.pretraining.steps:
            return {}
        return {"training": self.config.training.model_copy(update={"pretraining": rehearsal})}


def _guard_of(config: RunConfig) -> Guard:
    assert isinstance(config.task, TextGan)
    return config.task.guard


def _kept_words(key: str) -> str:
    if key == "reverse_perplexity":
        return tr("Its texts are compared with real ones at each measurement; the best by reverse perplexity are kept.")
    title = words(METRICS[key].title)
    return tr(
        "Its texts are compared with real ones at each measurement; the best are kept by: {metric}.", metric=title
    )
