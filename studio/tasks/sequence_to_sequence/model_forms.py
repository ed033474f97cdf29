"""ModelForms: all settings of the chosen encoder-decoder, whichever kind it is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.config.choice import Choice
from engine.config.seq2seq import PretrainedSeq2Seq, RecurrentSeq2Seq, TransformerSeq2Seq
from engine.messages import Message
from studio.forms.choice_form import ChoiceForm
from studio.widgets.layouts import fill


class ModelForms(QWidget):
    """A form for each kind, of which one is seen; it is asked as that one would be."""

    changed = Signal(object)
    refused = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        kinds: tuple[Choice, ...] = (RecurrentSeq2Seq(), TransformerSeq2Seq(), PretrainedSeq2Seq())
        self._forms = {type(one): ChoiceForm(one) for one in kinds}
        self._shown: type[Choice] = RecurrentSeq2Seq
        for form in self._forms.values():
            form.changed.connect(self.changed)
            form.refused.connect(self.refused)
        fill(QVBoxLayout(self), *self._forms.values())
        self.show_model(RecurrentSeq2Seq())

    def model(self) -> Choice:
        """The last whole model."""
        return self._forms[self._shown].model()

    def show_model(self, model: Choice) -> None:
        self._shown = type(model)
        self._forms[self._shown].show_model(model)
        for kind, form in self._forms.items():
            form.setVisible(kind is self._shown)

    def refusals(self) -> dict[str, Message]:
        return self._forms[self._shown].refusals()

    def show_misfit(self, name: str, reason: Message | None) -> None:
        self._forms[self._shown].show_misfit(name, reason)
