"""WizardView: what the wizard asks and says about a run of a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.config.run import RunConfig
from engine.messages import Message
from engine.records import DataReport, Estimate
from studio.tasks.form_group import FormGroup

About = Callable[[RunConfig, DataReport | None, Estimate | None], Message]


@dataclass(frozen=True)
class WizardView:
    """`make_forms` makes the forms of the training. `lengths` says what "quick", "balanced", "best" and "own" mean;
    `updates` what the updates come to, None where that is not known. `paragraph` tells the whole run in sentences;
    `cost` and `length` what the steps of the model and of the training lead to, in one.
    """

    make_forms: Callable[[], FormGroup]
    lengths: Mapping[str, Message]
    updates: Callable[[RunConfig, DataReport | None], Message | None]
    paragraph: Callable[[RunConfig, DataReport | None, Estimate | None], tuple[Message, ...]]
    cost: Callable[[Estimate], Message]
    length: About
