"""SortingForms: how a classifier learns, in cards: length, best checkpoint, adversary; the rest under a fold."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from engine.config.run import RunConfig
from engine.config.tasks.classification import Classification
from engine.config.tasks.semi_supervised import SemiSupervised
from engine.config.tasks.task_type import Misfit
from studio.forms.choice_form import ChoiceForm
from studio.pages.wizard.form_group import FormGroup
from studio.pages.wizard.labels import label
from studio.pages.wizard.paragraph import best_sentence
from studio.pages.wizard.step import Fold, carded
from studio.theme import GAP
from studio.translation import tr, words
from studio.widgets import Caption

_SIZES = ("max_steps", "micro_batch_size", "accumulation")
_OWN = (*_SIZES, "best", "pretraining", "adversary")


class SortingForms(FormGroup):
    """Made for one kind of task: few labels have an adversary of their own."""

    def __init__(self, task: Classification | SemiSupervised, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._best_said = label("", 13, "second")
        self._of_labels, self._of_numbers = self._best_form(), self._best_form("metric", "recall_floor")
        cards = QGridLayout()
        cards.setSpacing(GAP)
        cards.addWidget(carded(tr("Length and batch"), self.of_training(*_SIZES)), 0, 0)
        cards.addWidget(carded(tr("What counts as best"), self._best_said, self._of_labels, self._of_numbers), 0, 1)
        cards.setColumnStretch(0, 1)
        cards.setColumnStretch(1, 1)
        self.column.addLayout(cards)
        self.column.addWidget(self._beside(task))
        self.column.addWidget(self._fold(task))

    def show_config(self, config: RunConfig, fault: Misfit | None) -> None:
        super().show_config(config, fault)
        self._best_said.setText(words(best_sentence(config)))
        self._of_labels.setVisible(not config.task.is_numeric)
        self._of_numbers.setVisible(config.task.is_numeric)

    def _best_form(self, *without: str) -> ChoiceForm:
        """A number is always judged by its error."""
        return self.joined(
            ChoiceForm(self.config.training.best, without=without),
            lambda config: config.training.best,
            lambda best: {"training": self.config.training.model_copy(update={"best": best})},
        )

    def _beside(self, task: Classification | SemiSupervised) -> QWidget:
        if isinstance(task, Classification):
            about = tr("both make it surer of texts that it has never seen, and take more time")
            form = self.of_training("adversary", "pretraining")
            return carded(tr("Adversary, and what comes before"), Caption(about, wrap=True), form)
        task_form = self.joined(
            ChoiceForm(task, without=("positive_label",)), lambda config: config.task, lambda one: {"task": one}
        )
        return carded(tr("Few labels, and what comes before"), task_form, self.of_training("pretraining"))

    def _fold(self, task: Classification | SemiSupervised) -> Fold:
        fold = Fold(tr("All settings"), tr("optimizer, schedule, clipping, loss, checkpoints, device"))
        if isinstance(task, Classification):
            form = ChoiceForm(task, without=("positive_label", "multi_label"))
            fold.inside.addWidget(self.joined(form, lambda config: config.task, lambda one: {"task": one}))
        fold.inside.addWidget(self.of_training(without=_OWN))
        seed = ChoiceForm(self.config, only=("seed",))
        fold.inside.addWidget(self.joined(seed, lambda config: config, lambda config: {"seed": config.seed}))
        return fold
