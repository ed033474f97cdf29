"""BestCheckpoint: which checkpoint of a run counts as the best, by any metric that its task's validation measures."""

from __future__ import annotations

from typing import Annotated, assert_never

from pydantic import AfterValidator, ConfigDict
from pydantic_core import PydanticCustomError

from engine.config.choice import Choice, setting
from engine.config.task import Task, kind_of
from engine.messages import Message, message
from engine.metrics.registry import METRICS

_OF_TWO_LABELS = ("auc", "average_precision")
_OF_ONE = ("f1", "precision", "recall", "accuracy", "loss", *_OF_TWO_LABELS)
_OF_SEVERAL = ("f1", "precision", "recall", "accuracy", "loss", "f1_micro")
_OF_NUMBERS = ("loss", "mse", "mae", "r2")
_OF_WRITERS = (
    "reverse_perplexity",
    "nll_gen",
    "nll_div",
    "copied_share",
    "discriminator_accuracy",
    "discriminator_precision",
)
"""Not those that are best where real text's are: BLEU, and the shares of different words and texts."""
_OFFERED = tuple(dict.fromkeys((*_OF_ONE, *_OF_SEVERAL, *_OF_NUMBERS, *_OF_WRITERS)))
_ALWAYS_VALID = frozenset(("f1", "precision", "recall", "accuracy", "loss"))
"""Can be chosen whatever the task is: where it measures none of them, they stand for its usual metric."""


def _title(key: str) -> str:
    """As a list of choices has it."""
    long_title = METRICS[key].long_title.id if key == "f1_micro" else METRICS[key].title.id
    return long_title[:1].upper() + long_title[1:]


def _registered(key: str) -> str:
    if key not in _OFFERED:
        raise PydanticCustomError("metric", "Choose one of: {known}", {"known": ", ".join(_OFFERED)})
    return key


class BestCheckpoint(Choice):
    """Which checkpoint counts as the best, and when waiting for a better one ends."""

    model_config = ConfigDict(title="Best checkpoint")
    metric: Annotated[str, AfterValidator(_registered)] = setting(
        "f1",
        title="Measure",
        help="The checkpoint with the best validation value is kept. With more than two labels: the mean over labels.",
        words={key: _title(key) for key in _OFFERED},
    )
    recall_floor: float = setting(
        0.5,
        ge=0.0,
        le=1.0,
        title="Least recall",
        help="For precision: a checkpoint counts only with this much recall; precision alone is won by saying little.",
    )
    patience: int | None = setting(
        None,
        ge=1,
        le=10_000,
        title="Patience",
        help="Stop after so many evaluations without a better value. Empty: never.",
    )


def validated(task: Task, num_labels: int | None = None) -> tuple[str, ...]:
    """The keys of the metrics that a validation of the task measures and that can choose its best checkpoint, the usual
    one first. `num_labels` where it is known: only two labels have a curve to measure the area under."""
    if not task.has_labels:
        return _OF_WRITERS
    match kind_of(task):
        case "one":
            return tuple(key for key in _OF_ONE if key not in _OF_TWO_LABELS or num_labels in (None, 2))
        case "several":
            return _OF_SEVERAL
        case "number":
            return _OF_NUMBERS
        case never:
            assert_never(never)


def judged_by(task: Task, best: BestCheckpoint) -> str:
    """The key of the metric that chooses the best checkpoint of a run that `unmeasured` has nothing against."""
    offered = validated(task)
    return best.metric if best.metric in offered else offered[0]


def unmeasured(task: Task, best: BestCheckpoint, num_labels: int | None = None) -> Message | None:
    """What to choose where the task does not measure the chosen metric; None where it does."""
    offered = validated(task, num_labels)
    if best.metric in offered or best.metric in _ALWAYS_VALID:
        return None
    title = METRICS[best.metric].title
    if best.metric in _OF_TWO_LABELS and best.metric in validated(task):
        return message(
            "“{metric}” is measured of two labels alone: choose one of {known} (training.best.metric).",
            metric=title,
            known=list(offered),
        )
    return message(
        "“{metric}” is not measured when this goal is validated: choose one of {known} (training.best.metric).",
        metric=title,
        known=list(offered),
    )
