"""TARGETS: every kind of truth by its name; a new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.records import Answers, TargetKind
from engine.targets.number import Number
from engine.targets.one_label import OneLabel
from engine.targets.several_labels import SeveralLabels
from engine.targets.target import Target

TARGETS: Mapping[TargetKind, Target] = {one.name: one for one in (OneLabel(), SeveralLabels(), Number())}


def target_of(kind: TargetKind) -> Target:
    """The target of this name."""
    return TARGETS[kind]


def probabilities_of(answers: Answers, temperature: float = 1.0) -> NDArray[np.float64]:
    """[N, L] of all rows; numbers [N, 1] for a numeric target."""
    return target_of(answers.kind).probabilities(answers.logits, answers.loss, temperature)


def positive_of(answers: Answers) -> int | None:
    """The id of the positive one of two labels (without a choice the second one); None for all else."""
    return target_of(answers.kind).positive(answers.labels, answers.positive_label)
