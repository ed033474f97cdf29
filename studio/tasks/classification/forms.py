"""SortingForms: how a classifier learns, in cards: length, best checkpoint, adversary; the rest under a fold."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by, validated
from engine.config.tasks.classification import Classification
from engine.config.tasks.task_type import Misfit
from engine.messages import Message, message
from engine.records import DataReport
from studio.forms.choice_form import ChoiceForm
from studio.tasks.classification.paragraph import best_sentence
from studio.tasks.form_group import FormGroup, best_of
from studio.theme import GAP
from studio.translation import tr, words
from studio.widgets import Caption
from studio.widgets.fold import Fold, carded
from studio.widgets.labels import label

_SIZES = ("max_steps", "micro_batch_size", "accumulation")
_MEANS = ("f1", "precision", "recall")
_OWN = (*_SIZES, "best", "pretraining", "adversary")


class SortingForms(FormGroup):
    """`lay_out` adds what comes under the first two cards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._best_said = label("", 13, "second")
        self._best_forms: dict[tuple[str, ...], ChoiceForm] = {}
        cards = QGridLayout()
        cards.setSpacing(GAP)
        cards.addWidget(carded(tr("Length and batch"), self.of_training(*_SIZES)), 0, 0)
        cards.addWidget(self._best_card(), 0, 1)
        cards.setColumnStretch(0, 1)
        cards.setColumnStretch(1, 1)
        self.column.addLayout(cards)
        self.lay_out()

    def show_config(self, config: RunConfig, fault: Misfit | None, report: DataReport | None = None) -> None:
        num_labels = len(report.balance) if report is not None and report.balance else None
        shown = self._best_form(validated(config.task, num_labels))
        super().show_config(config, fault, report)
        self._best_said.setText(" ".join(map(words, self.best_words(config, num_labels))))
        for form in self._best_forms.values():
            form.setVisible(form is shown)

    def best_words(self, config: RunConfig, num_labels: int | None) -> tuple[Message, ...]:
        """Which checkpoint is kept."""
        is_mean = num_labels is not None and num_labels > 2 and judged_by(config.task, config.training.best) in _MEANS
        mean = (message("With more than two labels it is the mean over labels."),) if is_mean else ()
        return (best_sentence(config), *mean)

    def _best_card(self) -> QWidget:
        inside = QWidget()
        self._best_column = QVBoxLayout(inside)
        self._best_column.setContentsMargins(0, 0, 0, 0)
        return carded(tr("What counts as best"), self._best_said, inside)

    def _best_form(self, metrics: tuple[str, ...]) -> ChoiceForm:
        """Which of the metrics that are measured chooses; made when they are first offered."""
        if metrics not in self._best_forms:
            has_floor = "precision" in metrics
            form = self.joined(
                ChoiceForm(
                    self.config.training.best,
                    without=() if has_floor else ("recall_floor",),
                    options={"metric": metrics},
                ),
                best_of,
                lambda best: {"training": self.config.training.model_copy(update={"best": best})},
            )
            self._best_column.addWidget(form)
            self._best_forms[metrics] = form
        return self._best_forms[metrics]

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
