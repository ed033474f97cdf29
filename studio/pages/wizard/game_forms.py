"""GameForms: how a text GAN learns, in cards: its halves, the rules of the game, the guard; the rest under a fold."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by, validated
from engine.config.tasks.task_type import Misfit
from engine.config.tasks.text_gan import Guard, TextGan
from engine.metrics.registry import METRICS
from engine.records import DataReport
from studio.forms.choice_form import ChoiceForm
from studio.pages.wizard.config_sections import GameLength, length_of, rehearsal_of, with_length_of_game
from studio.pages.wizard.form_group import FormGroup, best_of
from studio.pages.wizard.step import Fold, carded
from studio.theme import GAP
from studio.translation import tr, words
from studio.widgets import Caption, Heading

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
