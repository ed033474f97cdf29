"""TaskView: all that the window knows of a task, said once. It is made before the first paint, so it is light: what
the training page and the wizard need of it is loaded when they first ask."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine.messages import Message

if TYPE_CHECKING:
    from studio.tasks.training_view import TrainingView
    from studio.tasks.wizard_view import WizardView


@dataclass(frozen=True)
class HomeCard:
    """The goal's card on the home page. `color` names a token of the theme."""

    icon: str
    purpose: Message
    color: str


@dataclass(frozen=True)
class GoalCard:
    """How the task is offered as a goal: what it is for, and an example of (what goes in, what comes out). `home`: its
    card on the home page, if it has one there."""

    title: Message
    purpose: Message
    example: tuple[Message, Message]
    home: HomeCard | None = None


@dataclass(frozen=True)
class TaskView:
    """One a task, registered in `registry` under the name of its `TaskType`.

    `recipe` is the key of the one that the goal begins with; `has_builtin_source`: the built-in texts are at hand until
    others are chosen. `stages` are the pages that have something to say of a run, in their order; of them `result_page`
    shows what it has learned.
    """

    name: str
    goal: GoalCard
    recipe: str
    stages: tuple[str, ...]
    result_page: str
    has_builtin_source: bool = False

    @property
    def training(self) -> TrainingView:
        """What the training page shows of a run: TRAINING of the task's `training`, loaded when it is asked for."""
        found: TrainingView = self._part("training").TRAINING
        return found

    @property
    def wizard(self) -> WizardView:
        """What the wizard asks and says about a run: WIZARD of the task's `wizard`, loaded as late."""
        found: WizardView = self._part("wizard").WIZARD
        return found

    def _part(self, name: str) -> Any:
        """A module of the task's folder, which is called as the task."""
        return import_module(f"studio.tasks.{self.name.replace('-', '_')}.{name}")
