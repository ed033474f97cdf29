"""Plain results that travel between rooms and threads."""

from __future__ import annotations

from engine.records.attention import (
    UNCHANGED,
    WHOLE_TEXT,
    Ability,
    AttentionMap,
    AttentionRecord,
    Head,
    HeadFacts,
    Pattern,
    Prediction,
    Switches,
)
from engine.records.data import DataReport, Finding, Preview
from engine.records.generation import Sample, Samples, Sweep, SweepPoint
from engine.records.reasons import METHODS, Attribution, Faithfulness, HeadTable, Method, SwitchEffect, Trust
from engine.records.robustness import ATTACK_METHODS, AttackedText, AttackMethod, Robustness
from engine.records.studies import Spread, StudyReport, VariantResult
from engine.records.training import Estimate, Evaluation, Progress

__all__ = [
    "ATTACK_METHODS",
    "METHODS",
    "UNCHANGED",
    "WHOLE_TEXT",
    "Ability",
    "AttackMethod",
    "AttackedText",
    "AttentionMap",
    "AttentionRecord",
    "Attribution",
    "DataReport",
    "Estimate",
    "Evaluation",
    "Faithfulness",
    "Finding",
    "Head",
    "HeadFacts",
    "HeadTable",
    "Method",
    "Pattern",
    "Prediction",
    "Preview",
    "Progress",
    "Robustness",
    "Sample",
    "Samples",
    "Spread",
    "StudyReport",
    "Sweep",
    "SweepPoint",
    "SwitchEffect",
    "Switches",
    "Trust",
    "VariantResult",
]
