"""ReaderForms: how a reader learns, in cards; and ModelForms: all settings of whichever model is chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.config.choice import Choice
from engine.config.readers import BidafReader, PretrainedReader
from engine.config.tasks.question_answering import QuestionAnswering
from engine.messages import Message
from studio.forms.choice_form import ChoiceForm
from studio.tasks.classification.forms import SortingForms
from studio.translation import tr
from studio.widgets.fold import carded
from studio.widgets.layouts import fill


class ReaderForms(SortingForms):
    """Nothing comes before finding answers, and it has no adversary."""

    def lay_out(self) -> None:
        form = ChoiceForm(QuestionAnswering())
        of_task = self.joined(
            form,
            lambda config: config.task if isinstance(config.task, QuestionAnswering) else QuestionAnswering(),
            lambda task: {"task": task},
        )
        self.column.addWidget(carded(tr("How passages are read"), of_task))
        self.column.addWidget(self.fold())


class ModelForms(QWidget):
    """A form for each kind of reader, of which that of the chosen one is seen."""

    changed = Signal(object)
    refused = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forms = {
            BidafReader: ChoiceForm(BidafReader()),
            PretrainedReader: ChoiceForm(PretrainedReader(), without=("source",)),
        }
        self._shown: type[Choice] = BidafReader
        for form in self._forms.values():
            form.changed.connect(self.changed)
            form.refused.connect(self.refused)
        fill(QVBoxLayout(self), *self._forms.values())
        self.show_model(BidafReader())

    def model(self) -> Choice:
        """The last whole model."""
        return self._forms[self._shown].model()

    def show_model(self, model: Choice) -> None:
        """Show a reader of either kind, silently."""
        self._shown = type(model)
        self._forms[self._shown].show_model(model)
        for kind, form in self._forms.items():
            form.setVisible(kind is self._shown)

    def refusals(self) -> dict[str, Message]:
        return self._forms[self._shown].refusals()

    def show_misfit(self, name: str, reason: Message | None) -> None:
        self._forms[self._shown].show_misfit(name, reason)
