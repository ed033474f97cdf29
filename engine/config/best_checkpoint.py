"""BestCheckpoint: which checkpoint of a run counts as the best, by any metric that its task's validation measures."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ConfigDict
from pydantic_core import PydanticCustomError

from engine.config.choice import Choice, setting
from engine.metrics.registry import METRICS, WORD_METRICS
from engine.targets import TARGETS

OF_WRITERS = (
    "reverse_perplexity",
    "nll_gen",
    "nll_div",
    "copied_share",
    "discriminator_accuracy",
    "discriminator_precision",
)
"""Of texts that are invented. Not those that are best where real text's are: BLEU, and the shares of different words
and texts."""
_OFFERED = tuple(
    dict.fromkeys((*(key for one in TARGETS.values() for key in one.validated), *OF_WRITERS, *WORD_METRICS))
)
ALWAYS_VALID = frozenset(("f1", "precision", "recall", "accuracy", "loss"))
"""Can be chosen whatever the task is: where it measures none of them, they stand for its usual metric."""


def _title(key: str) -> str:
    """As a list of choices has it."""
    long_title = METRICS[key].long_title.id if key == "f1_micro" else METRICS[key].title.id
    return long_title if long_title != long_title.lower() else long_title[:1].upper() + long_title[1:]


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
        help="The checkpoint with the best validation value is kept.",
        words={key: _title(key) for key in _OFFERED},
    )
    recall_floor: float = setting(
        0.5,
        ge=0.0,
        le=1.0,
        title="Least recall",
        help="For precision: a checkpoint counts only with this much recall; precision alone is won by saying little. "
        "For precision at the least recall: the recall at which it is measured.",
    )
    patience: int | None = setting(
        None,
        ge=1,
        le=10_000,
        title="Patience",
        help="Stop after so many evaluations without a better value. Empty: never.",
    )
