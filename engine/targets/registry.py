"""TARGETS: every kind of truth by its name; a new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from engine.records import Kind
from engine.targets.number import Number
from engine.targets.one_label import OneLabel
from engine.targets.several_labels import SeveralLabels
from engine.targets.target import Target

TARGETS: Mapping[Kind, Target] = {one.name: one for one in (OneLabel(), SeveralLabels(), Number())}


def target_of(kind: Kind) -> Target:
    """The target of this name."""
    return TARGETS[kind]
