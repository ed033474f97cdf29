"""WritingForms: how a language model learns, in cards: length, what counts as best; the rest under a fold."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from engine.config.tasks.best_metric import validated
from engine.config.tasks.language_model import LanguageModelling
from studio.forms.choice_form import ChoiceForm
from studio.tasks.form_group import FormGroup, best_of
from studio.theme import GAP
from studio.translation import tr
from studio.widgets import Caption
from studio.widgets.fold import Fold, carded

_SIZES = ("max_steps", "micro_batch_size", "accumulation")
_NOT_OURS = (*_SIZES, "best", "pretraining", "adversary", "baseline", "attacked_rows", "probes", "probe_tokens")


class WritingForms(FormGroup):
    """There is no adversary, and nothing comes before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        best = self.joined(
            ChoiceForm(
                self.config.training.best,
                without=("recall_floor",),
                options={"metric": validated(LanguageModelling())},
            ),
            best_of,
            lambda best: {"training": self.config.training.model_copy(update={"best": best})},
        )
        about = Caption(tr("measured on texts that it has not learned from"), wrap=True)
        cards = QGridLayout()
        cards.setSpacing(GAP)
        cards.addWidget(carded(tr("Length and batch"), self.of_training(*_SIZES)), 0, 0)
        cards.addWidget(carded(tr("What counts as best"), about, best), 0, 1)
        cards.setColumnStretch(0, 1)
        cards.setColumnStretch(1, 1)
        self.column.addLayout(cards)
        fold = Fold(tr("All settings"), tr("optimizer, schedule, clipping, measuring, checkpoints, device"))
        own = self.joined(ChoiceForm(LanguageModelling()), lambda config: config.task, lambda task: {"task": task})
        seed = ChoiceForm(self.config, only=("seed",))
        rest = self.joined(seed, lambda config: config, lambda config: {"seed": config.seed})
        for form in (own, self.of_training(without=_NOT_OURS), rest):
            fold.inside.addWidget(form)
        self.column.addWidget(fold)
