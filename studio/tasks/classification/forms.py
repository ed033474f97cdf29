"""SortingForms: how a classifier learns, in cards: length, best checkpoint, adversary; the rest under a fold."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from engine.config.run import RunConfig
from engine.config.tasks.classification import Classification
from engine.config.tasks.task_type import Misfit
from studio.forms.choice_form import ChoiceForm
from studio.tasks.classification.paragraph import best_sentence
from studio.tasks.form_group import FormGroup
from studio.theme import GAP
from studio.translation import tr, words
from studio.widgets import Caption
from studio.widgets.fold import Fold, carded
from studio.widgets.labels import label

_SIZES = ("max_steps", "micro_batch_size", "accumulation")
_OWN = (*_SIZES, "best", "pretraining", "adversary")


class SortingForms(FormGroup):
    """`lay_out` adds what comes under the first two cards."""

    def __init__(self, parent: QWidget | None = None) -> None:
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
        self.lay_out()

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

    def lay_out(self) -> None:
        about = tr("both make it surer of texts that it has never seen, and take more time")
        form = self.of_training("adversary", "pretraining")
        self.column.addWidget(carded(tr("Adversary, and what comes before"), Caption(about, wrap=True), form))
        loss = ChoiceForm(Classification(), without=("positive_label", "multi_label"))
        self.column.addWidget(self.fold(self.joined(loss, lambda config: config.task, lambda one: {"task": one})))

    def fold(self, *first: QWidget) -> Fold:
        """All that has no card of its own, under what the task itself has to set."""
        fold = Fold(tr("All settings"), tr("optimizer, schedule, clipping, loss, checkpoints, device"))
        seed = ChoiceForm(self.config, only=("seed",))
        for form in (
            *first,
            self.of_training(without=_OWN),
            self.joined(seed, lambda config: config, lambda config: {"seed": config.seed}),
        ):
            fold.inside.addWidget(form)
        return fold
