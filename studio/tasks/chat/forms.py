"""ChatForms: how a run that chats learns, in cards."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from engine.config.tasks.best_metric import validated
from engine.config.tasks.chat import Chat
from studio.forms.choice_form import ChoiceForm
from studio.tasks.form_group import FormGroup, best_of
from studio.theme import GAP
from studio.translation import tr
from studio.widgets.fold import Fold, carded

_SIZES = ("max_steps", "micro_batch_size", "accumulation")
_OWN = (*_SIZES, "best", "pretraining", "adversary", "baseline", "attacked_rows", "probes")


class ChatForms(FormGroup):
    """Length and best checkpoint, the answers; the rest under a fold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        best = self.joined(
            ChoiceForm(self.config.training.best, without=("recall_floor",), options={"metric": validated(Chat())}),
            best_of,
            lambda one: {"training": self.config.training.model_copy(update={"best": one})},
        )
        answers = self.joined(ChoiceForm(Chat()), lambda config: config.task, lambda task: {"task": task})
        cards = QGridLayout()
        cards.setSpacing(GAP)
        cards.addWidget(carded(tr("Length and batch"), self.of_training(*_SIZES)), 0, 0)
        cards.addWidget(carded(tr("What counts as best"), best), 0, 1)
        cards.setColumnStretch(0, 1)
        cards.setColumnStretch(1, 1)
        self.column.addLayout(cards)
        self.column.addWidget(carded(tr("Answers"), answers))
        fold = Fold(tr("All settings"), tr("optimizer, schedule, clipping, checkpoints, device"))
        seed = ChoiceForm(self.config, only=("seed",))
        fold.inside.addWidget(self.of_training(without=_OWN))
        fold.inside.addWidget(
            self.joined(seed, lambda config: config, lambda config: {"seed": config.seed}),
        )
        self.column.addWidget(fold)
