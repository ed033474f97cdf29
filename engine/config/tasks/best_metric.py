"""Which metrics can choose the best checkpoint of a task, and which one does."""

from __future__ import annotations

from engine.config.best_checkpoint import ALWAYS_VALID, BestCheckpoint
from engine.config.tasks.task_type import TaskSpec
from engine.messages import Message, message
from engine.metrics.registry import METRICS

_OF_TWO_LABELS = frozenset(("auc", "average_precision", "precision_at_recall"))
"""Only two labels have a curve to measure the area under."""


def validated(task: TaskSpec, num_labels: int | None = None) -> tuple[str, ...]:
    """The keys of the metrics that a validation of the task measures and that can choose its best checkpoint, the usual
    one first. `num_labels` where it is known."""
    return tuple(key for key in task.validated if key not in _OF_TWO_LABELS or num_labels in (None, 2))


def judged_by(task: TaskSpec, best: BestCheckpoint) -> str:
    """The key of the metric that chooses the best checkpoint of a run that `unmeasured` has nothing against."""
    offered = validated(task)
    return best.metric if best.metric in offered else offered[0]


def unmeasured(task: TaskSpec, best: BestCheckpoint, num_labels: int | None = None) -> Message | None:
    """What to choose where the task does not measure the chosen metric; None where it does."""
    offered = validated(task, num_labels)
    if best.metric in offered or best.metric in ALWAYS_VALID:
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
