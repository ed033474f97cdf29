"""TaskType: all that the rooms must know of a task, said once; and TaskSpec, what a person chooses about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from engine.config.choice import Choice
from engine.config.data import DataConfig
from engine.config.losses import Loss
from engine.config.model import Model
from engine.config.roles import LABEL, TEXT, Role
from engine.config.training import TrainingConfig
from engine.messages import Message
from engine.targets import Target

Ability = Literal[
    "attend",
    "evaluate",
    "attack",
    "ablate",
    "export",
    "correct",
    "generate",
    "label lists",
    "learn from unlabelled rows",
    "answer questions",
    "transform",
    "write on",
    "chat",
]
"""What may be asked of a run of the task, beside training. "label lists": each text may get several labels, or a
number, as the data say. "learn from unlabelled rows": rows without a label are of use. "answer questions": a question
and a passage in, a piece of the passage out. "transform": a text in, another text out. "write on": a beginning in, the
rest out. "chat": turns in, the next one out."""

IN_WORDS: frozenset[Ability] = frozenset(("answer questions", "transform", "write on", "chat"))
"""Those of tasks that answer in words."""

_YES = frozenset(("true", "1", "yes", "on"))


class TaskSpec(Choice):
    """A task and its settings; `name` tells which one it is."""

    name: str

    @property
    def target(self) -> Target | None:
        """What a text's truth is; None where texts have none."""
        return None

    @property
    def has_labels(self) -> bool:
        """A column of the data says the truth of each text, be it a name or a number. A task that makes the truth of
        the texts themselves says no."""
        return self.target is not None

    @property
    def has_classes(self) -> bool:
        """The truths are names, each of many texts."""
        return self.has_labels and self.target is not None and self.target.is_categorical

    @property
    def has_numbers(self) -> bool:
        """The column of labels holds numbers."""
        return self.has_labels and self.is_numeric

    @property
    def is_numeric(self) -> bool:
        """The truths are numbers."""
        return self.target is not None and not self.target.is_categorical

    @property
    def is_multi_label(self) -> bool:
        """A text has any number of labels."""
        return self.target is not None and self.target.may_have_several

    @property
    def validated(self) -> tuple[str, ...]:
        """The metrics that its validation measures and that can choose the best checkpoint, the usual one first."""
        assert self.target is not None, "a task without labels says by what it is measured"
        return self.target.validated

    @property
    def longest_answer(self) -> int | None:
        """Tokens that an answer in words has at most; None where it has no limit of the task's own."""
        return None

    @property
    def label_loss(self) -> Loss | None:
        """What the truths are learned by."""
        return None

    @property
    def positive(self) -> str | None:
        """The label that a person called the positive one."""
        return None

    def with_target(self, target: Target) -> TaskSpec:
        """The same for texts with another truth, where the task leaves that to the data."""
        del target
        return self


@dataclass(frozen=True)
class Misfit:
    """`path` is the setting at which it can be mended ("training.adversary")."""

    path: str
    advice: Message


Spec = TypeVar("Spec", bound=TaskSpec)
Fault = Callable[[Any, Model, TrainingConfig, DataConfig | None], Misfit | None]


@dataclass(frozen=True)
class TaskType(Generic[Spec]):
    """One a task, registered in `registry`.

    `roles` are the columns that its data need. `model_names` are the models that it takes; empty: it takes all that no
    other task claims. `misfit` tells what else does not go together. `has_patience`: a training may end when nothing
    gets better. `knows_every_word`: no word is too rare for its vocabulary, and texts with unknown ones teach nothing.
    `measures_repeats`: held-out texts that also stand in the training data are measured all the same, as published
    figures have it. `writes`: what it says is text, so its tokenizer gives texts back as they were, blanks and
    capitals.
    """

    spec: type[Spec]
    abilities: frozenset[Ability]
    misfit: Fault
    roles: tuple[Role, ...] = (TEXT, LABEL)
    model_names: frozenset[str] = field(default_factory=frozenset)
    has_patience: bool = True
    knows_every_word: bool = False
    measures_repeats: bool = False
    writes: bool = False

    @property
    def name(self) -> str:
        return str(self.spec.model_fields["name"].default)

    @property
    def title(self) -> str:
        """In English; the window has it in its own language."""
        return str(self.spec.model_config.get("title"))

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The columns of a split that are read."""
        return tuple(role.key for role in self.roles if role.is_text)

    @property
    def asked_roles(self) -> tuple[Role, ...]:
        """The texts that an answer needs."""
        return tuple(role for role in self.roles if role.is_text and not role.is_wanted)

    def can(self, ability: Ability) -> bool:
        return ability in self.abilities

    @property
    def says(self) -> frozenset[Ability]:
        """What it is asked for in words; empty for a task that does not answer in words."""
        return self.abilities & IN_WORDS


def is_yes(value: object) -> bool:
    """Whether a setting that may still be a word is switched on."""
    return str(value).lower() in _YES
