"""What a row's truth is, and all that depends on it: one object a kind of truth, and nobody else asks which it is.

Floor: above `metrics` and `records`, below `config`; numpy alone.
"""

from engine.targets.registry import TARGETS, target_of
from engine.targets.target import Target, WorstAnswer

__all__ = ["TARGETS", "Target", "WorstAnswer", "target_of"]
