"""KindsForm: all settings of whichever kind of a choice is chosen elsewhere; a form a kind, of which one is seen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.config.choice import Choice
from engine.messages import Message
from studio.forms.choice_form import ChoiceForm
from studio.widgets.layouts import fill


class KindsForm(QWidget):
    """`kinds` are the choices that it begins with, one a kind, the first of them seen; `without` are fields that are
    asked elsewhere. It is asked and told as a `ChoiceForm` of the kind that is seen."""

    changed = Signal(object)
    refused = Signal(str, object)

    def __init__(self, *kinds: Choice, without: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forms = {
            type(one): ChoiceForm(one, without=tuple(name for name in without if name in type(one).model_fields))
            for one in kinds
        }
        for form in self._forms.values():
            form.changed.connect(self.changed)
            form.refused.connect(self.refused)
        fill(QVBoxLayout(self), *self._forms.values())
        self._shown = type(kinds[0])
        self.show_model(kinds[0])

    def model(self) -> Choice:
        """The last whole one."""
        return self._forms[self._shown].model()

    def show_model(self, model: Choice) -> None:
        """Show one of any kind, silently."""
        self._shown = type(model)
        self._forms[self._shown].show_model(model)
        for kind, form in self._forms.items():
            form.setVisible(kind is self._shown)

    def refusals(self) -> dict[str, Message]:
        return self._forms[self._shown].refusals()

    def show_misfit(self, name: str, reason: Message | None) -> None:
        self._forms[self._shown].show_misfit(name, reason)
