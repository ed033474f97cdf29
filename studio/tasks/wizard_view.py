"""WizardView: what the wizard asks and says about a run of a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.config.run import RunConfig
from engine.errors import AttuneError
from engine.messages import Message
from engine.records import DataReport, Estimate
from studio.forms.choice_form import ChoiceForm
from studio.forms.kinds_form import KindsForm
from studio.tasks.form_group import FormGroup


class Costs(Protocol):
    """What is known of the costs of configs, or why they could not be measured."""

    def estimate(self, config: RunConfig) -> Estimate | None: ...

    def estimate_error(self, config: RunConfig) -> AttuneError | None: ...


class ModelsPanel(QWidget):
    """Models as cards; `changed({field of the config: value})` when another one is chosen."""

    changed = Signal(object)

    def show_config(self, config: RunConfig, costs: Costs) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class OwnModels:
    """Models that a task takes alone. `note` introduces them; `make_panel` offers them, `make_form` has all settings of
    the chosen one; `to_measure` gives the config and then those that one click leads to."""

    note: Message
    make_panel: Callable[[], ModelsPanel]
    make_form: Callable[[], ChoiceForm | KindsForm]
    to_measure: Callable[[RunConfig], list[RunConfig]]


About = Callable[[RunConfig, DataReport | None, Estimate | None], Message]


@dataclass(frozen=True)
class WizardView:
    """`make_forms` makes the forms of the training. `lengths` says what "quick", "balanced", "best" and "own" mean;
    `updates` what the updates come to, None where that is not known. `paragraph` tells the whole run in sentences;
    `cost` and `length` what the steps of the model and of the training lead to, in one. `topics` are the built-in texts
    that suit it. `models`: those that no other task takes; None: the models of its recipes are offered.
    """

    make_forms: Callable[[], FormGroup]
    lengths: Mapping[str, Message]
    updates: Callable[[RunConfig, DataReport | None], Message | None]
    paragraph: Callable[[RunConfig, DataReport | None, Estimate | None], tuple[Message, ...]]
    cost: Callable[[Estimate], Message]
    length: About
    topics: tuple[str, ...]
    models: OwnModels | None = None
