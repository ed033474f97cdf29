"""FewLabelsForms: how a classifier learns from few labels: its generator in place of an adversary to choose."""

from __future__ import annotations

from engine.config.tasks.semi_supervised import SemiSupervised
from studio.forms.choice_form import ChoiceForm
from studio.tasks.classification.forms import SortingForms
from studio.translation import tr
from studio.widgets.fold import carded


class FewLabelsForms(SortingForms):
    """The adversary of few labels is their own."""

    def lay_out(self) -> None:
        form = ChoiceForm(SemiSupervised(), without=("positive_label",))
        of_task = self.joined(form, lambda config: config.task, lambda one: {"task": one})
        card = carded(tr("Few labels, and what comes before"), of_task, self.of_training("pretraining"))
        self.column.addWidget(card)
        self.column.addWidget(self.fold())
