"""FormGroup: several forms over parts of one config, kept in step with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.config.best_checkpoint import BestCheckpoint
from engine.config.choice import Choice
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.config.tasks.task_type import Misfit
from engine.messages import Message
from engine.records import DataReport
from studio.forms.choice_form import ChoiceForm
from studio.theme import GAP


@dataclass(frozen=True)
class _Part:
    form: ChoiceForm
    read: Callable[[RunConfig], Choice]


class FormGroup(QWidget):
    """`changed({field of the config: value})` when something valid was typed, `refused()` when not.

    Each form reads its part of the config and says what of the config becomes of an edit.
    """

    changed = Signal(object)
    refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GAP)
        self.config = RunConfig()
        self._parts: list[_Part] = []

    def joined(
        self, form: ChoiceForm, read: Callable[[RunConfig], Choice], write: Callable[[Any], dict[str, object]]
    ) -> ChoiceForm:
        """The form, from now on in step with the config."""
        self._parts.append(_Part(form, read))
        form.changed.connect(lambda value: self.changed.emit(write(value)))
        form.refused.connect(lambda path, reason: self.refused.emit())
        return form

    def of_training(self, *fields: str, without: tuple[str, ...] = ()) -> ChoiceForm:
        """A form of some fields of the training; none named: of all but `without`."""
        form = ChoiceForm(self.config.training, only=fields or None, without=without)
        return self.joined(form, lambda config: config.training, lambda training: {"training": training})

    def show_config(self, config: RunConfig, fault: Misfit | None, report: DataReport | None = None) -> None:
        """`report` is what is known of the data, if anything is."""
        self.config = config
        for part in self._parts:
            model = part.read(config)
            if part.form.model() != model:
                part.form.show_model(model)
            for name in ("adversary", "pretraining", "rehearsal", "attacked_rows", "loss"):
                part.form.show_misfit(name, _advice(fault, name))

    def refusals(self) -> dict[str, Message]:
        found: dict[str, Message] = {}
        for part in self._parts:
            found |= part.form.refusals()
        return found


def best_of(config: RunConfig) -> BestCheckpoint:
    """With the metric that chooses, where the goal has none but its usual one."""
    best = config.training.best
    return best.model_copy(update={"metric": judged_by(config.task, best)})


def _advice(fault: Misfit | None, name: str) -> Message | None:
    """A rehearsal is what a text GAN's length calls its pre-training."""
    place = "pretraining" if name == "rehearsal" else name
    return fault.advice if fault is not None and fault.path in (f"training.{place}", f"task.{place}") else None
