"""What a row's truth is, and all that depends on it: one object a kind of truth, and nobody else asks which it is.

Floor: above `metrics` and `records`, below `config`; numpy alone.
"""

from engine.targets.decided import Decided
from engine.targets.registry import TARGETS, positive_of, probabilities_of, target_of
from engine.targets.target import RowDoubts, Target, WorstAnswer
from engine.targets.unknown_labels import WithUnknownLabels, with_unknown_labels

__all__ = [
    "TARGETS",
    "Decided",
    "RowDoubts",
    "Target",
    "WithUnknownLabels",
    "WorstAnswer",
    "positive_of",
    "probabilities_of",
    "target_of",
    "with_unknown_labels",
]
